// Written by `cargo xtask contract` from what the core declares: change it there.
import type { CircleId, Conversation, DocumentId, MessageKey } from './ids';
import type { Note, NoteOp } from './note';
import type { KithProblem } from './problem';
import type { Message } from './thread';

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
	| 'between';

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

/** The server gave this phone what it had not written itself. */
export type Resumption =
	/** It was put back to an older state of itself, and took back what it lacked. */
	| 'putBack'
	/** Another phone goes on with its keys, beside it. */
	| 'copied';

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
	| 'between';

/** Whether the engine can be asked. */
export type EngineState =
	| 'ready'
	/** It runs in another tab. */
	| 'elsewhere'
	| 'stopped';
