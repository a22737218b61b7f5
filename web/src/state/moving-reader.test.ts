import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { frameText, idOf } from '../codes/moving/frame';
import { framesOf } from '../codes/moving/make';
import { MovingReader } from './moving-reader.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const video = (): HTMLVideoElement => ({ srcObject: null, play: () => Promise.resolve() }) as never;
const bytes = (length: number, seed = 1): Uint8Array =>
	Uint8Array.from({ length }, (_, at) => (at * seed * 31 + (at >> 3)) & 255);

/** A reader before whose camera a screen shows these, one a look, and then nothing. */
async function before(
	shown: (string | null)[],
): Promise<{ reader: MovingReader; got: Uint8Array[]; stopped: () => number }> {
	const got: Uint8Array[] = [];
	let stops = 0;
	const devices = {
		getUserMedia: () => Promise.resolve({ getTracks: () => [{ stop: () => stops++ }] } as never),
	};
	const look = (): Promise<string | null> => Promise.resolve(shown.shift() ?? null);
	const reader = new MovingReader(
		'bundle',
		devices,
		() => Promise.resolve(look),
		(whole) => got.push(whole),
	);
	await reader.start(video());
	return { reader, got, stopped: () => stops };
}

test('what was read is told as it is, and the whole is given once, with the camera off', async () => {
	const whole = bytes(5000);
	const frame = await framesOf('bundle', whole);
	const texts = Array.from({ length: 20 }, (_, at) => frame(at));
	const { reader, got, stopped } = await before(texts.flatMap((text) => [text, text, null]));
	expect([reader.share, reader.notice]).toEqual([0, null]);
	await vi.advanceTimersByTimeAsync(40 * 3 * 5);
	expect(reader.share).toBe(0.5);
	await vi.advanceTimersByTimeAsync(40 * 3 * 6);
	await vi.waitUntil(() => reader.done);
	expect(got).toEqual([whole]);
	expect([reader.share, reader.notice, reader.camera.state, stopped()]).toEqual([1, null, 'off', 1]);
	await reader.start(video());
	expect([got.length, reader.camera.state]).toEqual([1, 'off']);
});

test('when nothing is read for ten seconds it is told what to do, until something is', async () => {
	const frame = await framesOf('bundle', bytes(5000));
	const shown: (string | null)[] = [];
	const { reader } = await before(shown);
	await vi.advanceTimersByTimeAsync(9900);
	expect(reader.notice).toBeNull();
	await vi.advanceTimersByTimeAsync(200);
	expect(reader.notice).toBe('unseen');
	shown.push(frame(3));
	await vi.advanceTimersByTimeAsync(100);
	expect([reader.notice, reader.share]).toEqual([null, 0.1]);
	// The same picture again and again, as where the other phone paused, is nothing new.
	await vi.advanceTimersByTimeAsync(10_000);
	expect(reader.notice).toBe('unseen');
	reader.stop();
});

test('another code in view, one that is none, and one of a newer Kith are each told', async () => {
	const [one, two] = [await framesOf('bundle', bytes(5000)), await framesOf('bundle', bytes(5000, 3))];
	const newer = frameText({
		kind: 'later' as never,
		id: await idOf('bundle', bytes(9)),
		length: 9,
		number: 0,
		block: bytes(9),
	});
	const shown: (string | null)[] = [one(0), two(0), one(1), two(1)];
	const { reader } = await before(shown);
	await vi.advanceTimersByTimeAsync(400);
	expect([reader.notice, reader.share]).toEqual(['mixed', 0.2]);
	for (const [text, notice] of [
		['https://elsewhere.example/', 'other'],
		[newer, 'newer'],
	] as const) {
		shown.push(text);
		await vi.advanceTimersByTimeAsync(100);
		expect(reader.notice).toBe(notice);
	}
	shown.push(...Array.from({ length: 8 }, (_, at) => one(at + 2)));
	await vi.advanceTimersByTimeAsync(320);
	expect(reader.notice).toBeNull();
	reader.stop();
});

test('a misread picture tells nothing', async () => {
	const frame = await framesOf('bundle', bytes(5000));
	const { reader } = await before([frame(0), frame(1).slice(0, -6)]);
	await vi.advanceTimersByTimeAsync(400);
	expect([reader.notice, reader.share]).toEqual([null, 0.1]);
	reader.stop();
});

test('pictures that are not what they say are let go, which is told, and the true ones are read after them', async () => {
	const whole = bytes(3000);
	const frame = await framesOf('bundle', whole);
	const id = await idOf('bundle', whole);
	const false_ = frameText({ kind: 'bundle', id, length: 3000, number: 99, block: bytes(500, 7) });
	const shown: (string | null)[] = [false_, ...Array.from({ length: 5 }, (_, at) => frame(at))];
	const { reader, got } = await before(shown);
	await vi.advanceTimersByTimeAsync(400);
	await vi.waitUntil(() => reader.share === 0);
	expect([reader.notice, got.length]).toEqual(['again', 0]);
	shown.push(...Array.from({ length: 6 }, (_, at) => frame(at + 20)));
	await vi.advanceTimersByTimeAsync(400);
	await vi.waitUntil(() => reader.done);
	expect(got).toEqual([whole]);
});

test('what was read before the page was hidden is there when it comes back', async () => {
	const whole = bytes(5000);
	const frame = await framesOf('bundle', whole);
	const shown: (string | null)[] = Array.from({ length: 6 }, (_, at) => frame(at));
	const { reader, got } = await before(shown);
	await vi.advanceTimersByTimeAsync(400);
	expect(reader.share).toBe(0.6);
	reader.stop();
	await vi.advanceTimersByTimeAsync(20_000);
	expect([reader.notice, reader.camera.state]).toEqual([null, 'off']);
	shown.push(...Array.from({ length: 4 }, (_, at) => frame(at + 6)));
	await reader.start(video());
	await vi.advanceTimersByTimeAsync(400);
	await vi.waitUntil(() => reader.done);
	expect(got).toEqual([whole]);
});

test('a camera that is refused is told, and nothing is waited for', async () => {
	const refused = (): Promise<never> =>
		Promise.reject(Object.assign(new Error('no'), { name: 'NotAllowedError' }));
	const reader = new MovingReader(
		'bundle',
		{ getUserMedia: refused },
		() => Promise.resolve(() => Promise.resolve(null)),
		() => {},
	);
	await reader.start(video());
	await vi.advanceTimersByTimeAsync(20_000);
	expect([reader.camera.state, reader.notice]).toEqual(['denied', null]);
});
