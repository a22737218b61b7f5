// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { DayNumber, JournalKey } from './ids';
import type { BodyState } from './thread';

/** A journal, as far as it was asked for. */
export interface Journal {
	/** The latest day first, and of a day what was written last. */
	entries: JournalEntry[];
	/** There is more from before the months that were asked for. */
	more: boolean;
}

/** An entry of this phone's person's journal. */
export interface JournalEntry {
	key: JournalKey;
	/** The day that it is about; while its text is not here, the day on which it was written. */
	day: DayNumber;
	madeMs: number;
	/** Null while its text is not here. */
	entry: OwnEntry | null;
	body: BodyState;
	/** As of `replaces`. */
	replaces: JournalKey | null;
	safety: Safety;
}

/** What a member notes in their journal. Debug output has no word of it. */
export type OwnEntry =
	/** How they are, in steps from 0 to 4, each or none; at least one, or a note. */
	| {
			kind: 'checkIn';
			/** From very low to very good. */
			mood: number | null;
			/** From none to very strong. */
			craving: number | null;
			/** From very bad to very good. */
			sleep: number | null;
			/** From none to plenty. */
			energy: number | null;
			/** In their words, at most 1,000 characters; may be empty. */
			note: string;
	  }
	/** A questionnaire that they filled in. */
	| {
			kind: 'filled';
			/** Which one: small letters, digits and hyphens, at most 24. */
			instrument: string;
			/** Of its text and scoring. */
			version: number;
			/** At most 40, each from 0 to 100; at least one is given. */
			answers: (number | null)[];
	  }
	/** What they wrote of a day. */
	| {
			kind: 'text';
			/** At most 3,900 characters. */
			text: string;
	  };
