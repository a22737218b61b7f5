import { expect, test } from 'vitest';
import { random, type Random } from '../../testing/random';
import { SIGNS } from '../signs';
import { fromSigns, toSigns } from './base45';
import { blockOf, wholeOf } from './blocks';
import { BLOCK_BYTES_MAX, BYTES_MAX, cutOf, FRAMES, frameText, idOf, readFrame, type Frame } from './frame';
import { Gatherer } from './gather';
import { framesOf } from './make';

/** Of each property; `VITE_SEEDS` tries more. */
const SEEDS = Number(process.env['VITE_SEEDS'] ?? 12);
const LONG_MS = 60_000;

const bytesOf = (length: number, numbers: Random): Uint8Array =>
	Uint8Array.from({ length }, () => numbers.below(256));

function shuffled<T>(items: readonly T[], numbers: Random): T[] {
	const out = [...items];
	for (let at = out.length - 1; at > 0; at--) {
		const other = numbers.below(at + 1);
		[out[at], out[other]] = [out[other] as T, out[at] as T];
	}
	return out;
}

const ALL = Array.from({ length: FRAMES }, (_, number) => number);

/** Gives the gatherer texts until it has a whole; what it then is, and how many texts that took. */
async function readAll(
	gatherer: Gatherer,
	texts: Iterable<string>,
): Promise<{ whole: Uint8Array | null; took: number }> {
	let took = 0;
	for (const text of texts) {
		took++;
		gatherer.take(text);
		const whole = gatherer.share === 1 ? await gatherer.whole() : null;
		if (whole) return { whole, took };
	}
	return { whole: null, took };
}

test('bytes are written in signs as RFC 9285 writes them, and only so', () => {
	const text = (one: string): Uint8Array => new TextEncoder().encode(one);
	for (const [plain, signs] of [
		['AB', 'BB8'],
		['Hello!!', '%69 VD92EX0'],
		['base-45', 'UJCLQE7W581'],
		['ietf!', 'QED8WEX0'],
	] as const) {
		expect(toSigns(text(plain))).toBe(signs);
		expect(fromSigns(signs)).toEqual(text(plain));
	}
	for (const wrong of ['GGW', ':::', '::', 'A', 'ABCD', 'ab0', '0Ä', '٣٣'])
		expect(fromSigns(wrong), wrong).toBeNull();
	const numbers = random(1);
	for (let length = 0; length < 60; length++) {
		const bytes = bytesOf(length, numbers);
		expect(fromSigns(toSigns(bytes))).toEqual(bytes);
		// No reader that trims what it reads takes a sign away.
		expect(toSigns(bytes)).not.toMatch(/ $/);
	}
});

test(
	'p15 any frames in any order, as many as there are blocks, are the whole: exactly as many, at all lengths',
	async () => {
		for (let seed = 0; seed < SEEDS; seed++) {
			const numbers = random(seed);
			const length = seed === 0 ? BYTES_MAX : seed === 1 ? 1 : 1 + numbers.below(BYTES_MAX);
			const bytes = bytesOf(length, numbers);
			const frame = await framesOf('bundle', bytes);
			const lost = 10 + numbers.below(51);
			const shown = shuffled(ALL, numbers).filter(() => numbers.below(100) >= lost);
			const gatherer = new Gatherer('bundle');
			const { whole, took } = await readAll(gatherer, shown.map(frame));
			expect(whole, `seed ${seed}`).toEqual(bytes);
			expect(took, `seed ${seed}`).toBe(cutOf(length).count);
		}
	},
	LONG_MS,
);

test('p15 a frame that comes twice brings nothing, and what is said to be here is here', async () => {
	const numbers = random(3);
	const bytes = bytesOf(5000, numbers);
	const frame = await framesOf('bundle', bytes);
	const gatherer = new Gatherer('bundle');
	const { count } = cutOf(bytes.length);
	for (let number = 40; number < 40 + count; number++) {
		expect(await gatherer.whole()).toBeNull();
		expect(gatherer.take(frame(number))).toBe('new');
		expect(gatherer.take(frame(number))).toBe('known');
		expect(gatherer.share).toBe((number - 39) / count);
	}
	expect(await gatherer.whole()).toEqual(bytes);
	expect(gatherer.take(frame(100))).toBe('known');
	expect(gatherer.take(frame(40 + FRAMES))).toBe('known');
});

