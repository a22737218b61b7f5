import { expect, test } from 'vitest';
import { sampleMessages } from '../testing/sample';
import { random } from '../testing/random';
import { byDay } from './lines';
import type { Shown } from './thread.svelte';

const HOUR_MS = 3_600_000;
const said = (bodies: readonly Shown['body'][]): Shown[] =>
	sampleMessages(bodies.length).map((one, at) => ({
		...one,
		body: bodies[at] ?? 'here',
		sentMs: at * 5 * HOUR_MS,
		saving: false,
	}));

test('p18 one line stands for all closed messages that follow each other', () => {
	const days = byDay(said(['before', 'before', 'before', 'here', 'before', 'waiting', 'waiting', 'waiting']));
	const lines = days.flatMap((day) => day.lines).map(({ message, closed }) => closed?.count ?? message?.body);
	expect(lines).toEqual([3, 'here', 1, 3]);
});

test('every message is in exactly one line, in order, whatever is closed', () => {
	for (let seed = 0; seed < 200; seed++) {
		const next = random(seed);
		const all = ['here', 'before', 'before', 'waiting', 'gone', 'missing'] as const;
		const bodies = Array.from({ length: next.below(40) }, () => next.pick(all));
		const messages = said(bodies);
		const lines = byDay(messages).flatMap((day) => day.lines);
		const standsFor = lines.flatMap(({ message, closed }) =>
			closed ? Array.from({ length: closed.count }, () => closed.body) : [message.body],
		);
		expect(standsFor).toEqual(bodies);
		for (const [at, line] of lines.entries()) {
			const before = lines[at - 1]?.closed;
			if (before && line.closed) expect(before.body).not.toBe(line.closed.body);
		}
	}
});
