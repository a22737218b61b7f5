/**
 * What the page and the engine's worker say to each other: plain data, structured-clone safe, no `any`.
 * The page sends a {@link Command} and gets one {@link Reply}; {@link Notice}s arrive by themselves.
 * Ids are lower-case hex. Times are milliseconds since 1970 UTC. Text indices are UTF-16 code units.
 */
import type { ClockState } from './clock';
import type { Candidate, Note, NoteEdit } from './contract.note';
import type { PeopleEvent } from './people-event';

export type { PeopleEvent } from './people-event';
export type { ClockState };
export type * from './contract.note';
export type CircleId = string;
export type DocumentId = string;
export type MemberId = string;
export type ThreadId = string;
/** A message's key: unique in its thread, sorts by nothing; order messages by `sentMs`, then key. */
export type MessageKey = string;
/** Days since 1970-01-01, a session's date. */
export type DayNumber = number;

export type Role = 'facilitator' | 'member';

/**
 * Where an item is. `phone`: durable here only. `sending`: in a request under way.
 * `safe`: the server acknowledged exactly what this phone holds, bodies included. `refused`: see outbox.
 */
export type Safety = 'phone' | 'sending' | 'safe' | 'refused';

export interface Member {
	member: MemberId;
	/**
	 * The chosen name; empty until its profile entry arrived. Of several who chose one name all but the first have a
	 * number behind it, as wherever names are.
	 */
	name: string;
	role: Role;
	/** This phone's own member. */
	me: boolean;
	/** Of a person whose phones named them at the same time, all names, the shown one first; else empty. */
	names: string[];
}

/**
 * How a person or phone stands in the circle. `provisional`: waits, since whoever let them in was taken out meanwhile,
 * until a facilitator confirms.
 */
export type Standing = 'active' | 'provisional' | 'removed';

/** A phone of a member, or a printed code. */
export interface PersonDevice {
	device: string;
	/** A printed code, not a phone. */
	paper: boolean;
	me: boolean;
	/** 0 by a clock that was ahead: not known. */
	sinceMs: number;
	standing: Standing;
	/** The server has not heard of it yet. */
	pending: boolean;
}
export interface Person {
	member: MemberId;
	name: string;
	role: Role;
	me: boolean;
	standing: Standing;
	/** The server has not heard yet that they came. */
	pending: boolean;
	/** Whose invitation or phone let them in; empty for the organisation, and for whoever began the circle. */
	letInBy: MemberId;
	letInByName: string;
	letInByIsOut: boolean;
	/** They are out, and this phone's person may bring them back by `confirm`. */
	canBringBack: boolean;
	devices: PersonDevice[];
}
/** An invitation that still lets somebody in. */
export interface OpenInvite {
	/** What `withdraw` calls it. */
	invite: string;
	role: Role;
	/** Whose new phone it is for; empty: for new people. */
	forMember: MemberId;
	forMemberName: string;
	/** How many may come in by it, and how many did. */
	uses: number;
	used: number;
	expiresMs: number;
	/** Empty for the organisation. */
	by: MemberId;
	byName: string;
	mine: boolean;
	/** The server has not heard of it yet: nobody can come in by it before that. */
	pending: boolean;
	mayWithdraw: boolean;
}
/** What somebody did on this phone and the server did not take: theirs to decide anew, or to dismiss. */
export interface Returned {
	statement: string;
	what: ReturnedKind;
	/** Whom it was about; empty when it was about nobody. */
	who: MemberId;
	whoName: string;
	/** Which phone or invitation `removeDevice` or `withdraw` was about, as they call it; empty for all else. */
	thing: string;
	/** A code that may grow: `too-soon`, `author-out`, `no-change`, `share-used`, `circle-full`, `lost-chain`, … */
	why: string;
}
export type ReturnedKind =
	'remove' | 'removeDevice' | 'confirm' | 'promote' | 'demote' | 'invite' | 'withdraw' | 'device' | 'setting';
/** One of two histories of a circle: how many records it has, and when the last of them was taken in. */
export interface ForkSide {
	position: number;
	timeMs: number;
}
/** The server signed two histories that cannot both be true. */
export interface Fork {
	sinceMs: number;
	ours: ForkSide;
	theirs: ForkSide;
}
export interface People {
	circle: CircleId;
	people: Person[];
	/** Newest first, at most 100. */
	events: PeopleEvent[];
	/** This phone may invite, remove, confirm, recover. */
	leads: boolean;
	/** Members begin conversations, too; else facilitators alone. */
	everyoneBegins: boolean;
	/** How many people may still be enrolled with no network. */
	offlineLeft: number;
	/** This member has a printed code that works. */
	hasPaper: boolean;
	/** Those that are still good, newest first. */
	invites: OpenInvite[];
	/** Oldest first. */
	returned: Returned[];
	/** Null while the server tells everyone the same. */
	fork: Fork | null;
}
/** A kind of document that only its group reads; sealed on the phone. */
export type SealedKind = 'journal' | 'plan' | 'facilitatorNote' | 'slice';

