import { expect, test } from 'vitest';
import { modulesOf, readCode, type Modules } from './codec';

/** A picture of a code, as a phone shows it. */
function picture(
	modules: Modules,
	scale: number,
): { width: number; height: number; data: Uint8ClampedArray } {
	const side = modules.length * scale;
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const dark = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false;
			if (dark) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
		}
	}
	return { width: side, height: side, data };
}

const capitals = (length: number): string =>
	Array.from({ length }, (_, at) => ((at * at * 7 + at * 31) % 36).toString(36).toUpperCase()).join('');

test('p15 what one phone shows, another reads: an answer of 900 signs, a link', () => {
	for (const text of [capitals(900), capitals(350), 'https://kith.example/#e=aB3_-x9']) {
		expect(readCode(picture(modulesOf(text), 4))).toBe(text);
	}
});

test('p15 an answer of 900 capitals and digits takes 85 by 85 places, so that each is large enough', () => {
	expect(modulesOf(capitals(900))).toHaveLength(85 + 8);
});

test('a picture without a code gives none', () => {
	expect(readCode({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(200) })).toBeNull();
});
