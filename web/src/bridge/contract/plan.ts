// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { PlanLineKey } from './ids';
import type { BodyState } from './thread';

/** A plan for hard moments. */
export interface Plan {
	/** By part, oldest first; those whose text is not here at the end. */
	lines: PlanLine[];
}

/** A line of this phone's person's plan. */
export interface PlanLine {
	key: PlanLineKey;
	/** Where it stands; null while its text is not here. */
	part: PlanPart | null;
	/** Empty while it is not here, as its number. */
	text: string;
	/** A number to call, or empty. */
	phone: string;
	madeMs: number;
	body: BodyState;
	/**
	 * The line that it was written in the place of. Two lines that name the same one were written apart:
	 * both stand until their owner removes one.
	 */
	replaces: PlanLineKey | null;
	safety: Safety;
}

/**
 * A part of a plan for hard moments, in the order in which they are gone through. The structure is
 * that of Stanley and Brown, "Safety planning intervention", Cognitive and Behavioral Practice 19
 * (2012); the words are Kith's own.
 */
export type PlanPart =
	/** What tells that it is getting hard. */
	| 'signs'
	/** What its owner does by themself. */
	| 'myself'
	/** People and places that distract. */
	| 'distract'
	/** People whom its owner can ask for help. */
	| 'ask'
	/** Professionals and services. */
	| 'professionals'
	/** What makes the place safer. */
	| 'safer';
