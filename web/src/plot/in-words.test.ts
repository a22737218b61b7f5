import { expect, test } from 'vitest';
import { inWords, valueSaid } from './in-words';
import type { Point } from './points';

/** 1 December 2026. */
const NOW = 20_788;
const MOOD = { title: 'Mood', range: [0, 4] as const };
const SCORE = { title: 'PHQ-9', range: [0, 27] as const };
/** Values of days in a row, the last of them today. */
const ending = (end: number, ...values: (number | null)[]): Point[] =>
	values.map((value, at) => ({ day: end - values.length + 1 + at, value }));

test('no value and one value are said', () => {
	expect(inWords([], MOOD, NOW)).toBe('Mood: nothing noted yet.');
	expect(inWords(ending(NOW, null, null), MOOD, NOW)).toBe('Mood: nothing noted yet.');
	expect(inWords(ending(NOW, 3), MOOD, NOW)).toBe('Mood: 3 of 4 on December 1.');
});

test('four weeks are said as a person would', () => {
	const four = ending(
		NOW,
		...[2, 2, 2, 1, 2, 2, 2, 2, 2, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 3, 3, 3, 2],
	);
	expect(inWords(four, MOOD, NOW)).toBe(
		'Mood, the last 4 weeks. Mostly 2 of 4. Lowest on November 7. Higher in the last week than before.',
	);
});

test('a value has its name where it has one', () => {
	const names = ['Very low', 'Low', 'So-so', 'Good', 'Very good'];
	expect(inWords(ending(NOW, 2, 2, 2), { ...MOOD, names }, NOW)).toBe(
		'Mood, the last week. “So-so” each time.',
	);
	expect(valueSaid(1, { ...MOOD, range: [1, 5], names })).toBe('Very low');
	expect(valueSaid(2.4, MOOD)).toBe('2 of 4');
});

test('a long scale is said by its lowest, its highest and its last', () => {
	expect(inWords(ending(NOW, 4, 11, 7), SCORE, NOW)).toBe(
		'PHQ-9, the last week. Between 4 of 27 and 11 of 27. Lowest on November 29. Highest on November 30. ' +
			'Last time, on December 1, 7 of 27.',
	);
});

test('what ended earlier is said by its days, with the year when it is another', () => {
	expect(inWords(ending(NOW - 30, 2, 3), MOOD, NOW)).toBe(
		'Mood, from October 31 to November 1. Between 2 of 4 and 3 of 4. Lowest on October 31. Highest on November 1.',
	);
	expect(inWords(ending(NOW - 400, 1), MOOD, NOW)).toBe('Mood: 1 of 4 on October 27, 2025.');
});

test('no other person, no row of days and no end of one is ever named', () => {
	for (let seed = 0; seed < 40; seed++) {
		const some = Array.from({ length: 1000 }, (_, at) => ((at * 7 + seed * 13) % 11) % 5);
		const said = inWords(ending(NOW, ...some), MOOD, NOW);
		expect(said).not.toMatch(/streak|in a row|others|average|people|lost|reset/i);
		expect(said.length).toBeLessThan(250);
	}
});
