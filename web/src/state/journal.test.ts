import { expect, test } from 'vitest';
import type { OwnEntry } from '$bridge';
import { instrumentOf, INSTRUMENTS, isOffered } from '../instruments';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { today } from '../words/dates';
import { answersTo, byDay, filledIn, OwnJournal, saidBy, totalsOf } from './journal.svelte';

const checkIn = (mood: number | null): OwnEntry => ({
	kind: 'checkIn',
	mood,
	craving: null,
	sleep: null,
	energy: null,
	note: '',
});
const filled = (instrument: string, version: number, ...answers: (number | null)[]): OwnEntry => ({
	kind: 'filled',
	instrument,
	version,
	answers,
});

async function opened(): Promise<[OwnJournal, FakeBridge]> {
	const bridge = new FakeBridge();
	const journal = new OwnJournal(bridge, CIRCLE);
	await journal.all.load();
	return [journal, bridge];
}

test('an entry that is written is there at once, and one in its place stands instead of it', async () => {
	const [journal] = await opened();
	const stop = journal.start();
	const first = await journal.add(today(), checkIn(1));
	expect(first?.entry).toEqual(checkIn(1));
	await journal.add(today(), checkIn(3), first?.key);
	await journal.all.load();
	expect(journal.all.value?.entries.map(({ entry }) => entry)).toEqual([checkIn(3)]);
	stop();
});

test('an entry that is refused says why, and a second tap writes nothing twice', async () => {
	const [journal] = await opened();
	expect(await journal.add(today(), checkIn(null))).toBeNull();
	expect(journal.problem?.code).toBe('empty');
	expect(await journal.add(today() + 2, checkIn(1))).toBeNull();
	expect(journal.problem?.why).toBe('day-to-come');
	const both = await Promise.all([journal.add(today(), checkIn(1)), journal.add(today(), checkIn(1))]);
	expect(both.filter(Boolean)).toHaveLength(1);
	expect(journal.problem).toBeNull();
});

test('what was answered and what questionnaires came to are drawn, and nothing that is not of them', async () => {
	const [journal, bridge] = await opened();
	const phq4 = await instrumentOf('phq-4');
	bridge.journal.has(100, checkIn(2));
	bridge.journal.has(101, checkIn(null));
	bridge.journal.has(102, { kind: 'text', text: 'A day' });
	bridge.journal.has(103, filled('phq-4', 1, 1, 2, 3, 0));
	bridge.journal.has(104, filled('phq-4', 1, 1, null, 3, 0));
	bridge.journal.has(105, filled('phq-4', 2, 3, 3, 3, 3));
	bridge.journal.has(106, filled('phq-4', 1, 9, 9));
	bridge.journal.has(107, filled('own-pack', 1, 1));
	await journal.all.load();
	const entries = [
		...(journal.all.value?.entries ?? []),
		{ ...bridge.journal.has(108, checkIn(4)), entry: null },
	];
	expect(answersTo(entries, 'mood').reverse()).toEqual([
		{ day: 100, value: 2 },
		{ day: 101, value: null },
	]);
	expect(totalsOf(entries, phq4).reverse()).toEqual([
		{ day: 103, value: 6 },
		{ day: 104, value: null },
		{ day: 106, value: null },
	]);
	expect(filledIn(entries)).toEqual(['own-pack', 'phq-4']);
});

test('a questionnaire is offered as the circle says of itself, and none of those that need it before it said so', async () => {
	const all = await Promise.all(INSTRUMENTS.map(instrumentOf));
	const offered = (circle: Parameters<typeof saidBy>[0]): string[] =>
		all.filter((one) => isOffered(one, saidBy(circle))).map(({ id }) => id);
	const nobody = { followUp: null, aboutAlcohol: false };
	const free = ['phq-4', 'phq-8', 'gad-7', 'barc-10'];
	expect(offered(null)).toEqual(free);
	expect(offered(nobody)).toEqual(free);
	expect(offered({ ...nobody, aboutAlcohol: true })).toEqual([...free, 'pacs']);
	expect(offered({ ...nobody, followUp: { who: 'Ruth', by: 'the next day' } })).toEqual([...free, 'phq-9']);
});

test('entries stand by day, and one that is taken back is gone', async () => {
	const [journal, bridge] = await opened();
	for (const [day, mood] of [
		[100, 1],
		[101, 2],
		[100, 3],
	] as const)
		bridge.journal.has(day, checkIn(mood));
	await journal.all.load();
	const days = byDay(journal.all.value?.entries ?? []);
	expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
		[101, 1],
		[100, 2],
	]);
	const key = days[0]?.entries[0]?.key ?? '';
	const both = await Promise.all([journal.remove(key), journal.remove(key)]);
	expect([both, byDay(journal.all.value?.entries ?? []).length]).toEqual([[true, false], 1]);
	expect(await journal.remove(key)).toBe(false);
	expect(journal.problem?.code).toBe('unknown-document');
});
