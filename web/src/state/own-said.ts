/** What entries of a journal say, in words: as they stand in its list, and as they are told to somebody. */
import type { DayNumber, OwnEntry } from '$bridge';
import { score } from '../instruments/score';
import type { Instrument } from '../instruments/types';
import { selfWords } from '../words';
import { dayOfMonth } from '../words/dates';
import { number } from '../words/say';
import { QUESTIONS } from './journal.svelte';

/** What an entry says in short, one thing each; without what its person wrote themself. */
export function saidOf(entry: OwnEntry, instruments: readonly Instrument[]): string[] {
	if (entry.kind === 'checkIn') return answersSaid(entry);
	if (entry.kind === 'text') return [];
	const { entries: words } = selfWords;
	const { name, total, most } = resultOf(entry, instruments);
	return [total === null ? words.noNumber({ name }) : words.number({ name, total, most })];
}

/** The answers of a check-in, one each. */
export function answersSaid(entry: Extract<OwnEntry, { kind: 'checkIn' }>): string[] {
	return QUESTIONS.flatMap((question) => answerSaid(entry, question));
}

/** An entry in plain words for somebody else, as it stands before it is sent: of which day, and all that it says. */
export function toldOf(entry: OwnEntry, on: DayNumber, instruments: readonly Instrument[]): string {
	const words = selfWords.share;
	const day = dayOfMonth(on);
	if (entry.kind === 'filled') {
		const { name, total, most } = resultOf(entry, instruments);
		return total === null ? words.noNumber({ name, day }) : words.number({ name, day, total, most });
	}
	const said = saidOf(entry, instruments).map((one) => words.sentence({ said: one }));
	return [[words.day({ day }), ...said].join(' '), wordsOf(entry)].filter((one) => one !== '').join('\n');
}

/** What its person wrote in an entry; empty when they wrote nothing. */
export function wordsOf(entry: OwnEntry): string {
	if (entry.kind === 'checkIn') return entry.note;
	return entry.kind === 'text' ? entry.text : '';
}

function resultOf(
	entry: Extract<OwnEntry, { kind: 'filled' }>,
	instruments: readonly Instrument[],
): { name: string; total: string | null; most: string } {
	const of = instruments.find(({ id }) => id === entry.instrument);
	const name = of?.name ?? entry.instrument;
	const result = of?.version === entry.version ? score(of, entry.answers) : null;
	if (!of || !result?.scored) return { name, total: null, most: '' };
	return { name, total: number(result.total), most: number(result.most) };
}

function answerSaid(
	entry: Extract<OwnEntry, { kind: 'checkIn' }>,
	question: (typeof QUESTIONS)[number],
): string[] {
	const { title, answers } = selfWords.questions[question];
	const answer = answers[entry[question] ?? -1];
	return answer === undefined ? [] : [selfWords.entries.answer({ title, answer })];
}