/** A way in: as a link, or as a short code to type where no link or camera is at hand. */
export interface Invitation {
	link: string;
	/** Groups of four letters and digits, joined by `-`. */
	code: string;
	/** 0 until the server's clock is known. */
	expiresMs: number;
	uses: number;
	/** More than one may come in by it, so that the link in a browser's history stays a way in. */
	many: boolean;
}
/** What a phone shows as a QR code; digits and capitals, so that it packs well. */
export interface QrOffer {
	qr: string;
}
/**
 * The answer to a QR code. `words`: six numbers from 0 to 255, an index each into the list of words to compare.
 * `name`: what the new phone's person wants to be called, at most 40 bytes.
 */
export interface QrGrant {
	qr: string;
	words: number[];
	name: string;
}
export interface QrTaken {
	circle: CircleSummary;
	words: number[];
}
/** To be printed or written down, and to be kept where nobody else looks. */
export interface PaperCode {
	/** Groups of four letters and digits, joined by `-`. */
	code: string;
}

export interface CircleSummary {
	circle: CircleId;
	name: string;
	members: number;
	unread: number;
	/** Enrolled with no network: the server has not said yes yet. */
	pending: boolean;
	/** How this phone stands in it: one that is out reads what it has, and neither sends nor gets anything. */
	standing: Standing;
	/** What its people must be told; null when there is nothing. */
	warning: CircleWarning | null;
	/** This phone's person may begin conversations. */
	mayBegin: boolean;
}

/**
 * `fork`: the server tells people different things about who is in, with proof. `other-person`: the circle's list makes
 * this phone somebody else than it came in as, so that it is stopped here. `server-behind`: the server was put back to
 * an older state, and waits for what it lost. `needs-update`: a newer Kith wrote something that this one does not know.
 * `records-withheld`: the server gave something unlawful, or kept back what belongs to it.
 */
export type CircleWarning = 'fork' | 'other-person' | 'server-behind' | 'needs-update' | 'records-withheld';

export interface Circle {
	circle: CircleId;
	name: string;
	agreement: string;
	members: Member[];
	me: Member;
	/** The name that this phone's person chose, as they wrote it. In `me` and everywhere else names are told apart. */
	ownName: string;
	/** Of a name, and of an agreement, that people wrote at the same time, all values (P04); else empty. */
	names: Candidate[];
	agreements: Candidate[];
}

export interface NoteSummary {
	document: DocumentId;
	day: DayNumber;
	ordinal: number;
	title: string;
	/** First words of the note's text, whole, at most 120 characters. */
	excerpt: string;
	present: number;
	safety: Safety;
	/** Not seen on this phone since someone else changed it. */
	changed: boolean;
}

export type BlockKind = 'paragraph' | 'heading' | 'bullet' | 'todo';
/** A block marker takes one index in the note's sequence; text before the first marker is a paragraph. */
export interface Block {
	kind: BlockKind;
	/** 1 to 3 for headings, else 0. */
	level: number;
	/** For to-dos. */
	checked: boolean;
}
export type MarkName = 'strong' | 'em';
/** A run of the note's sequence: either one block marker or text with its marks. */
export type Span = { type: 'block'; block: Block } | { type: 'text'; text: string; marks: MarkName[] };

/**
 * One edit in the note's sequence, indices as they are when it is applied (after those before it).
 * - `remove` counts indices; the page never removes text and markers in one splice.
 * - No edit cuts a surrogate pair. Text holds no lone surrogates.
 * - Marks of new text are said in full by `mark` edits after the splice, in both directions: a splice without
 *   them brings unmarked text. The page also says `on: false` where text beside the new text has a mark that the
 *   new text has not; a `mark` edit that changes nothing is to be skipped by the engine, not written.
 * - `block` at an index puts a marker there; the text from there to the next marker is then its block's.
 */
export type NoteOp =
	| { op: 'splice'; index: number; remove: number; text: string }
	| { op: 'block'; index: number; block: Block }
	| { op: 'setBlock'; index: number; block: Block }
	| { op: 'mark'; from: number; to: number; name: MarkName; on: boolean };

