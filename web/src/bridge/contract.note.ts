/** What is beside the text of a session's note, and its edits: a part of the contract. */
import type { CircleId, DayNumber, DocumentId, MemberId, NoteOp, Role, Safety, Span } from './contract';

/** A single-value field; more than one candidate means people wrote at the same time (P04). */
export interface Field {
	value: string;
	candidates: Candidate[];
}
export interface Candidate {
	value: string;
	author: MemberId;
	authorName: string;
}

export type Presence = 'present' | 'late' | 'absent' | 'excused';
export interface Attendance {
	member: MemberId;
	name: string;
	role: Role;
	presence: Presence | null;
	/** Other values that people recorded at the same time. */
	others: { presence: Presence; author: MemberId; authorName: string }[];
}
/**
 * One of the values that people wrote at the same time in a field of an item (P04); `value` is the text, `true` or
 * `false`, the day's number or the state's name.
 */
export interface Contested extends Candidate {
	field: 'text' | 'done' | 'due' | 'state';
}
export interface AgendaItem {
	item: string;
	text: string;
	done: boolean;
	/** Of each field with several values all of them, the shown one first; writing one chooses. */
	contested: Contested[];
}
export type CommitmentState = 'open' | 'kept' | 'notYet';
export interface Commitment {
	item: string;
	member: MemberId;
	memberName: string;
	text: string;
	due: DayNumber | null;
	state: CommitmentState;
	contested: Contested[];
}

export interface Note {
	document: DocumentId;
	circle: CircleId;
	/** The day that it is shown on: another than its name's when it was moved. */
	day: DayNumber;
	/** Of days that people moved it to at the same time, all; else empty. */
	days: Candidate[];
	ordinal: number;
	/**
	 * Rises by exactly one with each batch of *body* edits that the engine took, from here or elsewhere; fields,
	 * attendance, agenda and commitments leave it alone. A page's own accepted edit is answered, not noticed.
	 */
	version: number;
	title: Field;
	place: Field;
	spans: Span[];
	agenda: AgendaItem[];
	/** Who was in the circle on the session's day, by its chain, and whose attendance was put down. */
	attendance: Attendance[];
	/** Who is in now and is not among those: offered apart, and not counted. */
	later: Attendance[];
	commitments: Commitment[];
	safety: Safety;
	/** Who wrote which part, newest first: shown as "written by". */
	authors: { member: MemberId; name: string }[];
}

export type NoteFieldName = 'title' | 'place';
export type NoteEdit =
	/** Body edits relative to `version`; answered `stale` when the note has moved on: rebase, send again. */
	| { edit: 'body'; version: number; ops: NoteOp[] }
	| { edit: 'field'; field: NoteFieldName; value: string }
	| { edit: 'day'; day: DayNumber }
	/** Only a session in which there is nothing; one that gets words is listed again by itself. */
	| { edit: 'hide'; hidden: boolean }
	| { edit: 'attendance'; member: MemberId; presence: Presence }
	| { edit: 'agendaAdd'; text: string }
	/** Only what is given is written. */
	| { edit: 'agendaSet'; item: string; text?: string; done?: boolean }
	/** Puts back what was removed. */
	| { edit: 'agendaBack'; item: string; text: string; done: boolean }
	| { edit: 'agendaRemove'; item: string }
	| { edit: 'commitmentAdd'; member: MemberId; text: string; due: DayNumber | null }
	| { edit: 'commitmentSet'; item: string; state?: CommitmentState; text?: string; due?: DayNumber }
	| {
			edit: 'commitmentBack';
			item: string;
			member: MemberId;
			text: string;
			due: DayNumber | null;
			state: CommitmentState;
	  }
	| { edit: 'commitmentRemove'; item: string };
