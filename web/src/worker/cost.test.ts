import { expect, test, vi } from 'vitest';
import type { VaultRecord } from '../bridge/vaults';
import { counted, passesFor, waitAfter } from './cost';

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

test('a try counts before it is made, and while there is a wait none is made, whatever the clock says', () => {
	vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
	let record: Pick<VaultRecord, 'tries' | 'wait'> = { tries: 0, wait: null };
	for (let wrong = 1; wrong <= 5; wrong += 1) record = counted(record) ?? record;
	expect([record.tries, record.wait?.leftMs]).toEqual([5, 5_000]);
	for (const now of [0, 1_000_000, 9_000_000_000_000]) {
		vi.setSystemTime(now);
		expect(counted(record)).toBeNull();
	}
	vi.useRealTimers();
	const next = counted<typeof record>({ ...record, wait: null });
	expect([next?.tries, next?.wait?.leftMs]).toEqual([6, 15_000]);
	expect(next?.wait?.id).not.toBe(record.wait?.id);
});