/** Neighbouring words that the same people wrote; where a block begins, `text` has a line feed. */
export interface Passage {
	text: string;
	/** Empty while it is not known whose they are. A word that two people wrote has both. */
	authors: { member: MemberId; name: string }[];
}

export interface ThreadSummary {
	thread: ThreadId;
	title: string;
	/**
	 * The last message that nobody took back, whole words, at most 120 characters; empty when there is none, or its text
	 * is not here.
	 */
	excerpt: string;
	/** When it was written. */
	lastMs: number | null;
	/** Who wrote it; empty until their name came. */
	lastName: string;
	lastMine: boolean;
	/** Why its text is not here; `gone`: all that was written here was taken back. Null when nobody wrote yet. */
	lastBody: Message['body'] | null;
	unread: number;
	/** Of a title that people wrote at the same time, all values (P04); else empty. */
	titles: Candidate[];
}

/** Reactions carry who, never how many: the page shows names, no counts. */
export type ReactionKind = 'relate' | 'thanks' | 'strength' | 'withYou';
export interface Message {
	key: MessageKey;
	author: MemberId;
	authorName: string;
	mine: boolean;
	sentMs: number;
	text: string;
	/**
	 * Why the text is not here: `missing` may still come, `gone` was taken back, `before`: written before this phone
	 * came in, so it stays closed, `waiting`: its key has not come yet (it comes by itself with a sync), `unverified`:
	 * it does not fit its author or place.
	 */
	body: 'here' | 'missing' | 'gone' | 'before' | 'waiting' | 'unverified';
	/** Its author was taken out of the circle since. */
	left: boolean;
	replyTo: MessageKey | null;
	reactions: { kind: ReactionKind; names: string[]; mine: boolean }[];
	safety: Safety;
}
export interface Thread {
	thread: ThreadId;
	circle: CircleId;
	title: string;
	/** Oldest first; the newest `limit` asked for. */
	messages: Message[];
	/** There are older ones. */
	more: boolean;
}

export interface OutboxItem {
	document: DocumentId;
	circle: CircleId;
	/** What a person calls it: a session's title, a thread's name. */
	label: string;
	kind: 'note' | 'thread' | 'circle';
	changes: number;
	bytes: number;
	safety: Safety;
	/** Set when refused: the code and a plain sentence. */
	problem: KithProblem | null;
}

export interface SyncStatus {
	state: 'idle' | 'syncing' | 'offline' | 'failed';
	/** The last time the server acknowledged everything; null before the first. */
	lastSafeMs: number | null;
	lastTryMs: number | null;
	unsentItems: number;
	unsentBytes: number;
	/** Progress while history comes down, 0 to 1; null when nothing is under way. */
	progress: number | null;
	clock: ClockState;
	/** What its person is still to be told of this phone, until `resumedRead`. */
	resumed: Resumption | null;
	problem: KithProblem | null;
}

/**
 * The server gave this phone what it had not written itself. `putBack`: it was put back to an older state of itself, and
 * took back what it lacked. `copied`: another phone goes on with its keys, beside it.
 */
export type Resumption = 'putBack' | 'copied';

/** What went wrong. What people are told of it, and what to do, the page says by these (`state/said.ts`). */
export interface KithProblem {
	code: ProblemCode;
	/** Which case of it, where people are told more than the code alone says. */
	why?: ProblemWhy | null;
	/** How many: characters that do not fit, or changes that are not shown. */
	count?: number | null;
	/** Trying again can help. */
	retry: boolean;
	/** For whoever looks for a fault; shown to nobody. */
	detail?: string;
}
/** The engine's cases, or one of {@link Returned.why}, or what the browser hinders. */
export type ProblemWhy =
	| 'link-unknown'
	| 'link-withdrawn'
	| 'other-server'
	| 'answer-unverified'
	| 'other-link'
	| 'day'
	| 'many-sessions'
	| 'invite-bounds'
	| 'not-yours'
	| 'begins-not'
	| 'found-used'
	| 'found-not'
	| 'not-to-read'
	| 'full-note'
	| 'full-thread'
	| 'full-circle'
	| 'earlier'
	| 'server-version'
	| 'later'
	| 'lacking'
	| 'set-aside'
	| 'part-unverified'
	| 'put-back'
	| 'chain-waiting'
	| 'other-person'
	| 'other-kind'
	| 'paper-unknown'
	| 'swapped'
	| 'somebody-elses'
	| 'ask-first'
	| 'warrant-over'
	| 'slower'
	| Hindrance
	| (string & {});
