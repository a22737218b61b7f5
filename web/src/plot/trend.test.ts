import { expect, test } from 'vitest';
import { random as seeded } from '../testing/random';
import { byDay, byWeek, type Point } from './points';
import { trendOf } from './trend';

const RANGE = [0, 4] as const;
const points = (...values: (number | null)[]): Point[] =>
	values.map((value, at) => ({ day: 100 + at, value }));

test('days without a value, and values that are out of range, are left out', () => {
	const odd: Point[] = [
		{ day: 3, value: 2 },
		{ day: 1, value: null },
		{ day: 2, value: 5 },
		{ day: 2, value: -1 },
		{ day: 2, value: NaN },
		{ day: 2.5, value: 1 },
		{ day: 1, value: 4 },
	];
	expect(byDay(odd, RANGE)).toEqual([
		{ day: 1, value: 4 },
		{ day: 3, value: 2 },
	]);
	expect(byDay([], RANGE)).toEqual([]);
});

test('a day with several values has their mean', () => {
	const day: Point[] = [0, 4, 2, 4].map((value) => ({ day: 7, value }));
	expect(byDay(day, RANGE)).toEqual([{ day: 7, value: 2.5 }]);
});

test('a week has the mean of its days, on its middle day', () => {
	const days = [0, 1, 6, 7, 20].map((day) => ({ day, value: day }));
	expect(byWeek(days)).toEqual([
		{ day: 3, value: 7 / 3 },
		{ day: 10, value: 7 },
		{ day: 17, value: 20 },
	]);
	expect(byWeek([])).toEqual([]);
});

test('nothing noted gives no trend, and one day gives no comparison', () => {
	expect(trendOf([], RANGE)).toBeNull();
	expect(trendOf(points(null, null), RANGE)).toBeNull();
	expect(trendOf(points(3), RANGE)).toEqual({
		days: 1,
		first: 100,
		last: { day: 100, value: 3 },
		mostly: 3,
		lowest: 3,
		highest: 3,
		lowestDay: 100,
		highestDay: 100,
		change: null,
	});
});

test('a value that more than half of the days have stands out', () => {
	expect(trendOf(points(2, 2, 2, 1, 4), RANGE)?.mostly).toBe(2);
	expect(trendOf(points(2, 2, 1, 4), RANGE)?.mostly).toBeNull();
	expect(trendOf(points(1, 3), RANGE)?.mostly).toBeNull();
});

test('the lowest and the highest have a day where there is one alone', () => {
	const trend = trendOf(points(2, 1, 2, 3, 3), RANGE);
	expect(trend).toMatchObject({ lowest: 1, lowestDay: 101, highest: 3, highestDay: null });
});

test('the last week is held against the days before it, and against nothing with too few days', () => {
	const change = (before: number[], after: number[]): string | null | undefined =>
		trendOf(
			[
				...before.map((value, at) => ({ day: 100 + at, value })),
				...after.map((value, at) => ({ day: 120 + at, value })),
			],
			RANGE,
		)?.change;
	expect(change([1, 1, 1], [3, 3, 3])).toBe('higher');
	expect(change([3, 3, 3], [1, 1, 1])).toBe('lower');
	expect(change([2, 2, 2], [2, 2, 2])).toBe('same');
	expect(change([2, 2, 2, 2], [2, 2, 2, 3])).toBe('same');
	expect(change([1], [3, 3])).toBeNull();
	expect(change([1, 1], [3])).toBeNull();
	expect(change([], [3, 3, 3])).toBeNull();
});

test('what is said lies within what was noted, in whatever order it comes', () => {
	const random = seeded(3);
	for (let tries = 0; tries < 500; tries++) {
		const noted = Array.from({ length: 1 + random.below(60) }, () => ({
			day: 1000 + random.below(200),
			value: random.pick([null, 0, 1, 2, 3, 4]),
		}));
		const trend = trendOf(noted, RANGE);
		expect(trendOf([...noted].reverse(), RANGE)).toEqual(trend);
		const values = byDay(noted, RANGE);
		expect(trend === null).toBe(values.length === 0);
		if (!trend) continue;
		expect(trend.lowest).toBeLessThanOrEqual(trend.highest);
		expect(values.some(({ value }) => value === trend.lowest)).toBe(true);
		expect([trend.first, trend.last]).toEqual([values[0]?.day, values.at(-1)]);
	}
});
