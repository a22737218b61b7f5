import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KEEP_EACH_MS, Waits } from './waits';
import type { VaultRecord, Wait } from './vaults';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** What is stored, for all tabs and through all starts. */
let stored: Pick<VaultRecord, 'id' | 'wait'>;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
	stored = { id: 'v1', wait: { id: 'first', leftMs: 60_000 } };
});
afterEach(() => {
	vi.useRealTimers();
});

const change: ConstructorParameters<typeof Waits>[0] = async (_, work) => {
	const changed = work(stored as VaultRecord);
	if (changed) stored = changed;
	return changed;
};

/** A page that has just been opened; how long it says that one must wait. */
function page(): () => number {
	let untilMs = 0;
	const waits = new Waits(change, () => (untilMs = waits.meet(stored)));
	untilMs = waits.meet(stored);
	return () => Math.max(0, untilMs - performance.now());
}

async function pass(milliseconds: number): Promise<void> {
	await vi.advanceTimersByTimeAsync(milliseconds);
}

function wait(id: string, leftMs: number): Wait {
	return { id, leftMs };
}

test('a wait runs while Kith is open, and then it is over', async () => {
	const left = page();
	await pass(20_000);
	expect([left(), stored.wait?.leftMs]).toEqual([40_000, 40_000]);
	await pass(39_000);
	expect(left()).toBe(1_000);
	await pass(1_000);
	expect([left(), stored.wait]).toEqual([0, null]);
});

test('a clock that is set forward, even by a year, shortens nothing', async () => {
	const left = page();
	await pass(10_000);
	vi.setSystemTime(Date.now() + YEAR_MS);
	await pass(10_000);
	expect([left(), stored.wait?.leftMs]).toEqual([40_000, 40_000]);
	expect(page()()).toBe(40_000);
});

test('a clock that is set back lengthens nothing', async () => {
	const left = page();
	await pass(10_000);
	vi.setSystemTime(0);
	await pass(10_000);
	expect([left(), page()()]).toEqual([40_000, 40_000]);
	await pass(40_000);
	expect([left(), stored.wait]).toEqual([0, null]);
});

test('starting anew goes on where it was, and repeats no more than what was not kept', async () => {
	page();
	for (let starts = 1; starts <= 5; starts += 1) {
		await pass(KEEP_EACH_MS);
		expect(page()()).toBe(60_000 - starts * KEEP_EACH_MS);
	}
	// What a page did not keep before it ended counts for nothing, whatever the clock says meanwhile.
	stored = { id: 'v1', wait: wait('other', 60_000) };
	vi.clearAllTimers();
	vi.setSystemTime(Date.now() + HOUR_MS);
	expect(page()()).toBe(60_000);
});

test('two tabs are no faster than one, nor are twelve', async () => {
	const first = page();
	await pass(12_000);
	// It meets what was kept last, two seconds before.
	const second = page();
	await pass(8_000);
	expect([first(), second(), stored.wait?.leftMs]).toEqual([40_000, 42_000, 40_000]);
	for (let tabs = 0; tabs < 10; tabs += 1) page();
	await pass(20_000);
	expect([first(), second(), stored.wait?.leftMs]).toEqual([20_000, 22_000, 20_000]);
	await pass(20_000);
	expect([first(), stored.wait]).toEqual([0, null]);
	await pass(KEEP_EACH_MS);
	expect(second()).toBe(0);
});

test('a tab that waited long takes nothing off the wait after the next wrong PIN', async () => {
	const waits = new Waits(change, () => {});
	waits.meet(stored);
	await pass(HOUR_MS);
	stored = { id: 'v1', wait: wait('second', 300_000) };
	await waits.keep('v1');
	expect(stored.wait).toEqual(wait('second', 300_000));
	expect(waits.meet(stored) - performance.now()).toBe(300_000);
});

test('what has passed is kept the moment that a PIN is tried', async () => {
	const waits = new Waits(change, () => {});
	waits.meet(stored);
	vi.advanceTimersByTime(3_000);
	await waits.keep('v1');
	expect(stored.wait?.leftMs).toBe(57_000);
	vi.advanceTimersByTime(57_000);
	await waits.keep('v1');
	expect(stored.wait).toBeNull();
	expect(waits.meet(stored)).toBe(0);
});

test('a store that keeps nothing ends no wait, and is asked now and then', async () => {
	const full = vi.fn(async () => Promise.reject(new DOMException('full', 'QuotaExceededError')));
	const waits: Waits = new Waits(full, () => waits.meet(stored));
	waits.meet(stored);
	await pass(70_000);
	expect(stored.wait?.leftMs).toBe(60_000);
	expect(full.mock.calls.length).toBeLessThan(60);
});
