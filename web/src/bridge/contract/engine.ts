// Written by `cargo xtask contract` from what the core declares: change it there.
import type { CircleId, Conversation, DayNumber, DocumentId, MemberId, MessageKey } from './ids';
import type { OwnEntry } from './journal';
import type { Commitment, Note, NoteOp } from './note';
import type { PlanPart } from './plan';
import type { KithProblem } from './problem';
import type { BodyState, Choice, Message } from './thread';
import type { Moment } from './toolkit';

/** Where an item is. */
export type Safety =
	/** Durable here only. */
	| 'phone'
	/** In a request under way. */
	| 'sending'
	/** The server acknowledged exactly what this phone holds, bodies included. */
	| 'safe'
	/** The server did not take it: the outbox says why. */
	| 'refused';

/** What an edit came to. */
export interface Version {
	/**
	 * The body's version after the edit. Of an edit beside the body it is what the version is now, which
	 * may count remote body edits whose notice is still on its way: only body edits and notices move the
	 * page's own.
	 */
	version: number;
}

/**
 * What one other member wrote since it was last looked at on this phone, of the last 30 days. Each
 * phone of a person counts by itself.
 */
export interface News {
	member: MemberId;
	/** Empty until their name came. */
	name: string;
	/** Messages that stand. */
	messages: number;
	/** Where they are. */
	threads: NewsPlace[];
	/** Notes that they changed. */
	notes: NewsNote[];
	/** When the last of it was written. */
	lastMs: number;
}

/** A conversation with new messages. */
export interface NewsPlace {
	thread: Conversation;
	/** What it is called; between two, the other's name. */
	title: string;
}

/** A session note that was changed. */
export interface NewsNote {
	document: DocumentId;
	title: string;
	day: DayNumber;
}

/** What a search found. */
export interface Found {
	/** The newest first. */
	hits: Hit[];
	/** There are older ones. */
	more: boolean;
	/**
	 * Too little was typed to be looked for: no word, or one sign of a script that puts no spaces between
	 * words.
	 */
	short: boolean;
	/**
	 * So many documents are not ready to be searched yet; a notice of the list `search` follows once they
	 * are.
	 */
	pending: number;
}

/** A text in which all words were found. */
export interface Hit {
	kind: FoundKind;
	document: DocumentId;
	/** Of a message, the conversation that it is in; else null. */
	thread: Conversation | null;
	/** The record's key; empty for a note. */
	key: string;
	/** What the note, strategy or conversation is called; may be empty. */
	title: string;
	/** Who wrote it; empty for a note, which several write. */
	author: MemberId;
	authorName: string;
	/** This phone's person wrote it. */
	mine: boolean;
	/** When it was written; of a note or an entry, the beginning of its day. */
	atMs: number;
	/** The day that a note or an entry is about; else null. */
	day: DayNumber | null;
	/** On one line, at most some 160 characters around what was found first. */
	excerpt: string;
	/** Where in the excerpt, ascending. */
	found: FoundRange[];
}

/** In what something was found. */
export type FoundKind =
	/** A session's note: its title, place, words, agenda, what people undertook. */
	| 'note'
	| 'message'
	| 'strategy'
	/** A line of this phone's person's plan. */
	| 'plan'
	/** What somebody takes on, or noted of how it went. */
	| 'commitment'
	/** A story that has no end, or a milestone. */
	| 'story'
	/** An entry of their journal. */
	| 'journal';

/** Where a word was found, in UTF-16 units. */
export interface FoundRange {
	from: number;
	/** The unit after the last. */
	to: number;
}

/** How leaving a circle stands. */
export interface Leaving {
	stage: LeavingStage;
	/** What this phone's person wrote goes too. */
	erase: boolean;
	/** Nobody else leads the circle and others are in: another one has to, first. */
	lastFacilitator: boolean;
	/** Things of this circle that are not safe on the server yet. */
	unsent: number;
	/** This person's other phones in this circle: each forgets it when it next hears of this. */
	phones: number;
}

/** How far leaving has come. */
export type LeavingStage =
	/** Nobody wants to. */
	| 'not'
	/**
	 * It was asked for. This phone erases what it is to, sends what is unsent, and then says it to the
	 * server: until then the circle knows nothing, and it can be undone.
	 */
	| 'asked'
	/** It was said, and the server may have heard it. */
	| 'said';

/** What is in one document. */
export interface RecordPage {
	/** In the order of writing. */
	items: RecordItem[];
	/** It can't be opened on this phone: what is in it is left out. */
	closed: boolean;
	/** What to ask for next; null: that was the last. */
	next: DocumentId | null;
}

/** One thing that this phone's person wrote. What its kind does not have is null or empty. */
export interface RecordItem {
	/** Its id among all items. */
	key: string;
	kind: ItemKind;
	audience: Audience;
	/** Whom it is shared with where that is one other, by name; else the conversation's or session's title. */
	place: string;
	/** When it was written; of a note 0, since its words have no times. */
	madeMs: number;
	/** The day that it is about. */
	day: DayNumber | null;
	/** Whether its words are here; `gone`: they were taken back. */
	body: BodyState;
	/** The words; of a kind that this build does not know, as they are kept. */
	text: string;
	/** The item that it answers, or in whose place it stands. */
	other: string | null;
	/** Of a journal's entry, what was noted. */
	entry: OwnEntry | null;
	/** Of a plan's line, its part. */
	part: PlanPart | null;
	/** Of a plan's line, its number. */
	phone: string;
	/** What was chosen about another. */
	choice: Choice | null;
	/** Of what they keep their word by, what it says. */
	kept: KeptSaid | null;
	/** Of a strategy, its title. */
	title: string;
	/** Of a strategy, when it is of use. */
	moments: Moment[];
	/** Of a note, the passages that this phone's person wrote, from front to back. */
	passages: string[];
	/** Of a note, what this phone's person took on. */
	commitments: Commitment[];
}

