/** What comes of a person's answers: pure, and the same on every phone. */
import type { Band, Instrument, Population, Subject } from './types';

/** For each item the value of its answer; null where none was given. */
export type Answers = readonly (number | null)[];

/** A part of the questionnaire by itself. */
export interface Part {
	subject: Subject;
	/** Null where one of its answers is missing. */
	total: number | null;
	/** The most that it can be. */
	most: number;
	/** The total is at its cut-off or above; null where there is none of either. */
	reached: boolean | null;
}

/** A total, or why there is none. */
export type Score =
	| {
			scored: true;
			total: number;
			least: number;
			most: number;
			/** So many answers are missing, for which the mean of the others stands in. */
			filled: number;
			parts: Part[];
			/** Null where no bands are published. */
			band: Band | null;
			/** The total is at the population's cut-off or above; null where none is published. */
			reached: boolean | null;
	  }
	/** Answers are missing, and no rule that was published says what to do then. */
	| { scored: false; why: 'missing'; items: number[]; parts: Part[] }
	/** These are not answers to it: there are too few or too many, or one is no value of its item. */
	| { scored: false; why: 'count' | 'range'; items: number[]; parts: [] };

/** Scores answers. A cut-off is that of the population, or else of everybody. */
export function score(instrument: Instrument, answers: Answers, population: Population = 'elsewhere'): Score {
	const wrong = wrongIn(instrument, answers);
	if (wrong) return { scored: false, ...wrong, parts: [] };
	const missing = places(answers, (value) => value === null);
	const parts = partsOf(instrument, answers);
	const { items, bands, cutoffs } = instrument;
	const most = instrument.missing.rule === 'mean' ? instrument.missing.most : 0;
	if (missing.length > most || missing.length === items.length)
		return { scored: false, why: 'missing', items: missing, parts };
	const given = answers.length - missing.length;
	const total = Math.round((sum(answers) * answers.length) / given);
	const cutoff =
		cutoffs.find((one) => one.population === population) ??
		cutoffs.find((one) => one.population === 'elsewhere');
	return {
		scored: true,
		total,
		least: sum(items.map((values) => values[0] ?? 0)),
		most: sum(items.map((values) => values.at(-1) ?? 0)),
		filled: missing.length,
		parts,
		band: bands.find(({ from, to }) => total >= from && total <= to) ?? null,
		reached: cutoff ? total >= cutoff.at : null,
	};
}

/** Whether an answer opens the questions about safety, whatever else is missing or wrong. */
export function opensSafety({ safety }: Instrument, answers: Answers): boolean {
	return safety.some(({ item, from }) => (answers[item] ?? -1) >= from);
}

function wrongIn(
	{ items }: Instrument,
	answers: Answers,
): { why: 'count' | 'range'; items: number[] } | null {
	if (answers.length !== items.length) return { why: 'count', items: [] };
	const out = places(answers, (value, at) => value !== null && !items[at]?.includes(value));
	return out.length > 0 ? { why: 'range', items: out } : null;
}

function partsOf({ subscales, items }: Instrument, answers: Answers): Part[] {
	return subscales.map(({ subject, items: of, cutoff }) => {
		const own = of.map((at) => answers[at] ?? null);
		const total = own.includes(null) ? null : sum(own);
		const most = sum(of.map((at) => items[at]?.at(-1) ?? 0));
		return { subject, total, most, reached: total === null || cutoff === null ? null : total >= cutoff };
	});
}

function places(answers: Answers, is: (value: number | null, at: number) => boolean): number[] {
	return answers.flatMap((value, at) => (is(value, at) ? [at] : []));
}

function sum(values: Answers): number {
	return values.reduce<number>((all, value) => all + (value ?? 0), 0);
}
