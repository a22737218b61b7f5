/**
 * What a questionnaire is: data that says how it is answered and scored, and beside it, a file for each language, its
 * texts. Nothing of one is code, so that an organisation can bring its own.
 */

/** Where something was read: a paper, a form, or a page. */
export interface Source {
	title: string;
	/** Its address, or its DOI. */
	address: string;
	/** What was taken from it. */
	what: string;
}

/** What a questionnaire asks about, for the words around it. */
export const SUBJECTS = ['mood', 'anxiety', 'moodAndAnxiety', 'recovery', 'craving'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What a circle must have said before a questionnaire is offered there. */
export const NEEDS = ['followUp', 'aboutAlcohol'] as const;
export type Need = (typeof NEEDS)[number];

/** What published tables call the part of a scale that a total lies in, least first. */
export const LEVELS = [
	'none',
	'minimal',
	'mild',
	'moderate',
	'moderatelySevere',
	'severe',
	'belowLasting',
	'lasting',
] as const;
export type Level = (typeof LEVELS)[number];

/** Whom a figure was found with: everybody that nothing else is published of, or the one study's people. */
export const POPULATIONS = ['elsewhere', 'zanzibar'] as const;
export type Population = (typeof POPULATIONS)[number];

/** A part of the scale. */
export interface Band {
	/** The first and the last total in it. */
	from: number;
	to: number;
	level: Level;
}

/** From this total on, talking about it with a professional is what the source suggests. */
export interface Cutoff {
	at: number;
	population: Population;
	/** Index into {@link Instrument.sources}. */
	source: number;
}

/** Some of the items, added up by themselves. */
export interface Subscale {
	subject: Subject;
	/** Their places, from 0. */
	items: number[];
	/** See {@link Cutoff}; null where none is published. */
	cutoff: number | null;
}

/**
 * What becomes of a total when answers are missing: nothing, or the mean of the others stands in for at most `most` of
 * them, and the sum is rounded.
 */
export type Missing = { rule: 'none' } | { rule: 'mean'; most: number; source: number };

/** An answer to this item, of this value or a higher one, opens the questions about safety. */
export interface SafetyItem {
	/** Its place, from 0. */
	item: number;
	from: number;
}

/** How a questionnaire is answered and scored. */
export interface Instrument {
	/** "phq-9": lower-case letters, digits and hyphens. */
	id: string;
	/** Grows with each change of what is asked or how it is scored; stored with answers. */
	version: number;
	/** "PHQ-9". */
	name: string;
	subject: Subject;
	/** The languages that an official text was found in, the one that stands in for others first. */
	languages: string[];
	/** What must be so before it is offered; null: nothing. */
	needs: Need | null;
	/** For each item the values of its answers, lowest first. */
	items: number[][];
	/** How answers become a total. */
	scoring: 'sum';
	subscales: Subscale[];
	missing: Missing;
	/** Parts of the scale, lowest first, without gaps; none where none are published. */
	bands: Band[];
	/** Where the bands were published; null without any. */
	bandsSource: number | null;
	cutoffs: Cutoff[];
	safety: SafetyItem[];
	sources: Source[];
}

/** A questionnaire in one language, word for word as it was found. */
export interface Texts {
	/** Of the {@link Instrument}. */
	id: string;
	language: string;
	/** Its whole name. */
	title: string;
	/** What stands before every item. */
	stem: string;
	items: {
		text: string;
		/** One for each value; where only the ends of a scale have words, those between are empty. */
		answers: string[];
	}[];
	/** Whose it is, and that it may be used. */
	licence: string;
	sources: Source[];
}
