/**
 * Exactly once. A command whose reply was lost with an engine is asked again of the next one. Most commands do no
 * harm twice. Those that add something, and those that would be refused the second time because they are done, are
 * remembered by id in the same transaction that does it; asked again, they are answered from what is there.
 */
import type { Command, Commitments, Story, Strategy } from '../bridge/contract';
import { EDITS_ONCE, ONCE, type Once } from '../bridge/contract/commands';
import type { AnyReply, AskId } from '../bridge/protocol';

/** Asks the engine on the shell's own account. */
export type AskEngine = (command: Command) => Promise<AnyReply>;

/** What is remembered by id once it was done. */
type Remembered = Exclude<Once, 'named'>;

/** The newest messages among which an own one is looked for. */
const LOOK_AT_MESSAGES = 200;

/**
 * A command as the engine is asked: with the ask's name, where it makes a secret that nobody but its reply has. The engine
 * makes it of the name, so that the same ask gives the same again; the name is kept nowhere.
 */
export function named(command: Command, id: AskId | null): Command & { once?: AskId } {
	return id !== null && ONCE[command.cmd] === 'named' ? { ...command, once: id } : command;
}

/** Whether doing a command twice would add twice, or be refused where it was done. */
export function addsSomething(command: Command): boolean {
	return onceOf(command) !== null;
}

/** How the command is answered when it was done already; null: it is done again. */
function onceOf(command: Command): Remembered | null {
	if (command.cmd === 'editNote') return EDITS_ONCE.has(command.edit.edit) ? 'note' : null;
	const how = ONCE[command.cmd];
	return how === undefined || how === 'named' ? null : how;
}

/** The reply to a command that was done by an earlier engine; null when it can't be found any more. */
export async function replyOfDone(command: Command, ask: AskEngine): Promise<AnyReply | null> {
	const how = onceOf(command);
	return how === null ? null : ANSWERS[how](command, ask);
}

/** A title as lists show it: without signs that turn the words around it, as the core's `shown_name` has it. */
function shownTitle(written: string): string {
	return written.replace(/[\u202a-\u202e\u2066-\u2069]/g, '').trim();
}

const ANSWERS: Readonly<Record<Remembered, (command: Command, ask: AskEngine) => Promise<AnyReply | null>>> =
	{
		async message(command, ask) {
			if (command.cmd !== 'send') return null;
			const { circle, thread } = command;
			const reply = await ask({ cmd: 'openThread', circle, thread, limit: LOOK_AT_MESSAGES });
			if (!reply.ok || !reply.value || !('messages' in reply.value)) return reply.ok ? null : reply;
			const mine = reply.value.messages.filter((message) => message.mine).reverse();
			const value = mine.find(({ text }) => text.trim() === command.text.trim()) ?? mine[0];
			return value ? { ok: true, value } : null;
		},
		async thread(command, ask) {
			if (command.cmd !== 'createThread') return null;
			const reply = await ask({ cmd: 'threads', circle: command.circle });
			if (!reply.ok || !Array.isArray(reply.value)) return reply.ok ? null : reply;
			const title = shownTitle(command.title);
			const value = reply.value.find(
				(one) => 'thread' in one && 'title' in one && one.title.trim() === title,
			);
			return value ? ({ ok: true, value } as AnyReply) : null;
		},
		async strategy(command, ask) {
			if (command.cmd !== 'addStrategy') return null;
			const reply = await ask({ cmd: 'toolkit', circle: command.circle });
			if (!reply.ok || !Array.isArray(reply.value)) return reply.ok ? null : reply;
			const mine = (reply.value as Strategy[]).filter((one) => one.mine).reverse();
			const [title, text] = [shownTitle(command.title), command.text.trim()];
			const value = mine.find((one) => one.title === title && one.text === text) ?? mine[0];
			return value ? { ok: true, value } : null;
		},
		async story(command, ask) {
			if (command.cmd !== 'addStory') return null;
			const reply = await ask({ cmd: 'stories', circle: command.circle });
			if (!reply.ok || !Array.isArray(reply.value)) return reply.ok ? null : reply;
			const mine = (reply.value as Story[]).filter((one) => one.mine && one.told?.kind === command.told.kind);
			const value = mine.find(({ told }) => told?.text === command.told.text.trim()) ?? mine[0];
			return value ? { ok: true, value } : null;
		},
		async planLine(command, ask) {
			if (command.cmd !== 'addPlanLine') return null;
			const { circle, part, replaces } = command;
			const reply = await ask({ cmd: 'plan', circle });
			const found = reply.ok ? reply.value : null;
			// A circle has `lines`, too.
			if (!found || !('lines' in found) || 'members' in found) return reply.ok ? null : reply;
			const there = found.lines.filter((one) => one.part === part && one.replaces === replaces).reverse();
			const value = there.find((one) => one.text === command.text.trim()) ?? there[0];
			return value ? { ok: true, value } : null;
		},
		async entry(command, ask) {
			if (command.cmd !== 'addEntry') return null;
			const reply = await ask({ cmd: 'journal', circle: command.circle, months: 1 });
			const found = reply.ok ? reply.value : null;
			// A list has `entries`, too.
			if (!found || Array.isArray(found) || !('entries' in found)) return reply.ok ? null : reply;
			const same = found.entries.filter((one) => one.entry?.kind === command.entry.kind);
			const newest = same.sort((a, b) => b.madeMs - a.madeMs);
			const value = newest.find(({ day }) => day === command.day) ?? newest[0];
			return value ? { ok: true, value } : null;
		},
		async commitment(command, ask) {
			if (command.cmd !== 'addCommitment') return null;
			const reply = await ask({ cmd: 'commitments', circle: command.circle });
			if (!reply.ok || !reply.value || !('commitments' in reply.value)) return reply.ok ? null : reply;
			// A note has `commitments`, too.
			const { commitments } = reply.value as Commitments;
			const mine = commitments.filter((one) => one.mine && one.with === command.with);
			const value = mine.find(({ words }) => words === command.words.trim()) ?? mine[0];
			return value ? { ok: true, value } : null;
		},
		async attempt(command, ask) {
			if (command.cmd !== 'addAttempt') return null;
			const reply = await ask({ cmd: 'commitments', circle: command.circle });
			if (!reply.ok || !reply.value || !('attempts' in reply.value)) return reply.ok ? null : reply;
			const mine = reply.value.attempts.filter(({ said, commitment }) => {
				return said.mine && commitment === command.key;
			});
			const newest = mine.sort((a, b) => b.said.madeMs - a.said.madeMs);
			const value =
				newest.find(({ day, outcome }) => day === command.day && outcome === command.outcome) ?? newest[0];
			return value ? { ok: true, value } : null;
		},
		async note(command, ask) {
			if (!('document' in command) || command.document === null) return null;
			const reply = await ask({ cmd: 'openNote', document: command.document });
			if (!reply.ok || !reply.value || !('version' in reply.value)) return reply.ok ? null : reply;
			return { ok: true, value: { version: reply.value.version } };
		},
		/** What it was about is in the circle's page, all of which is the reply. */
		async circle(command, ask) {
			return 'circle' in command ? ask({ cmd: 'circle', circle: command.circle }) : null;
		},
		/** A second time it would be refused, or undo what was said in between. How its person stands is the whole reply. */
		async people(command, ask) {
			return 'circle' in command ? ask({ cmd: 'people', circle: command.circle }) : null;
		},
	};
