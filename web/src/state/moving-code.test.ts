import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BYTES_MAX, readFrame } from '../codes/moving/frame';
import { MovingCode, movingTrouble } from './moving-code.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Until the first picture is there: its name is worked out by the browser, whose clock is its own. */
async function shown(code: MovingCode): Promise<void> {
	await vi.waitUntil(() => code.text !== '');
}
const numberOf = (code: MovingCode): number => {
	const frame = readFrame(code.text);
	return typeof frame === 'string' ? -1 : frame.number;
};
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(5);

test('its pictures follow each other four times a second, and begin anew after the last', async () => {
	const code = new MovingCode(false);
	await Promise.all([code.start('bundle', bytes(2000)), shown(code)]);
	const first = numberOf(code);
	await vi.advanceTimersByTimeAsync(1000);
	expect(numberOf(code)).toBe(first + 4);
	await vi.advanceTimersByTimeAsync(64_000);
	expect(numberOf(code)).toBe(first + 4);
	code.stop();
	await vi.advanceTimersByTimeAsync(1000);
	expect(code.text).toBe('');
});

test('whoever asked for less motion gets it slower, and anyone can choose', async () => {
	const code = new MovingCode(true);
	expect(code.leastMs(16_384)).toBe(15_500);
	await Promise.all([code.start('bundle', bytes(2000)), shown(code)]);
	const first = numberOf(code);
	await vi.advanceTimersByTimeAsync(2000);
	expect(numberOf(code)).toBe(first + 4);
	code.slow = false;
	expect(code.leastMs(16_384)).toBe(7750);
	await vi.advanceTimersByTimeAsync(500);
	const before = numberOf(code);
	await vi.advanceTimersByTimeAsync(1000);
	expect(numberOf(code)).toBe(before + 4);
	code.stop();
});

test('paused it stands still, and goes on with the next', async () => {
	const code = new MovingCode(false);
	await Promise.all([code.start('bundle', bytes(2000)), shown(code)]);
	await vi.advanceTimersByTimeAsync(500);
	const number = numberOf(code);
	code.paused = true;
	await vi.advanceTimersByTimeAsync(5000);
	expect(numberOf(code)).toBe(number);
	code.paused = false;
	await vi.advanceTimersByTimeAsync(250);
	expect(numberOf(code)).toBe(number + 1);
	code.stop();
});

test('nothing, and too much, is said before anything is shown', async () => {
	const code = new MovingCode(false);
	for (const [length, trouble] of [
		[0, 'empty'],
		[BYTES_MAX + 1, 'tooLarge'],
		[100_000_000, 'tooLarge'],
	] as const) {
		await code.start('bundle', new Uint8Array(length));
		expect([code.trouble, code.text]).toEqual([trouble, '']);
	}
	expect(movingTrouble(bytes(BYTES_MAX))).toBeNull();
});

test('what is stopped or replaced while it is made is never shown', async () => {
	const code = new MovingCode(false);
	const first = code.start('bundle', bytes(10));
	const second = code.start('bundle', bytes(1200));
	await Promise.all([first, second, shown(code)]);
	const frame = readFrame(code.text);
	expect(typeof frame === 'string' ? frame : frame.length).toBe(1200);
	const late = code.start('bundle', bytes(30));
	code.stop();
	await late;
	expect(code.text).toBe('');
});
