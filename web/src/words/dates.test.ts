import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { isoDay, parseDay, YEAR_FIRST, YEAR_LAST } from './dates';

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
