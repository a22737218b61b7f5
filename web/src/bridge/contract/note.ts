// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { CircleId, DayNumber, DocumentId, ItemId, MemberId } from './ids';
import type { Role } from './people';

/** One of the values that people wrote at the same time. */
export interface Candidate {
	value: string;
	author: MemberId;
	authorName: string;
}

/** One of the values that people wrote at the same time in one field (P04). */
export interface Contested {
	field: ItemField;
	/** The text, `true` or `false`, the day's number or the state's name. */
	value: string;
	author: MemberId;
	authorName: string;
}

/** A field of an item, or of what facilitators decide in a circle. */
export type ItemField =
	| 'text'
	| 'done'
	| 'due'
	| 'state'
	| 'name'
	| 'phone'
	| 'sms'
	| 'region'
	| 'hours'
	| 'language'
	| 'checked'
	| 'followUpWho'
	| 'followUpBy'
	| 'aboutAlcohol'
	| 'member'
	| 'opening'
	| 'closing';

/** A session, as lists show it. */
export interface NoteSummary {
	document: DocumentId;
	/** The date that it is shown on. */
	day: DayNumber;
	/** Which of its day's sessions it is, from 0. */
	ordinal: number;
	title: string;
	/** The first words of its text, whole, at most 120 characters. */
	excerpt: string;
	/** How many were there. */
	present: number;
	safety: Safety;
	/** Not seen on this phone since someone else changed it. */
	changed: boolean;
}

/** A session's note, or another document of its form. */
export interface Note {
	document: DocumentId;
	circle: CircleId;
	/** The day that it is shown on: another than its name's when it was moved. */
	day: DayNumber;
	/** Of days that people moved it to at the same time, all; else empty. */
	days: Candidate[];
	/** Which of its day's sessions it is, from 0. */
	ordinal: number;
	/**
	 * Rises by exactly one with each batch of *body* edits that the engine took, from here or elsewhere;
	 * fields, attendance, agenda and commitments leave it alone. A page's own accepted edit is answered,
	 * not noticed.
	 */
	version: number;
	title: Field;
	/** Where the session was. */
	place: Field;
	/** Its body. Absent in notices, which bring body edits apart. */
	spans: Span[];
	agenda: AgendaItem[];
	/** Who was in the circle on the session's day, by its chain, and whose attendance was put down. */
	attendance: Attendance[];
	/** Who is in now and is not among those: offered apart, and not counted. */
	later: Attendance[];
	commitments: Commitment[];
	safety: Safety;
	/** Who wrote which part, newest first: shown as "written by". */
	authors: NoteAuthor[];
}

/** A field that holds one value. */
export interface Field {
	value: string;
	/** More than one: people wrote at the same time (P04). Else empty. */
	candidates: Candidate[];
}

/** A run of a note's body: one block marker, or text with its marks. */
export type Span =
	/** One block marker. */
	| { type: 'block'; block: Block }
	/** Text with the same marks throughout. */
	| { type: 'text'; text: string; marks: MarkName[] };

/**
 * A block marker: it takes one index; the text after it, to the next marker, is the block's. Text
 * before the first marker is a paragraph.
 */
export interface Block {
	/** What it is. */
	kind: BlockKind;
	/** 1 to 3 for headings, else 0. */
	level: number;
	/** For to-dos. */
	checked: boolean;
}

/** What a block of text is. */
export type BlockKind =
	/** Plain text. */
	| 'paragraph'
	/** A heading, of level 1 to 3. */
	| 'heading'
	/** An item of a list. */
	| 'bullet'
	/** Something to do, checked or not. */
	| 'todo';

/** How a run of text is set off. */
export type MarkName =
	/** Strong importance, shown bold. */
	| 'strong'
	/** Stress, shown italic. */
	| 'em';

/** A point of the agenda. */
export interface AgendaItem {
	item: ItemId;
	text: string;
	/** Whether it was dealt with. */
	done: boolean;
	/** Of each field with several values all of them, the shown one first; writing one chooses. */
	contested: Contested[];
}

/** How one person took part in a session. */
export interface Attendance {
	member: MemberId;
	name: string;
	role: Role;
	/** Null while nobody put it down. */
	presence: Presence | null;
	/** Other values that people put down at the same time. */
	others: OtherPresence[];
}

/** How someone took part in a session. */
export type Presence =
	/** There from the start. */
	| 'present'
	/** Came later. */
	| 'late'
	/** Not there. */
	| 'absent'
	/** Not there, and had said so. */
	| 'excused';

/** Another value that somebody put down for the same person at the same time. */
export interface OtherPresence {
	presence: Presence;
	author: MemberId;
	authorName: string;
}

