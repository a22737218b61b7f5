import encode from 'qr';
import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { capitals, picture, seen, type Picture, type Sight } from '../testing/sight';
import { modulesOf, type Modules } from './make';
import { readByUs as read } from '../testing/qr/compare';

const inverted = (one: Picture): Picture => ({
	...one,
	data: one.data.map((value, at) => (at % 4 === 3 ? value : 255 - value)),
});
const inMirror = (one: Picture): Picture => ({
	...one,
	data: one.data.map((_, at) => {
		const [pixel, part] = [Math.floor(at / 4), at % 4];
		const [x, y] = [pixel % one.width, Math.floor(pixel / one.width)];
		return one.data[(y * one.width + one.width - 1 - x) * 4 + part] ?? 0;
	}),
});

test('p15 what an implementation that is not ours makes, is read here, in every size', () => {
	for (let length = 1; length <= 1853; length += 109) {
		const text = capitals(length);
		const modules: Modules = encode(text, 'raw', { ecc: 'low', encoding: 'alphanumeric', border: 4 });
		expect(read(picture(modules, 4))).toBe(text);
	}
	const words = encode('a link, öé', 'raw', { ecc: 'low', encoding: 'byte', border: 4 });
	expect(read(picture(words, 6))).toBe('a link, öé');
});

const sights: [string, Sight][] = [
	['straight', { side: 720, fill: 0.85, turn: 0.03, tilt: 0.1, blur: 0.6, noise: 0.04, shade: 0.2 }],
	['tilted', { side: 720, fill: 0.65, turn: 0.12, tilt: 0.3, blur: 0.9, noise: 0.06, shade: 0.4 }],
	['turned', { side: 720, fill: 0.65, turn: 0.3, tilt: 0.2, blur: 1.1, noise: 0.08, shade: 0.3 }],
	['on its side', { side: 720, fill: 0.8, turn: 1.7, tilt: 0.2, blur: 0.8, noise: 0.05, shade: 0.2 }],
	['upside down', { side: 720, fill: 0.7, turn: 3.2, tilt: 0.2, blur: 0.8, noise: 0.05, shade: 0.2 }],
];

test.each(sights)(
	'p15 a code is read as a camera sees it: %s',
	(_, sight) => {
		const numbers = random(3);
		for (const length of [60, 350, 900]) {
			const text = capitals(length);
			expect(read(seen(modulesOf(text) ?? [], sight, numbers))).toBe(text);
		}
	},
	60_000,
);

test('p15 a code in dark mode, in a mirror, or both, is read however it is turned: random pictures', () => {
	for (let seed = 0; seed < 24; seed += 1) {
		const numbers = random(seed);
		const part = (): number => numbers.below(1000) / 1000;
		const text = capitals(20 + numbers.below(300));
		const sight: Sight = {
			side: 480,
			fill: 0.6 + part() * 0.2,
			turn: part() * 0.4 + numbers.below(4) * 1.571,
			tilt: part() * 0.2,
			blur: 0.5 + part() * 0.3,
			noise: part() * 0.04,
			shade: part() * 0.3,
		};
		let one = seen(modulesOf(text) ?? [], sight, numbers);
		if (seed % 2 === 0) one = inverted(one);
		if (seed % 4 < 2) one = inMirror(one);
		expect(read(one), `seed ${seed}`).toBe(text);
	}
}, 120_000);

test('a picture without a code, or with one that is too dirty, gives nothing and ends', () => {
	const numbers = random(5);
	const noise = new Uint8ClampedArray(320 * 240 * 4).map(() => numbers.below(256));
	expect(read({ width: 320, height: 240, data: noise })).toBeNull();
	expect(read({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(200) })).toBeNull();
	const dirty = picture(modulesOf(capitals(350)) ?? [], 4);
	dirty.data.fill(255, dirty.width * 4 * 80, dirty.width * 4 * 140);
	expect(read(dirty)).toBeNull();
});
