// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { DayNumber, KeptKey, MemberId } from './ids';

/** All of it. */
export interface Commitments {
	/** What was taken on last first. */
	commitments: KeptCommitment[];
	/** The latest day first, and of a day what was noted last. */
	attempts: Attempt[];
	/** Of how many records the text is not here. */
	lacking: number;
}

/** Something that was taken on. */
export interface KeptCommitment {
	key: KeptKey;
	/** With whom; null when it is this phone's person's alone. */
	with: MemberId | null;
	/** What they are called. */
	withName: string;
	/** This phone's person took it on; else the other one did, and asked for them. */
	mine: boolean;
	/** Its first day. */
	since: DayNumber;
	/** On which days of the week: a bit each, Monday's is 1, Sunday's 64. 0 without a rhythm. */
	days: number;
	/** On which day, once. */
	due: DayNumber | null;
	/** What it was taken on from, as the page called it; may be empty. */
	from: string;
	words: string;
	madeMs: number;
	/** What the other one said last; null when nothing, or when there is no other. */
	answer: CommitmentAnswer | null;
	/** Whoever said that it is done with; nobody while it goes on. */
	ends: KeptBy[];
	/** Nothing more can be written: the other one is out of the circle, or blocked. */
	closed: boolean;
	safety: Safety;
}

/** What the other one said to a commitment. */
export interface CommitmentAnswer {
	/** They are with whoever took it on. */
	accepted: boolean;
	said: KeptBy;
}

/** Who said something of a commitment, and when. */
export interface KeptBy {
	/** By it, whoever said it takes it back. */
	key: KeptKey;
	/** This phone's person said it. */
	mine: boolean;
	name: string;
	madeMs: number;
	safety: Safety;
}

/** How it went on a day. */
export interface Attempt {
	/** Of which commitment; one that is not among the others was taken back. */
	commitment: KeptKey;
	/** Who reads it beside this phone's person; null when nobody does. */
	with: MemberId | null;
	day: DayNumber;
	outcome: Outcome;
	/** May be empty. */
	note: string;
	said: KeptBy;
}

/** How an attempt went. */
export type Outcome =
	/** It was done. */
	| 'done'
	/** It was tried. */
	| 'tried'
	/** Not this time. */
	| 'notThisTime';