/** What somebody took on. */
export interface Commitment {
	item: ItemId;
	member: MemberId;
	memberName: string;
	text: string;
	/** Until when. */
	due: DayNumber | null;
	/** How it went. */
	state: CommitmentState;
	/** As of an agenda's point. */
	contested: Contested[];
}

/** How a commitment stands. */
export type CommitmentState =
	/** Not yet looked at again. */
	| 'open'
	/** Its member says that they did it. */
	| 'kept'
	/** Not kept yet. */
	| 'notYet';

/** Somebody who wrote in a note. */
export interface NoteAuthor {
	member: MemberId;
	name: string;
}

/** Neighbouring words of a note that the same people wrote. */
export interface Passage {
	/** Where a block begins it has a line feed. */
	text: string;
	/** Empty while it is not known whose they are. A word that two people wrote has both. */
	authors: NoteAuthor[];
}

/** One edit of a note. */
export type NoteEdit =
	/** Of its body, relative to a version; answered `stale` when the note has moved on: rebase, send again. */
	| {
			edit: 'body';
			/** The version that the indices mean. */
			version: number;
			/** In the order in which they are made. */
			ops: NoteOp[];
	  }
	/** Of a field that holds one value; of what several people wrote at the same time, this chooses. */
	| {
			edit: 'field';
			field: NoteFieldName;
			/** What it holds from now on. */
			value: string;
	  }
	/** The session was on another day. */
	| {
			edit: 'day';
			/** The date that it is shown on from now on. */
			day: DayNumber;
	  }
	/** Only a session in which there is nothing; one that gets words is listed again by itself. */
	| {
			edit: 'hide';
			/** Whether it is to be hidden or listed again. */
			hidden: boolean;
	  }
	/** How somebody took part. */
	| { edit: 'attendance'; member: MemberId; presence: Presence }
	/** A new point of the agenda. */
	| {
			edit: 'agendaAdd';
			/** Its words. */
			text: string;
	  }
	/**
	 * A changed point. Only what is given is written; of what several people wrote at the same time, this
	 * chooses.
	 */
	| {
			edit: 'agendaSet';
			item: ItemId;
			/** Its words. */
			text?: string;
			/** Whether it was dealt with. */
			done?: boolean;
	  }
	/** A point that was removed, put back as it was. */
	| {
			edit: 'agendaBack';
			item: ItemId;
			/** Its words. */
			text: string;
			/** Whether it was dealt with. */
			done: boolean;
	  }
	/** A point less. */
	| { edit: 'agendaRemove'; item: ItemId }
	/** Somebody took something on. */
	| {
			edit: 'commitmentAdd';
			member: MemberId;
			/** What they took on. */
			text: string;
			/** Until when. */
			due: DayNumber | null;
	  }
	/** A changed one, as of `agendaSet`. */
	| {
			edit: 'commitmentSet';
			item: ItemId;
			/** How it went. */
			state?: CommitmentState;
			/** What they took on. */
			text?: string;
			/** Until when. */
			due?: DayNumber;
	  }
	/** One that was taken back, put back as it was. */
	| {
			edit: 'commitmentBack';
			item: ItemId;
			member: MemberId;
			/** What they took on. */
			text: string;
			/** Until when. */
			due: DayNumber | null;
			/** How it went. */
			state: CommitmentState;
	  }
	/** One that is taken back. */
	| { edit: 'commitmentRemove'; item: ItemId };

/**
 * One edit of a note's body; indices are UTF-16 code units as they are after the edits before it.
 * - No edit cuts a surrogate pair, and text holds no lone surrogates.
 * - A page never removes text and markers in one splice.
 * - Marks of new text are said in full by `mark` edits after the splice, in both directions. A page
 *   also says `on: false` where text beside the new text has a mark that the new text has not.
 */
export type NoteOp =
	/** Removes, then inserts. New text has no marks but those that `Mark` edits after it say. */
	| {
			op: 'splice';
			/** Index in UTF-16 code units at which text goes and comes. */
			index: number;
			/** How many units go. */
			remove: number;
			/** What comes. */
			text: string;
	  }
	/** Puts a block marker. */
	| {
			op: 'block';
			/** Index in UTF-16 code units at which the marker is put; what is there moves on by one. */
			index: number;
			/** What it is. */
			block: Block;
	  }
	/** Changes the marker that stands at an index; it stays the same marker. */
	| {
			op: 'setBlock';
			/** Where it stands. */
			index: number;
			/** What it becomes. */
			block: Block;
	  }
	/** Sets or clears a mark. One that changes nothing is skipped, not written. */
	| {
			op: 'mark';
			/** First unit. */
			from: number;
			/** The unit after the last. */
			to: number;
			/** Which mark. */
			name: MarkName;
			/** Set or clear. */
			on: boolean;
	  };

/** Fields that hold one value. */
export type NoteFieldName =
	/** What the session was called. */
	| 'title'
	/** Where it was. */
	| 'place';