/** What a person would call a document. */
export type ItemKind =
	| 'note'
	| 'thread'
	/** The circle's page: its name, its agreement, its threads, its people's names. */
	| 'circle'
	| 'toolkit'
	/** A month of this phone's person's journal. */
	| 'journal'
	/** Their plan for hard moments. */
	| 'plan'
	/** What they chose about others. */
	| 'choices'
	/** What they keep their word on by themself. */
	| 'commitments'
	/** What they have with one other member beside their talk. */
	| 'between'
	/** What they reported to the organisation. */
	| 'reports'
	/** Stories and milestones. */
	| 'stories';

/** Who reads something. */
export type Audience =
	/** Its author alone. */
	| 'me'
	/** Its author and one other. */
	| 'pair'
	/** All facilitators. */
	| 'facilitators'
	/** One member and all facilitators. */
	| 'slice'
	/** Its author and the organisation. */
	| 'organisation'
	/** Whoever is in the circle. */
	| 'circle';

/** What was said of something that was taken on. */
export type KeptSaid = 'takenOn' | 'accepted' | 'declined' | 'done' | 'tried' | 'notThisTime' | 'ended';

/** A document with changes that are not safe yet. */
export interface OutboxItem {
	document: DocumentId;
	circle: CircleId;
	/** What a person calls it: a session's title, a thread's name. */
	label: string;
	kind: ItemKind;
	/** How many. */
	changes: number;
	bytes: number;
	safety: Safety;
	/** Set when it was refused. */
	problem: KithProblem | null;
}

/** How it stands with the server. */
export interface SyncStatus {
	state: SyncState;
	/** The last time the server acknowledged everything; null before the first. */
	lastSafeMs: number | null;
	lastTryMs: number | null;
	unsentItems: number;
	unsentBytes: number;
	/** How far history has come down, 0 to 1; null when nothing is under way. */
	progress: number | null;
	clock: ClockState;
	/** What its person is still to be told of this phone, until `resumedRead`. */
	resumed: Resumption | null;
	problem: KithProblem | null;
}

/** Whether the phone is talking to the server. */
export type SyncState =
	| 'idle'
	| 'syncing'
	/** The last try found no connection. */
	| 'offline'
	/** The last try ended with a problem. */
	| 'failed';

/** How the phone's clock stands against the server's, as it was last heard. */
export interface ClockState {
	/** What is to be added to the phone's time. */
	offsetMs: number;
	/** So far off that its person is told. */
	isWrong: boolean;
	/** They have not been told yet, until `clockTold`. */
	isNews: boolean;
}

/** What the server gave this phone that it had not written itself, or had it put away. */
export type Resumption =
	/** It was put back to an older state of itself, and took back what it lacked. */
	| 'putBack'
	/** Another phone goes on with its keys, beside it. */
	| 'copied'
	/** Its person left a circle, here or on another phone, and what this one had of it is gone. */
	| 'left';

/** What the engine tells every page by itself. */
export type EngineNotice =
	/** Edits of a note's body from elsewhere. */
	| {
			notice: 'noteBody';
			document: DocumentId;
			/** The one after these edits. */
			version: number;
			/** In the order in which they are made. */
			ops: NoteOp[];
	  }
	/** Anything of a note but its body changed: fields, attendance, agenda, commitments, safety. */
	| { notice: 'note'; note: Omit<Note, 'spans'> }
	/** New or changed messages, not the whole thread. */
	| {
			notice: 'messages';
			circle: CircleId;
			thread: Conversation;
			messages: Message[];
			/** Not there any more: written again under other keys, after this phone was put back. */
			gone: MessageKey[];
	  }
	/** A list should be asked for again when it is on screen. */
	| { notice: 'lists'; circle: CircleId; what: ListName[] }
	/** How it stands with the server changed. */
	| { notice: 'status'; status: SyncStatus }
	/** The engine in another tab took over, or stopped; the page keeps what it shows. */
	| { notice: 'engine'; state: EngineState; problem: KithProblem | null };

/** A list that a page may have on screen. */
export type ListName =
	| 'circles'
	| 'circle'
	| 'notes'
	| 'threads'
	| 'outbox'
	| 'people'
	| 'toolkit'
	| 'journal'
	| 'plan'
	| 'choices'
	| 'commitments'
	/** What this phone's person has with each of the others beside their talk. */
	| 'between'
	/** What can be searched: more of it is ready. */
	| 'search'
	| 'stories'
	/** Reports to facilitators. */
	| 'reports';

/** Whether the engine can be asked. */
export type EngineState =
	| 'ready'
	/** It runs in another tab. */
	| 'elsewhere'
	| 'stopped';
