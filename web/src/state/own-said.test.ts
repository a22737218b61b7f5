import { expect, test } from 'vitest';
import type { OwnEntry } from '$bridge';
import { dayOfMonth } from '../words/dates';
import { INSTRUMENTS, instrumentOf } from '../instruments';
import { saidOf, toldOf, wordsOf } from './own-said';

const instruments = await Promise.all(INSTRUMENTS.map(instrumentOf));
const checkIn: OwnEntry = { kind: 'checkIn', mood: 1, craving: null, sleep: 0, energy: 4, note: 'Rain.' };
const filled = (instrument: string, version: number, answers: (number | null)[]): OwnEntry => ({
	kind: 'filled',
	instrument,
	version,
	answers,
});

test('a check-in says what was answered, and nothing of what was not', () => {
	expect(saidOf(checkIn, instruments)).toEqual(['Mood: Low', 'Sleep: Very badly', 'Energy: Plenty']);
	expect(wordsOf(checkIn)).toBe('Rain.');
	expect(saidOf({ ...checkIn, mood: 7, sleep: null, energy: null }, instruments)).toEqual([]);
});

test('a questionnaire says its number, or that there is none', () => {
	expect(saidOf(filled('phq-4', 1, [1, 1, 3, 0]), instruments)).toEqual(['PHQ-4: 5 of 12']);
	for (const [version, answers] of [
		[1, [1, null, 3, 0]],
		[2, [1, 1, 3, 0]],
		[1, [9]],
	] as const)
		expect(saidOf(filled('phq-4', version, [...answers]), instruments)).toEqual(['PHQ-4: no number']);
	expect(saidOf(filled('own-pack', 1, [1]), instruments)).toEqual(['own-pack: no number']);
	expect(saidOf({ kind: 'text', text: 'A day.' }, instruments)).toEqual([]);
	expect(wordsOf({ kind: 'text', text: 'A day.' })).toBe('A day.');
	expect(wordsOf(filled('phq-4', 1, [1]))).toBe('');
});

test('somebody is told the day, and all that an entry says', () => {
	const day = 20_787;
	const on = dayOfMonth(day);
	expect(on).toContain('30');
	expect(toldOf(filled('phq-4', 1, [1, 1, 3, 0]), day, instruments)).toBe(`PHQ-4 on ${on}: 5 of 12.`);
	expect(toldOf(filled('phq-4', 1, [1, null, 3, 0]), day, instruments)).toBe(
		`PHQ-4 on ${on}: filled in, without a number.`,
	);
	expect(toldOf(checkIn, day, instruments)).toBe(
		`How I was on ${on}. Mood: Low. Sleep: Very badly. Energy: Plenty.\nRain.`,
	);
	expect(toldOf({ ...checkIn, note: '' }, day, instruments)).not.toContain('\n');
	expect(toldOf({ kind: 'text', text: 'A day.' }, day, instruments)).toBe(`How I was on ${on}.\nA day.`);
});
