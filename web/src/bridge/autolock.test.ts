import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AutoLock } from './autolock';

const MINUTE_MS = 60_000;
let page: EventTarget;
let style: { display: string };

beforeEach(() => {
	vi.useFakeTimers();
	page = new EventTarget();
	style = { display: '' };
	const document = Object.assign(new EventTarget(), { documentElement: { style } });
	vi.stubGlobal('document', document);
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const touch = (): boolean => page.dispatchEvent(new Event('pointerdown'));

test('it locks when nobody touched it for so long, here or in another tab', () => {
	const lock = vi.fn();
	const auto = new AutoLock(lock, () => {});
	auto.set(5);
	vi.advanceTimersByTime(4 * MINUTE_MS);
	touch();
	vi.advanceTimersByTime(4 * MINUTE_MS);
	auto.touchedElsewhere();
	vi.advanceTimersByTime(4 * MINUTE_MS);
	expect(lock).not.toHaveBeenCalled();
	vi.advanceTimersByTime(2 * MINUTE_MS);
	expect(lock).toHaveBeenCalled();
	expect(style.display).toBe('none');
});

test('the touch that wakes a phone which slept too long locks it instead of keeping it open', () => {
	const lock = vi.fn();
	const auto = new AutoLock(lock, () => {});
	auto.set(1);
	// Asleep: the clock goes on, timers do not.
	vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
	touch();
	expect(lock).toHaveBeenCalledOnce();
});

test('setting the clock back keeps nothing open', () => {
	const lock = vi.fn();
	new AutoLock(lock, () => {}).set(5);
	vi.advanceTimersByTime(MINUTE_MS);
	vi.setSystemTime(0);
	vi.advanceTimersByTime(3 * MINUTE_MS);
	expect(lock).not.toHaveBeenCalled();
	vi.advanceTimersByTime(2 * MINUTE_MS);
	expect(lock).toHaveBeenCalled();
});

test('other tabs hear of a touch now and then, and "never" is never', () => {
	const [lock, tell] = [vi.fn(), vi.fn()];
	const auto = new AutoLock(lock, tell);
	auto.set(1);
	for (let times = 0; times < 5; times += 1) touch();
	expect(tell).toHaveBeenCalledOnce();
	auto.set(null);
	vi.advanceTimersByTime(60 * MINUTE_MS);
	expect(lock).not.toHaveBeenCalled();
});
