import { expect, test } from 'vitest';
import { random } from '../testing/random';
import {
	brief,
	clock,
	dayOf,
	FIRST_DAY,
	isoDay,
	isoTime,
	LAST_DAY,
	longDay,
	moment,
	monthKey,
	monthName,
	namedDay,
	parseDay,
	shortDay,
} from './dates';

const EDGES = [0, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 32 - 1, 9e15, Number.MAX_SAFE_INTEGER, 1e300];

test('every number is drawn as some day and time: none throws, none is empty', () => {
	const { below } = random(7);
	const any = Array.from({ length: 300 }, () => (below(1_000) - 200) * 10 ** below(17));
	for (const value of [...EDGES, ...any]) {
		for (const draw of [
			longDay,
			shortDay,
			monthName,
			monthKey,
			namedDay,
			isoDay,
			isoTime,
			clock,
			moment,
			brief,
		]) {
			expect(draw(value), `${draw.name} of ${value}`).not.toMatch(/^$|NaN|Invalid/);
		}
		expect(Number.isInteger(dayOf(value))).toBe(true);
	}
});

test('a date field gives a day within the bounds or none', () => {
	expect([parseDay('2000-01-01'), parseDay('2199-12-31')]).toEqual([FIRST_DAY, LAST_DAY]);
	for (const outside of ['1999-12-31', '2200-01-01', '+275760-09-13', '0001-01-01', '', 'soon']) {
		expect(parseDay(outside), outside).toBeNull();
	}
	expect(isoDay(FIRST_DAY)).toBe('2000-01-01');
});
