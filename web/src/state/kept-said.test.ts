import { expect, test } from 'vitest';
import type { Attempt, Commitments, KeptBy, KeptCommitment } from '$bridge';
import {
	attemptsByDay,
	fromNote,
	isToDo,
	noteOf,
	readSeen,
	seenOf,
	standOf,
	waitingOf,
	waitsOn,
	weekday,
} from './kept-said';

/** A Monday. */
const MONDAY = 20_786 - ((20_786 + 3) % 7);

const by = (mine: boolean, key = 'k'): KeptBy => ({ key, mine, name: 'Baraka', madeMs: 1, safety: 'safe' });
const taken = (more: Partial<KeptCommitment> = {}): KeptCommitment => ({
	key: 'c1',
	with: null,
	withName: '',
	mine: true,
	since: MONDAY - 30,
	days: 0,
	due: null,
	from: '',
	words: 'Walk',
	madeMs: 1,
	answer: null,
	ends: [],
	closed: false,
	safety: 'safe',
	...more,
});
const tried = (day: number, mine = true, commitment = 'c1'): Attempt => ({
	commitment,
	with: null,
	day,
	outcome: 'notThisTime',
	note: '',
	said: by(mine),
});

test('a day that was chosen waits until something was noted of it, whatever that is', () => {
	expect([0, 6].map((more) => weekday(MONDAY + more))).toEqual([0, 6]);
	const mondays = taken({ days: 1 });
	expect(waitsOn(mondays, [], MONDAY)).toBe(true);
	expect(waitsOn(mondays, [], MONDAY + 1)).toBe(false);
	expect(waitsOn(mondays, [tried(MONDAY)], MONDAY)).toBe(false);
	expect(waitsOn(mondays, [tried(MONDAY - 7), tried(MONDAY, false), tried(MONDAY, true, 'c2')], MONDAY)).toBe(
		true,
	);
	expect(waitsOn(taken({ days: 64 }), [], MONDAY + 6)).toBe(true);
	expect(waitsOn(taken({ days: 1, since: MONDAY + 7 }), [], MONDAY)).toBe(false);
	expect(waitsOn(taken(), [], MONDAY)).toBe(false);
});

test('one day waits from then on, for a week, and not after it was tried', () => {
	const once = taken({ due: MONDAY });
	expect([-1, 0, 6, 7].map((more) => waitsOn(once, [], MONDAY + more))).toEqual([false, true, true, false]);
	expect(waitsOn(once, [tried(MONDAY - 1)], MONDAY)).toBe(true);
	expect(waitsOn(once, [tried(MONDAY + 2)], MONDAY + 3)).toBe(false);
});

test('what ended, was declined or can’t be written in waits for nobody', () => {
	const daily = { days: 127, with: 'm1' } as const;
	const asked = taken({ ...daily, mine: false });
	expect(isToDo(asked)).toBe(false);
	const said = (accepted: boolean) => ({ accepted, said: by(true) });
	expect(isToDo({ ...asked, answer: said(true) })).toBe(true);
	expect(isToDo({ ...asked, answer: said(false) })).toBe(false);
	expect(isToDo(taken({ ...daily, answer: { accepted: false, said: by(false) } }))).toBe(true);
	expect(isToDo(taken({ ends: [by(false)] }))).toBe(false);
	expect(isToDo(taken({ closed: true }))).toBe(false);
});

test('how one stands to it follows from who took it on and what the other said', () => {
	expect(standOf(taken())).toBe('alone');
	expect(standOf(taken({ with: 'm1' }))).toBe('asked');
	expect(standOf(taken({ with: 'm1', mine: false }))).toBe('asks');
	expect(standOf(taken({ with: 'm1', answer: { accepted: true, said: by(false) } }))).toBe('both');
	expect(standOf(taken({ with: 'm1', answer: { accepted: false, said: by(false) } }))).toBe('declined');
});

test('what partners noted is news until it was looked at, and one’s own is not', () => {
	const shared = taken({ with: 'm1', answer: { accepted: true, said: by(false) } });
	const all: Commitments = {
		commitments: [shared],
		attempts: [tried(MONDAY, false), tried(MONDAY)],
		lacking: 0,
	};
	expect(seenOf(all)).toEqual({ c1: 2 });
	expect(waitingOf(all, MONDAY, {}).news).toEqual([shared]);
	expect(waitingOf(all, MONDAY, { c1: 1 }).news).toEqual([shared]);
	expect(waitingOf(all, MONDAY, seenOf(all)).news).toEqual([]);
	const closed = { ...all, commitments: [{ ...shared, closed: true }] };
	expect(waitingOf(closed, MONDAY, {})).toEqual({ asks: [], today: [], news: [] });
});

test('what was kept of it and can’t be read is nothing', () => {
	for (const kept of ['', '[', 'null', '7', '{"c1":"x"}']) expect(readSeen(kept)).toEqual({});
	expect(readSeen('{"c1":2}')).toEqual({ c1: 2 });
});

test('an address names what of a session it is, or nothing', () => {
	expect(noteOf(fromNote('ab', '01'))).toEqual({ document: 'ab', item: '01' });
	for (const other of ['', 'new', 'from.', 'from.ab', 'from.ab.', 'from.ab.01.x', 'of.ab.01', 'QkJC']) {
		expect(noteOf(other)).toBeNull();
	}
});

test('attempts stand by day, as they come', () => {
	const days = attemptsByDay([tried(MONDAY), tried(MONDAY, false), tried(MONDAY - 1)]);
	expect(days.map(({ day, attempts }) => [day, attempts.length])).toEqual([
		[MONDAY, 2],
		[MONDAY - 1, 1],
	]);
});
