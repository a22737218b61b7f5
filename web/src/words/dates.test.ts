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
	YEAR_FIRST,
	YEAR_LAST,
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

test('a date field gives days of the years that can be written down, and no others', () => {
	for (const iso of [
		'0026-03-04',
		'1969-12-31',
		'1999-12-31',
		'2200-01-01',
		'12026-03-04',
		'',
		'x',
		'2026-13-01',
	]) {
		expect(parseDay(iso), iso).toBeNull();
	}
	for (const iso of ['2000-01-01', '2026-11-29', '2199-12-31']) expect(isoDay(parseDay(iso) ?? 0)).toBe(iso);
	for (let seed = 0; seed < 2000; seed += 1) {
		const dice = random(seed);
		const year = dice.below(dice.pick([100, 3000, 275_000]));
		const two = (number: number): string => String(number).padStart(2, '0');
		const iso = `${String(year).padStart(4, '0')}-${two(1 + dice.below(12))}-${two(1 + dice.below(28))}`;
		const day = parseDay(iso);
		expect(day !== null, iso).toBe(year >= YEAR_FIRST && year <= YEAR_LAST);
		if (day !== null) expect(isoDay(day)).toBe(iso);
	}
});