test(
	'p15 frames of two codes by turns: the one that was seen first is read, and it is said that there are two',
	async () => {
		for (let seed = 0; seed < SEEDS; seed++) {
			const numbers = random(seed);
			const [one, two] = [bytesOf(12_000, numbers), bytesOf(12_000, numbers)];
			const [first, second] = [await framesOf('bundle', one), await framesOf('bundle', two)];
			const gatherer = new Gatherer('bundle');
			gatherer.take(first(7));
			expect(gatherer.mixed).toBe(false);
			const texts = shuffled(ALL.slice(0, 200), numbers).flatMap((at) => [second(at), first(at)]);
			let mixed = false;
			let whole: Uint8Array | null = null;
			for (const text of texts) {
				gatherer.take(text);
				mixed ||= gatherer.mixed;
				if (gatherer.share === 1) whole ??= await gatherer.whole();
			}
			expect(whole, `seed ${seed}`).toEqual(one);
			expect(mixed).toBe(true);
		}
	},
	LONG_MS,
);

test(
	'p15 however the frames of three codes are mixed, what comes is one of them',
	async () => {
		let read = 0;
		for (let seed = 0; seed < SEEDS; seed++) {
			const numbers = random(seed + 500);
			const wholes = [0, 1, 2].map(() => bytesOf(1 + numbers.below(9000), numbers));
			const frames = await Promise.all(wholes.map((one) => framesOf('bundle', one)));
			const texts = Array.from({ length: 400 }, () => numbers.pick(frames)(numbers.below(FRAMES)));
			const { whole } = await readAll(new Gatherer('bundle'), texts);
			if (!whole) continue;
			read++;
			expect(wholes.map(String)).toContain(String(whole));
		}
		expect(read).toBeGreaterThan(SEEDS / 2);
	},
	LONG_MS,
);

test('p15 whoever turns to another phone reads that one, and loses nothing of what was read of it', async () => {
	const numbers = random(8);
	const [one, two] = [bytesOf(16_384, numbers), bytesOf(16_384, numbers)];
	const [first, second] = [await framesOf('bundle', one), await framesOf('bundle', two)];
	const gatherer = new Gatherer('bundle');
	for (let at = 0; at < 10; at++) gatherer.take(first(at));
	for (let at = 0; at < 10; at++) expect(gatherer.take(second(at))).toBe('another');
	expect(gatherer.mixed).toBe(true);
	expect(gatherer.share).toBe(10 / 31);
	expect(gatherer.take(second(10))).toBe('new');
	expect([gatherer.mixed, gatherer.share]).toEqual([false, 11 / 31]);
	const { whole, took } = await readAll(
		gatherer,
		ALL.slice(11).map((at) => second(at)),
	);
	expect([whole, took]).toEqual([two, 20]);
	// A small one is turned to once it is whole, whatever was there of the large one.
	const turned = new Gatherer('bundle');
	for (let at = 0; at < 30; at++) turned.take(first(at));
	const small = await framesOf('bundle', bytesOf(600, numbers));
	for (let at = 0; at < 7; at++) expect(turned.take(small(at))).toBe('another');
	expect(await turned.whole()).toBeNull();
	turned.take(small(7));
	expect(await turned.whole()).toHaveLength(600);
});

test('p15 a frame from yesterday does not hold up the one of today', async () => {
	const numbers = random(9);
	const yesterday = await framesOf('bundle', bytesOf(4000, numbers));
	const today = bytesOf(4000, numbers);
	const frame = await framesOf('bundle', today);
	const gatherer = new Gatherer('bundle');
	gatherer.take(yesterday(0));
	const { whole, took } = await readAll(
		gatherer,
		ALL.map((at) => frame(at)),
	);
	expect([whole, took]).toEqual([today, cutOf(4000).count]);
});

test(
	'p15 a misread frame is not taken: any byte, any sign, any length',
	async () => {
		for (let seed = 0; seed < SEEDS * 20; seed++) {
			const numbers = random(seed);
			const frame = await framesOf('bundle', bytesOf(1 + numbers.below(2000), numbers));
			const text = frame(numbers.below(FRAMES));
			const at = 3 + numbers.below(text.length - 3);
			const signs = SIGNS.replace(text.charAt(at), '');
			expect(
				readFrame(text.slice(0, at) + numbers.pick([...signs]) + text.slice(at + 1)),
				`seed ${seed}`,
			).toBe('damaged');
			expect(readFrame(text.slice(0, at)), `seed ${seed}`).toBe('damaged');
			expect(readFrame(text + text.slice(0, numbers.below(text.length)) + '0'), `seed ${seed}`).toBe(
				'damaged',
			);
		}
	},
	LONG_MS,
);

