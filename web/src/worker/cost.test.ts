import { expect, test } from 'vitest';
import { passesFor, waitAfter, waitOf } from './cost';

test('a fast phone does more passes, a slow one never fewer than the floor', () => {
	expect(passesFor(60)).toBe(10);
	expect(passesFor(1)).toBe(10);
	expect(passesFor(150)).toBe(4);
	expect(passesFor(2_000)).toBe(2);
});

test('the first wrong PINs are free, then each waits longer, an hour at most', () => {
	const waits = Array.from({ length: 14 }, (_, tries) => waitAfter(tries));
	expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
	expect(waits.slice(5, 12)).toEqual([5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000]);
	expect(waits.at(-1)).toBe(3_600_000);
});

test('a clock that was set back does not make the wait longer than it was', () => {
	const record = { tries: 5, waitUntilMs: 1_000_000 };
	expect(waitOf(record, 999_000)).toBe(1_000);
	expect(waitOf(record, 0)).toBe(5_000);
	expect(waitOf(record, 2_000_000)).toBe(0);
});
