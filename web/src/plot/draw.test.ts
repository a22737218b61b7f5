import { expect, test } from 'vitest';
import { DOTS_MAX, draw, HEIGHT, heightOf, WIDTH } from './draw';

const RANGE = [0, 4] as const;
const SPAN = { first: 100, last: 110 };

test('nothing is drawn of nothing', () => {
	expect(draw([], SPAN, RANGE)).toEqual({ line: '', dots: '' });
});

test('one value is a dot, in the middle where there is one day alone', () => {
	const one = [{ day: 100, value: 4 }];
	expect(draw(one, { first: 100, last: 100 }, RANGE).dots).toBe(`M${WIDTH / 2} 0h0`);
	expect(draw(one, SPAN, RANGE).dots).toBe('M0 0h0');
});

test('days go across and values up', () => {
	const values = [
		{ day: 100, value: 0 },
		{ day: 105, value: 2 },
		{ day: 110, value: 4 },
	];
	expect(draw(values, SPAN, RANGE)).toEqual({
		line: `M0 ${HEIGHT}L500 ${HEIGHT / 2}L1000 0`,
		dots: `M0 ${HEIGHT}h0M500 ${HEIGHT / 2}h0M1000 0h0`,
	});
	expect(heightOf(3, [3, 3])).toBe(HEIGHT / 2);
});

test('a pause ends a line, and days out of the span are not drawn', () => {
	const values = [90, 100, 110, 121, 122].map((day) => ({ day, value: 2 }));
	const { line } = draw(values, { first: 100, last: 122 }, RANGE);
	expect(line.match(/[ML]/g)?.join('')).toBe('MLML');
});

test('a thousand days are one line, with dots for those alone that stand by themselves', () => {
	const values = Array.from({ length: 1000 }, (_, at) => ({ day: at, value: at % 5 }));
	const { line, dots } = draw([...values, { day: 2000, value: 1 }], { first: 0, last: 2000 }, RANGE);
	expect(line.match(/L/g)).toHaveLength(999);
	expect(dots.match(/h0/g)).toHaveLength(1);
	expect(draw(values.slice(0, DOTS_MAX), { first: 0, last: 99 }, RANGE).dots.match(/h0/g)).toHaveLength(
		DOTS_MAX,
	);
});