/** What a browser lacks or refuses: no https, no storage, too old. */
export type Hindrance = 'not-secure' | 'storage-refused' | 'too-old' | 'emptied';
export type ProblemCode =
	| 'link-invalid'
	| 'link-used'
	| 'link-expired'
	| 'not-enrolled'
	| 'offline'
	| 'not-our-server'
	| 'server-error'
	| 'clock-wrong'
	| 'removed'
	| 'stale'
	| 'unknown-document'
	| 'unknown-circle'
	| 'too-long'
	| 'empty'
	| 'bad-input'
	| 'storage-full'
	| 'storage-failed'
	| 'storage-corrupt'
	| 'refused'
	| 'engine-stopped'
	| 'other-version'
	/** The circle's key has not come to this phone yet. */
	| 'key-waiting'
	/** What was scanned or typed is no code of Kith, or of another kind. */
	| 'code-invalid'
	/** No more people can be enrolled with no network until this phone was online. */
	| 'warrant-used'
	/** Only facilitators may. */
	| 'not-allowed'
	/** A document holds as much of this person's as it may. */
	| 'full';

export type Command =
	| { cmd: 'circles' }
	/** `link`: a link, or a short code as it was typed. */
	| { cmd: 'enrol'; link: string; name: string }
	| { cmd: 'circle'; circle: CircleId }
	| { cmd: 'rename'; circle: CircleId; name: string }
	| { cmd: 'notes'; circle: CircleId }
	/** Opens the session's note of that day, making it if it is new. */
	| { cmd: 'createNote'; circle: CircleId; day: DayNumber; ordinal: number; title: string }
	| { cmd: 'openNote'; document: DocumentId }
	/** Who wrote each word of a note's body. */
	| { cmd: 'passages'; document: DocumentId }
	| { cmd: 'editNote'; document: DocumentId; edit: NoteEdit }
	/** Blur, leaving, before sync: turn what was typed into a change now. */
	| { cmd: 'flush' }
	/** The person was told that their clock is wrong. */
	| { cmd: 'clockTold' }
	| { cmd: 'close'; document: DocumentId }
	| { cmd: 'threads'; circle: CircleId }
	| { cmd: 'createThread'; circle: CircleId; title: string }
	/** For facilitators: names it, or chooses among its names. */
	| { cmd: 'setThread'; circle: CircleId; thread: ThreadId; title: string }
	| { cmd: 'setCircle'; circle: CircleId; name?: string; agreement?: string }
	| { cmd: 'openThread'; circle: CircleId; thread: ThreadId; limit: number }
	| { cmd: 'send'; circle: CircleId; thread: ThreadId; text: string; replyTo: MessageKey | null }
	| { cmd: 'react'; circle: CircleId; thread: ThreadId; key: MessageKey; kind: ReactionKind; on: boolean }
	| { cmd: 'seen'; circle: CircleId; thread: ThreadId }
	/** Takes back one's own message: everywhere, for good. */
	| { cmd: 'takeBack'; circle: CircleId; thread: ThreadId; key: MessageKey }
	/** Makes a circle; for a phone that the organisation made a facilitator's. */
	| { cmd: 'found'; name: string; circleName: string }
	| { cmd: 'people'; circle: CircleId }
	/** For new people. `past`: they may read what was written before they came. */
	| { cmd: 'invite'; circle: CircleId; role: Role; past: boolean; uses: number; days: number }
	/** For another phone of a member who is here already: one's own, or (`recovers`) one who lost theirs. */
	| { cmd: 'inviteDevice'; circle: CircleId; member: MemberId; recovers: boolean }
	/** Ends an invitation. */
	| { cmd: 'withdraw'; circle: CircleId; invite: string }
	/** `also`: whom that member let in and who are taken out in the same step. */
	| { cmd: 'remove'; circle: CircleId; member: MemberId; also: MemberId[] }
	| { cmd: 'removeDevice'; circle: CircleId; device: string }
	/** Lets in whoever waits; brings back, as a member, whoever is out. */
	| { cmd: 'confirm'; circle: CircleId; member: MemberId }
	| { cmd: 'promote'; circle: CircleId; member: MemberId }
	| { cmd: 'setConversations'; circle: CircleId; everyone: boolean }
	/** Makes a facilitator a member again. */
	| { cmd: 'demote'; circle: CircleId; member: MemberId }
	/** What `SyncStatus.resumed` tells was read. */
	| { cmd: 'resumedRead' }
	/** A returned statement was read. */
	| { cmd: 'dismiss'; circle: CircleId; statement: string }
	/** After a fork was shown, for facilitators: which of the two histories this phone goes on with. */
	| { cmd: 'goOn'; circle: CircleId; with: 'ours' | 'theirs' }
	/** With no network, on the new phone: what to show to the facilitator's. */
	| { cmd: 'qrAsk'; name: string }
	/** On the facilitator's phone: what was scanned; answers with what the new phone scans. `member`: who comes back, else null. */
	| { cmd: 'qrGrant'; circle: CircleId; qr: string; role: Role; past: boolean; member: MemberId | null }
	/** On the new phone: what was scanned of the facilitator's. */
	| { cmd: 'qrTake'; qr: string }
	/**
	 * Opens a document that only its group reads, as a note: one's own journal of a month or plan, the facilitators' note
	 * of a day, or what they keep about a member. `day`: days since 1970; of the journal, any of its month.
	 */
	| { cmd: 'openSealed'; circle: CircleId; kind: SealedKind; member: MemberId | null; day: DayNumber }
	/** Makes a printed code for this member; an earlier one stops working. */
	| { cmd: 'paper'; circle: CircleId }
	/** Comes back with a printed code: this phone becomes the member's. */
	| { cmd: 'paperUse'; code: string }
	| { cmd: 'outbox' }
	| { cmd: 'status' }
	| { cmd: 'sync' }
	/** Words begun and not sent: kept sealed by the worker, beside the engine. `key` holds ids alone. */
	| { cmd: 'readDraft'; key: string }
	/** An empty text forgets them. */
	| { cmd: 'writeDraft'; key: string; text: string };

