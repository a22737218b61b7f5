import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { modulesOf } from './make';
import { capitals, picture } from '../testing/sight';

test('p15 what is made here, an implementation that is not ours reads, in every size', () => {
	for (let length = 1; length <= 1853; length += 37) {
		const text = capitals(length);
		const modules = modulesOf(text);
		expect(modules && decodeQR(picture(modules, 4))).toBe(text);
	}
	const link = 'https://kith.example/#e=aB3_-x9öé';
	expect(decodeQR(picture(modulesOf(link) ?? [], 5))).toBe(link);
});

test('p15 an answer of 900 capitals and digits takes 85 by 85 places, so that each is large enough', () => {
	expect(modulesOf(capitals(900))).toHaveLength(85 + 8);
	expect(modulesOf(capitals(1853))).toHaveLength(117 + 8);
	expect(modulesOf(capitals(1854))).toBeNull();
});
