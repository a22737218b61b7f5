import type { NoteSummary } from '$bridge';
import { expect, test } from 'vitest';
import { weekStart } from '../words/dates';
import { byMonth, shownSessions } from './home.svelte';
import { Resource } from './resource.svelte';

const note = (day: number, ordinal = 0): NoteSummary => ({
	document: `${day}.${ordinal}`,
	day,
	ordinal,
	title: '',
	excerpt: '',
	present: 0,
	safety: 'safe',
	changed: false,
});
/** Wednesday, 1 January 2020. */
const DAY = 18_262;

test('a week begins on Monday', () => {
	expect(weekStart(DAY)).toBe(DAY - 2);
	expect(weekStart(DAY - 2)).toBe(DAY - 2);
	expect(weekStart(DAY + 4)).toBe(DAY - 2);
	expect(weekStart(DAY + 5)).toBe(DAY + 5);
});

test('this week’s sessions show, or the last one before', () => {
	const now = shownSessions([note(DAY - 9), note(DAY), note(DAY, 1)], DAY);
	expect(now.week.map(({ document }) => document)).toEqual([`${DAY}.1`, `${DAY}.0`]);
	expect(now.today?.ordinal).toBe(0);
	expect(shownSessions([note(DAY - 9), note(DAY - 20)], DAY).last?.day).toBe(DAY - 9);
});

test('sessions are grouped by month, the newest first', () => {
	const months = byMonth([note(DAY - 1), note(DAY), note(DAY + 30), note(DAY + 31)]);
	expect(months.map(({ key, notes }) => [key, notes.length])).toEqual([
		['2020-02', 1],
		['2020-01', 2],
		['2019-12', 1],
	]);
});

test('a failed reload keeps the last good value', async () => {
	const answers = [
		{ ok: true as const, value: 1 },
		{ ok: false as const, problem: { code: 'storage-failed' as const, retry: true } },
	];
	const resource = new Resource<number>(() => Promise.resolve(answers.shift() ?? { ok: true, value: 2 }));
	await resource.load();
	await resource.load();
	expect([resource.value, resource.problem?.code]).toEqual([1, 'storage-failed']);
	await resource.load();
	expect([resource.value, resource.problem]).toEqual([2, null]);
});

test('whoever waits for a list while it is being fetched waits for one asked after that', async () => {
	const asked: ((value: number) => void)[] = [];
	const resource = new Resource<number>(
		() => new Promise((resolve) => asked.push((value) => resolve({ ok: true, value }))),
	);
	const first = resource.load();
	const later = resource.load().then(() => resource.value);
	asked.shift()?.(1);
	while (asked.length === 0) await Promise.resolve();
	expect(resource.value).toBe(1);
	asked.shift()?.(2);
	expect(await later).toBe(2);
	await first;
});
