/** A conversation as it is read: by day, with what stays closed in one line for all that follow each other. */
import type { MessageKey } from '$bridge';
import { dayOf } from '../words/dates';
import type { Shown } from './thread.svelte';

/** Several messages that say no more than that they are closed: one line stands for them. */
export interface Closed {
	key: MessageKey;
	/** `before`: written before this phone came in; `waiting`: their key has not come yet. */
	body: 'before' | 'waiting';
	count: number;
	fromMs: number;
	toMs: number;
}
/** What stands in one line of a conversation. */
export type Line = { message: Shown; closed: null } | { message: null; closed: Closed };
/** The lines of one day. */
export interface Day {
	day: number;
	lines: Line[];
}

/** Messages, oldest first, by day. Closed ones that follow each other are in the day of the last of them. */
export function byDay(messages: readonly Shown[]): Day[] {
	const days: Day[] = [];
	for (const line of linesOf(messages)) {
		const day = dayOf(line.closed ? line.closed.toMs : line.message.sentMs);
		const last = days[days.length - 1];
		if (last?.day === day) last.lines.push(line);
		else days.push({ day, lines: [line] });
	}
	return days;
}

function linesOf(messages: readonly Shown[]): Line[] {
	const lines: Line[] = [];
	for (const message of messages) {
		const { body, key, sentMs } = message;
		const open = lines.at(-1)?.closed;
		if (body !== 'before' && body !== 'waiting') lines.push({ message, closed: null });
		else if (open?.body === body) Object.assign(open, { count: open.count + 1, toMs: sentMs });
		else lines.push({ message: null, closed: { key, body, count: 1, fromMs: sentMs, toMs: sentMs } });
	}
	return lines;
}
