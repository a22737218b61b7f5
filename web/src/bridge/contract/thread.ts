// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { CircleId, Conversation, MemberId, MessageKey } from './ids';
import type { Candidate } from './note';

/** A thread, as lists show it. */
export interface ThreadSummary {
	thread: Conversation;
	/** Whom it is with, where it is between two; else null. */
	with: MemberId | null;
	/** Between two, the other's name. */
	title: string;
	/**
	 * The last message that nobody took back or hid, whole words, at most 120 characters; empty when there
	 * is none, or its text is not here.
	 */
	excerpt: string;
	/** When it was written. */
	lastMs: number | null;
	/** Who wrote it; empty until their name came. */
	lastName: string;
	/** This phone's person wrote it. */
	lastMine: boolean;
	/**
	 * Why its text is not here; `gone`, `hidden`: all that was written here was taken back or hidden, this
	 * last. Null when nobody wrote yet.
	 */
	lastBody: BodyState | null;
	/** How many messages of others are new to this phone. */
	unread: number;
	/** Between two: this phone's person blocked the other. Nothing of it is shown here, and nothing is new. */
	blocked: boolean;
	/** Of a title that people wrote at the same time, all values (P04); else empty. */
	titles: Candidate[];
}

/** Whether a message's text is here, and why it is not. */
export type BodyState =
	| 'here'
	/** It may still come. */
	| 'missing'
	/** It was taken back. */
	| 'gone'
	/** Its key was another's before this phone came in, and stays closed to it. */
	| 'before'
	/** Its key has not come to this phone yet; it comes by itself with a sync. */
	| 'waiting'
	/** It does not fit its author or place. */
	| 'unverified'
	/** A facilitator hides it, and it is neither this phone's person's nor are they one. */
	| 'hidden';

/** A thread that is open. */
export interface Thread {
	thread: Conversation;
	circle: CircleId;
	title: string;
	/** Oldest first; the newest `limit` asked for. */
	messages: Message[];
	/** There are older ones. */
	more: boolean;
	/** Nothing more can be written: whom it is with is out of the circle. */
	closed: boolean;
	/** Between two: this phone's person blocked the other. None of the messages are shown. */
	blocked: boolean;
	/** Between two: this phone's person shows how far they read, and is shown it. */
	reads: boolean;
}

/** A message. */
export interface Message {
	key: MessageKey;
	author: MemberId;
	authorName: string;
	/** This phone's person wrote it. */
	mine: boolean;
	sentMs: number;
	/** Empty while it is not here. */
	text: string;
	body: BodyState;
	/** Null while nobody hides it, and of what was taken back. */
	hidden: Hidden | null;
	/** Its author was taken out of the circle since. */
	left: boolean;
	/** The message that it answers. */
	replyTo: MessageKey | null;
	reactions: Reaction[];
	/** Between two who both wish it, of one's own: the other read as far as this. */
	read: boolean;
	safety: Safety;
}

/**
 * That a facilitator hid a message or strategy. Its author and the facilitators have its text all the
 * same.
 */
export interface Hidden {
	by: MemberId;
	name: string;
	/** When, by that facilitator's clock. */
	atMs: number;
}

/** Who reacted to a message in one way. */
export interface Reaction {
	kind: ReactionKind;
	names: string[];
	/** This phone's person is among them. */
	mine: boolean;
}

/** A reaction that carries who, never how many. */
export type ReactionKind =
	/** "I relate." */
	| 'relate'
	/** "Thank you." */
	| 'thanks'
	/** "You are strong." */
	| 'strength'
	/** "I am with you." */
	| 'withYou';

/** All of it. */
export interface Choices {
	/** By kind, then member; none twice. */
	choices: Choice[];
}

/** What they chose about one other member. Nobody else is told. */
export interface Choice {
	kind: ChoiceKind;
	/** About whom. */
	member: MemberId;
}

/** What a member may choose about another one. */
export type ChoiceKind =
	/** Whom they turn to first. */
	| 'buddy'
	/** From whom they read nothing between the two, and to whom they write nothing. */
	| 'blocked'
	/** To whom they show how far they read, and from whom they want to see it. */
	| 'reads';
