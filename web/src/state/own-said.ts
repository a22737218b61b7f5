/** What entries of a journal say, in words: as they stand in its list, and as they are told to somebody. */
import type { OwnEntry } from '$bridge';
import { score } from '../instruments/score';
import type { Instrument } from '../instruments/types';
import { selfWords } from '../words';
import { number } from '../words/say';
import { QUESTIONS } from './journal.svelte';

/** What an entry says in short, one thing each; without what its person wrote themself. */
export function saidOf(entry: OwnEntry, instruments: readonly Instrument[]): string[] {
	if (entry.kind === 'checkIn') return QUESTIONS.flatMap((question) => answerSaid(entry, question));
	if (entry.kind === 'text') return [];
	const { entries: words } = selfWords;
	const of = instruments.find(({ id }) => id === entry.instrument);
	const name = of?.name ?? entry.instrument;
	const result = of?.version === entry.version ? score(of, entry.answers) : null;
	if (!of || !result?.scored) return [words.noNumber({ name })];
	return [words.number({ name, total: number(result.total), most: number(result.most) })];
}

/** What its person wrote in an entry; empty when they wrote nothing. */
export function wordsOf(entry: OwnEntry): string {
	if (entry.kind === 'checkIn') return entry.note;
	return entry.kind === 'text' ? entry.text : '';
}

function answerSaid(
	entry: Extract<OwnEntry, { kind: 'checkIn' }>,
	question: (typeof QUESTIONS)[number],
): string[] {
	const { title, answers } = selfWords.questions[question];
	const answer = answers[entry[question] ?? -1];
	return answer === undefined ? [] : [selfWords.entries.answer({ title, answer })];
}