test('p15 whatever else a camera reads is no frame, and ends: random texts', () => {
	for (let seed = 0; seed < SEEDS * 20; seed++) {
		const numbers = random(seed);
		const text = Array.from({ length: numbers.below(900) }, () =>
			String.fromCharCode(numbers.below(300)),
		).join('');
		expect(readFrame(text)).toBe('other');
		expect(readFrame(`KM:${text}`)).toBe('damaged');
		expect(typeof readFrame(`KM:${toSigns(bytesOf(numbers.below(600), numbers))}`)).toBe('string');
	}
	const long = `KM:${'0'.repeat(4000)}`;
	expect(readFrame(long)).toBe('damaged');
});

test('p15 frames that say false things about themselves are refused, and a newer one is told apart', async () => {
	const bytes = bytesOf(1000, random(4));
	const id = await idOf('bundle', bytes);
	const good: Frame = { kind: 'bundle', id, length: 1000, number: 3, block: blockOf(bytes, 3) };
	expect(readFrame(frameText(good))).toEqual(good);
	for (const length of [0, 999 + BLOCK_BYTES_MAX, BYTES_MAX + 1, 65_535])
		expect(readFrame(frameText({ ...good, length })), `${length}`).toBe('damaged');
	expect(readFrame(frameText({ ...good, block: good.block.slice(1) }))).toBe('damaged');
	expect(readFrame(frameText({ ...good, block: new Uint8Array(0) }))).toBe('damaged');
	expect(readFrame(frameText({ ...good, kind: 'other' as never }))).toBe('newer');
});

test('p15 a stranger who adds frames of the same name gets nothing given out: all begins anew', async () => {
	const bytes = bytesOf(3000, random(5));
	const id = await idOf('bundle', bytes);
	const frame = await framesOf('bundle', bytes);
	const gatherer = new Gatherer('bundle');
	const block = new Uint8Array(cutOf(3000).size).fill(7);
	gatherer.take(frameText({ kind: 'bundle', id, length: 3000, number: 9, block }));
	for (let at = 0; gatherer.share < 1; at++) gatherer.take(frame(at));
	expect(await gatherer.whole()).toBeNull();
	expect(gatherer.share).toBe(0);
	const { whole } = await readAll(
		gatherer,
		ALL.map((at) => frame(at)),
	);
	expect(whole).toEqual(bytes);
});

test('p15 a flood of codes is held in two, and costs little', async () => {
	const numbers = random(6);
	const bytes = bytesOf(BYTES_MAX, numbers);
	const frame = await framesOf('bundle', bytes);
	const gatherer = new Gatherer('bundle');
	const id = (): string => Array.from({ length: 32 }, () => numbers.below(16).toString(16)).join('');
	const { count, size } = cutOf(BYTES_MAX);
	const block = new Uint8Array(size);
	gatherer.take(frame(0));
	gatherer.take(frame(1));
	for (let at = 0; at < 2000; at++)
		gatherer.take(frameText({ kind: 'bundle', id: id(), length: BYTES_MAX, number: at % FRAMES, block }));
	expect(gatherer.share).toBe(2 / count);
	for (let at = 2; at < count; at++) gatherer.take(frame(at));
	const start = performance.now();
	expect(await gatherer.whole()).toEqual(bytes);
	// Some 15 ms where nothing else runs; a phone takes ten times as long, once.
	expect(performance.now() - start).toBeLessThan(1500);
});

test('too few frames are no whole', () => {
	expect(() => wholeOf(2000, new Map([[0, new Uint8Array(500)]]))).toThrow('too few');
});

test('a frame’s code is what it was: golden signs', async () => {
	const bytes = new TextEncoder().encode('Words that travel without a network. '.repeat(30));
	const frame = await framesOf('bundle', bytes);
	expect(await idOf('bundle', bytes)).toMatchInlineSnapshot(`"a033c76f0358a1edfde3fb38859c134a"`);
	expect([frame(0).slice(0, 90), frame(0).slice(-12)]).toMatchInlineSnapshot(`
		[
		  "KM:W50GBKP9P1J08LKF4W7YV4+GXJ2F*A.1004EKVCS44 8DSUEKWEKEC: CV44-ED59D8%E944M447$CK4F-KEI$5",
		  "EXODK34U1B:4",
		]
	`);
	expect([frame(255).slice(0, 90), frame(255).slice(-12)]).toMatchInlineSnapshot(`
		[
		  "KM:W50GBKP9P1J08LKF4W7YV4+GXJ2F*AZDWAWSACKZL77LHKL6:K6CD6%%RWO7R5V5PHP0AXL78O7V$R5BNM 4$LT",
		  "S$*1$P7CH1 0",
		]
	`);
});
