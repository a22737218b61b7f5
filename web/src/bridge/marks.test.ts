import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetMarks, isRemembered, markFounded } from './marks';

beforeEach(() => {
	const kept = new Map<string, string>();
	vi.stubGlobal('localStorage', {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key),
	});
});
afterEach(() => vi.unstubAllGlobals());

test('a circle that was on the screen is remembered until it is forgotten', () => {
	expect(isRemembered()).toBe(false);
	localStorage.setItem('kith.circle', 'c');
	expect(isRemembered()).toBe(true);
	forgetMarks();
	expect(isRemembered()).toBe(false);
});

test('that a vault held keys is remembered until it is forgotten', () => {
	markFounded();
	expect(isRemembered()).toBe(true);
	forgetMarks();
	expect(isRemembered()).toBe(false);
});

test('where there is no such storage, as in a worker, nothing is remembered and nothing throws', () => {
	vi.stubGlobal('localStorage', undefined);
	markFounded();
	forgetMarks();
	expect(isRemembered()).toBe(false);
});
