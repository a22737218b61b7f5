import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { correct, correctionFor } from './field';
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

test('half as many wrong bytes as there are of correction are made good, more are refused', () => {
	const numbers = random(7);
	for (let round = 0; round < 200; round++) {
		const count = 7 + numbers.below(24);
		const data = Uint8Array.from({ length: 20 + numbers.below(100) }, () => numbers.below(256));
		const whole = Uint8Array.from([...data, ...correctionFor(data, count)]);
		const hurt = whole.slice();
		const wrong = numbers.below(Math.floor(count / 2) + 1);
		const places = new Set<number>();
		while (places.size < wrong) places.add(numbers.below(hurt.length));
		for (const place of places) hurt[place] = (hurt[place] ?? 0) ^ (1 + numbers.below(255));
		expect(correct(hurt, count)).toBe(true);
		expect(hurt).toEqual(whole);
	}
	const noise = Uint8Array.from({ length: 60 }, () => numbers.below(256));
	expect(correct(noise, 20)).toBe(false);
});
