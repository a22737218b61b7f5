import { expect, test } from 'vitest';
import { sizeSaid, spanSaid, waitSaid } from './units';

const DAY_MS = 86_400_000;

test('a span is told about as long as it is, in whole numbers', () => {
	const cases: [string, number][] = [
		['1 minute', 0],
		['6 minutes', 6 * 60_000],
		['1 hour', 3_600_000],
		['23 hours', 23 * 3_600_000],
		['1 day', DAY_MS],
		['40 days', 40 * DAY_MS],
		['2 years', 2 * 365 * DAY_MS],
	];
	for (const [said, ms] of cases) expect(spanSaid(ms)).toBe(said);
});

test('a wait is never told shorter than it is', () => {
	expect([1, 40_000, 89_001, 600_000].map(waitSaid)).toEqual([
		'1 second',
		'40 seconds',
		'2 minutes',
		'10 minutes',
	]);
});

test('sizes are told in what people know from their phones', () => {
	expect([7, 5_300, 1_490_000].map(sizeSaid)).toEqual(['less than 1 kB', '5 kB', '1.5 MB']);
});