export interface Replies {
	circles: CircleSummary[];
	enrol: CircleSummary;
	circle: Circle;
	rename: Circle;
	notes: NoteSummary[];
	createNote: Note;
	openNote: Note;
	passages: Passage[];
	/**
	 * The body's version after the edit. Of an edit beside the body it is what the version is now, which may count remote
	 * body edits whose notice is still on its way: only body edits and notices move the page's own.
	 */
	editNote: { version: number };
	flush: null;
	clockTold: null;
	close: null;
	threads: ThreadSummary[];
	createThread: ThreadSummary;
	setThread: null;
	setCircle: Circle;
	openThread: Thread;
	send: Message;
	react: null;
	seen: null;
	takeBack: null;
	found: CircleSummary;
	people: People;
	invite: Invitation;
	inviteDevice: Invitation;
	withdraw: People;
	remove: People;
	removeDevice: People;
	confirm: People;
	promote: People;
	setConversations: People;
	demote: People;
	resumedRead: null;
	dismiss: People;
	goOn: People;
	qrAsk: QrOffer;
	qrGrant: QrGrant;
	qrTake: QrTaken;
	openSealed: Note;
	paper: PaperCode;
	paperUse: CircleSummary[];
	outbox: OutboxItem[];
	status: SyncStatus;
	sync: SyncStatus;
	/** Empty when there are none. */
	readDraft: { text: string };
	writeDraft: null;
}

export type Reply<C extends Command['cmd']> =
	{ ok: true; value: Replies[C] } | { ok: false; problem: KithProblem };

export type Notice =
	/** Body edits from elsewhere, in order; `version` is the one after them. Fields came along when set. */
	| { notice: 'noteBody'; document: DocumentId; version: number; ops: NoteOp[] }
	/** Anything of the note but its body changed: fields, attendance, agenda, commitments, safety. */
	| { notice: 'note'; note: Omit<Note, 'spans'> }
	/** New or changed messages, not the whole thread. */
	| {
			notice: 'messages';
			circle: CircleId;
			thread: ThreadId;
			messages: Message[];
			/** Not there any more: written again under other keys, after this phone was put back. */
			gone: MessageKey[];
	  }
	/** A list should be asked for again when it is on screen. */
	| {
			notice: 'lists';
			circle: CircleId;
			what: ('circles' | 'circle' | 'notes' | 'threads' | 'outbox' | 'people')[];
	  }
	| { notice: 'status'; status: SyncStatus }
	/** The engine's first download, 0 to 1, or null when its size is not known. */
	| { notice: 'loading'; part: number | null }
	/** The engine in another tab took over, or stopped; the page keeps what it shows. */
	| { notice: 'engine'; state: 'ready' | 'elsewhere' | 'stopped'; problem: KithProblem | null };

/** What the web's state layer is given: the only door to the engine. */
export interface Bridge {
	ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>>;
	/** Returns the way to stop listening. */
	listen(listener: (notice: Notice) => void): () => void;
}
