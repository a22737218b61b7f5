import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { today } from './dates';
import { now } from './now.svelte';

const DAY_MS = 86_400_000;
const NOON = new Date(2026, 10, 28, 12).getTime();

beforeEach(() => void vi.useFakeTimers({ now: NOON, toFake: ['Date'] }));
afterEach(() => {
	now.correct(0);
	vi.useRealTimers();
});

test('p28: today is by the corrected time, however far off the clock is', () => {
	const right = today();
	for (const off of [-20_000 * DAY_MS, -DAY_MS, 0, 2 * 365 * DAY_MS]) {
		vi.setSystemTime(NOON + off);
		now.correct(-off);
		expect(now.ms).toBe(NOON);
		expect(today()).toBe(right);
	}
});

test('p28: after midnight it is another day', () => {
	const before = today();
	vi.setSystemTime(NOON + DAY_MS / 2 + 1);
	expect(today()).toBe(before + 1);
});
