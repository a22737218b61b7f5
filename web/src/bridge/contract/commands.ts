// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Found, Leaving, News, OutboxItem, RecordPage, SyncStatus, Version } from './engine';
import type {
	AgreementDigest,
	CircleId,
	Conversation,
	DayNumber,
	DeviceId,
	DocumentId,
	InviteKey,
	ItemId,
	JournalKey,
	KeptKey,
	MemberId,
	MessageKey,
	PlanLineKey,
	RecordKey,
	ReportKey,
	StatementId,
	StoryKey,
	StrategyKey,
	ThreadId,
} from './ids';
import type { Journal, JournalEntry, OwnEntry } from './journal';
import type { Attempt, Commitments, KeptCommitment, Outcome } from './kept';
import type { Note, NoteEdit, NoteSummary, Passage } from './note';
import type {
	Circle,
	CircleSummary,
	Invitation,
	PaperCode,
	People,
	QrGrant,
	QrOffer,
	QrTaken,
	Role,
} from './people';
import type { Plan, PlanLine, PlanPart } from './plan';
import type { Report, ReportWay } from './reports';
import type { Story, Told } from './stories';
import type { ChoiceKind, Choices, Message, ReactionKind, Thread, ThreadSummary } from './thread';
import type { Moment, Strategy } from './toolkit';

/** What a person wants. A field without a doc comment is what its name and its type say. */
export type EngineCommand =
	/** The circles on this phone. */
	| { cmd: 'circles' }
	/** Opens an enrolment link. */
	| {
			cmd: 'enrol';
			/** A link, or a short code, as it was typed or pasted. */
			link: string;
			/** The name to be known by. */
			name: string;
	  }
	/** One circle: its agreement and its members. */
	| { cmd: 'circle'; circle: CircleId }
	/** Has this phone's person be known by another name. */
	| {
			cmd: 'rename';
			circle: CircleId;
			/** The name to be known by. */
			name: string;
	  }
	/** The circle's sessions, the latest first. */
	| { cmd: 'notes'; circle: CircleId }
	/** Opens the note of a session of that day, making it if it is new. */
	| {
			cmd: 'createNote';
			circle: CircleId;
			/** The session's date. */
			day: DayNumber;
			/** 0 for the day's first session, at most 15. */
			ordinal: number;
			/** Given only to a new one; may be empty. */
			title: string;
	  }
	/** Opens a note: what comes into it is noticed until it is closed. */
	| { cmd: 'openNote'; document: DocumentId }
	/** Who wrote each word of a note's body. */
	| { cmd: 'passages'; document: DocumentId }
	/** Changes a note. What was done once is answered with the version as it is now. */
	| { cmd: 'editNote'; document: DocumentId; edit: NoteEdit }
	/** On blur, on leaving, before a sync: turns what was typed into a change now. */
	| { cmd: 'flush' }
	/** The person was told that their clock is wrong. */
	| { cmd: 'clockTold' }
	/** A document is not on screen any more. What was typed becomes a change. */
	| { cmd: 'close'; document: DocumentId }
	/** The circle's threads. */
	| { cmd: 'threads'; circle: CircleId }
	/** Begins a thread. */
	| {
			cmd: 'createThread';
			circle: CircleId;
			/** What it is called. */
			title: string;
	  }
	/** For facilitators: names a thread, or chooses among names that were given at the same time. */
	| {
			cmd: 'setThread';
			circle: CircleId;
			thread: ThreadId;
			/** What it is called. */
			title: string;
	  }
	/**
	 * For facilitators: says what a circle is called, or what its people agreed on; or chooses, as of
	 * `setThread`.
	 */
	| {
			cmd: 'setCircle';
			circle: CircleId;
			/** What it is called, when that changes. */
			name?: string;
			/** What its people agreed on, when that changes. */
			agreement?: string;
			/**
			 * Who follows up on an answer that worries, when that changes. With `followUpBy` both say something,
			 * or nothing.
			 */
			followUpWho?: string;
			/** By when, in words, when that changes. */
			followUpBy?: string;
			/** Whether the circle is about alcohol, when that changes. */
			aboutAlcohol?: boolean;
			/**
			 * How the circle begins when it meets, when that changes: at most 500 characters, empty for nothing.
			 */
			opening?: string;
			/** How it ends, as of `opening`. */
			closing?: string;
	  }
	/** For facilitators: adds a line to the circle's agreement. */
	| {
			cmd: 'addAgreementLine';
			circle: CircleId;
			/** At most 300 characters. */
			text: string;
	  }
	/** For facilitators: says a line of the agreement in other words; or chooses, as of `setThread`. */
	| {
			cmd: 'setAgreementLine';
			circle: CircleId;
			item: ItemId;
			/** Empty takes it out. One that is not there any more stays so. */
			text: string;
	  }
	/** Agrees to what the circle agreed on, in one's own name; or agrees no more. */
	| {
			cmd: 'agree';
			circle: CircleId;
			/**
			 * The digest that stood with the lines that were read; null: no more. Where they say something else by
			 * now, nothing is said, and the reply shows what they say.
			 */
			digest: AgreementDigest | null;
	  }
	/** For facilitators: says that somebody does something for the circle. */
	| {
			cmd: 'addRole';
			circle: CircleId;
			/** What it is called, at most 120 characters. */
			name: string;
			/** Whose it is; null for nobody's yet. */
			member: MemberId | null;
	  }
	/** For facilitators: changes a role; or chooses, as of `setThread`. */
	| {
			cmd: 'setRole';
			circle: CircleId;
			item: ItemId;
			/**
			 * What it is called, when that changes; empty takes it away. One that is not there any more stays so.
			 */
			name?: string;
			/** Whose it is, when that changes. */
			member?: MemberId;
	  }
	/** For facilitators: enters whom people can call. It has a name, and a number to call or to text. */
	| {
			cmd: 'addHelpline';
			circle: CircleId;
			/** What it is called. */
			name: string;
			/**
			 * The number to call; empty for none, as are the texts that follow. Numbers: digits, spaces and `+ * #
			 * - ( ) /`.
			 */
			phone: string;
			/** The number to text. */
			sms: string;
			/** Where it is for. */
			region: string;
			/** When somebody answers, in words. */
			hours: string;
			/** In which languages. */
			language: string;
			/** The day on which somebody made sure that all of it is right. */
			checked: DayNumber | null;
	  }
	/** For facilitators: changes a helpline; or chooses, as of `setThread`. */
	| {
			cmd: 'setHelpline';
			circle: CircleId;
			item: ItemId;
			/** As of `addHelpline`, each when it changes. */
			name?: string;
			phone?: string;
			sms?: string;
			region?: string;
			hours?: string;
			language?: string;
			checked?: DayNumber;
	  }
	/** For facilitators: removes a helpline. */
	| { cmd: 'removeHelpline'; circle: CircleId; item: ItemId }
	/** Opens a thread. */
	| {
			cmd: 'openThread';
			circle: CircleId;
			thread: Conversation;
			/** The newest so many messages, at most 2,000. */
			limit: number;
	  }
	/** Writes a message. */
	| {
			cmd: 'send';
			circle: CircleId;
			thread: Conversation;
			/** The words, at most 4,000 bytes. */
			text: string;
			/** The message that it answers. */
			replyTo: MessageKey | null;
	  }
	/** Reacts to a message, or takes that back. */
	| {
			cmd: 'react';
			circle: CircleId;
			thread: Conversation;
			key: MessageKey;
			kind: ReactionKind;
			/** Whether it is given or taken back. */
			on: boolean;
	  }
	/** All of a thread was seen. */
	| { cmd: 'seen'; circle: CircleId; thread: Conversation }
	/** Takes back one's own message: everywhere, for good. */
	| { cmd: 'takeBack'; circle: CircleId; thread: Conversation; key: MessageKey }
	/** For facilitators: hides a message of a thread of the circle from the others, or shows it again. */
	| {
			cmd: 'hide';
			circle: CircleId;
			thread: Conversation;
			key: MessageKey;
			/** Whether it is hidden. */
			on: boolean;
	  }
	/**
	 * What helps, as the circle's people wrote it down for each other: all strategies, those taken back
	 * too.
	 */
	| { cmd: 'toolkit'; circle: CircleId }
	/** Writes a strategy down for the circle. */
	| {
			cmd: 'addStrategy';
			circle: CircleId;
			/** What it is called. */
			title: string;
			/** What to do. */
			text: string;
			/** When it is of use, at most 8; one that is given twice counts once. */
			moments: Moment[];
			/** The strategy that it was adapted from. */
			adaptedFrom: StrategyKey | null;
	  }
	/** Says that a strategy helped this phone's person, or takes that back. */
	| {
			cmd: 'helped';
			circle: CircleId;
			key: StrategyKey;
			/** Whether it helped. */
			on: boolean;
	  }
	/** Takes back one's own strategy: everywhere, for good. What was adapted from it stays. */
	| { cmd: 'takeBackStrategy'; circle: CircleId; key: StrategyKey }
	/** For facilitators: hides a strategy from the others, or shows it again. */
	| {
			cmd: 'hideStrategy';
			circle: CircleId;
			key: StrategyKey;
			/** Whether it is hidden. */
			on: boolean;
	  }
	/** Stories and milestones that one's people share: none that ended, or was taken back. */
	| { cmd: 'stories'; circle: CircleId }
	/** Shares a story or a milestone. */
	| {
			cmd: 'addStory';
			circle: CircleId;
			told: Told;
			/** The people who alone are told it, at most 32; empty for the whole circle. */
			to: MemberId[];
	  }
	/** Reacts to a story or milestone, or takes that back. */
	| {
			cmd: 'reactToStory';
			circle: CircleId;
			key: StoryKey;
			kind: ReactionKind;
			/** Whether it is given or taken back. */
			on: boolean;
	  }
	/**
	 * For facilitators: hides from the others a story or milestone that the whole circle is told, or shows
	 * it again.
	 */
	| {
			cmd: 'hideStory';
			circle: CircleId;
			key: StoryKey;
			/** Whether it is hidden. */
			on: boolean;
	  }
	/** Ends one's own story or milestone: it is taken back everywhere, for good. */
	| { cmd: 'endStory'; circle: CircleId; key: StoryKey }
	/** One's own reports, and for facilitators those that were sent to them; the latest first. */
	| { cmd: 'reports'; circle: CircleId }
	/** Where a report of what somebody else wrote would go. */
	| {
			cmd: 'reportWay';
			circle: CircleId;
			/** Of a message, strategy, story or milestone. */
			key: RecordKey;
	  }
	/** Reports it to each facilitator but its author. What was said before is not said twice. */
	| {
			cmd: 'report';
			circle: CircleId;
			/** Of a message, strategy, story or milestone. */
			key: RecordKey;
			/** Whom alone its person was told that it goes to; empty for the organisation. */
			to: MemberId[];
			/** Why; at most 1,000 characters, may be empty. */
			words: string;
	  }
	/** Takes back one's own report: everywhere, for good. */
	| { cmd: 'takeBackReport'; circle: CircleId; key: ReportKey }
	/** For facilitators: says that a report is dealt with, or takes that back. */
	| {
			cmd: 'handleReport';
			circle: CircleId;
			key: ReportKey;
			/** Whether it is. */
			on: boolean;
	  }
	/** One's own plan for hard moments. */
	| { cmd: 'plan'; circle: CircleId }
	/** Writes a line of one's own plan. */
	| {
			cmd: 'addPlanLine';
			circle: CircleId;
			part: PlanPart;
			/** At most 300 characters. */
			text: string;
			/** A number to call, at most 40 digits, spaces and `+*#-()/.`; or empty. */
			phone: string;
			/** The line in whose place it comes, which is taken back. */
			replaces: PlanLineKey | null;
	  }
	/** Takes back a line of one's own plan: everywhere, for good. */
	| { cmd: 'removePlanLine'; circle: CircleId; key: PlanLineKey }
	/** One's own journal. */
	| {
			cmd: 'journal';
			circle: CircleId;
			/** The newest so many months in which something was written, 1 to 120. */
			months: number;
	  }
	/** Writes an entry of one's own journal. */
	| {
			cmd: 'addEntry';
			circle: CircleId;
			/** The day that it is about, at the latest tomorrow. */
			day: DayNumber;
			entry: OwnEntry;
			/** The entry in whose place it comes, which is taken back. */
			replaces: JournalKey | null;
	  }
	/** Takes back an entry of one's own journal: everywhere, for good. */
	| { cmd: 'removeEntry'; circle: CircleId; key: JournalKey }
	/** What this phone's person chose about others: nobody else is told. */
	| { cmd: 'choices'; circle: CircleId }
	/** Chooses something about another member, or chooses it no more. */
	| {
			cmd: 'choose';
			circle: CircleId;
			choice: ChoiceKind;
			member: MemberId;
			/** Whether it holds. */
			on: boolean;
	  }
	/** What this phone's person keeps their word by: alone, and with each of the others. */
	| { cmd: 'commitments'; circle: CircleId }
	/** Takes something on. */
	| {
			cmd: 'addCommitment';
			circle: CircleId;
			/** With whom, who is asked and reads it; null: alone, and nobody does. */
			with: MemberId | null;
			/** Its first day, at the latest tomorrow. */
			since: DayNumber;
			/** As of `days`(super::view::KeptCommitment::days). */
			days: number;
			/** On which day, once; null beside days of the week. */
			due: DayNumber | null;
			/** What it was taken on from, at most 80 letters and signs without white space; may be empty. */
			from: string;
			/** At most 300 characters. */
			words: string;
	  }
	/** Says to whoever asked for one whether one is with them. */
	| { cmd: 'answerCommitment'; circle: CircleId; key: KeptKey; accepted: boolean }
	/** Notes how it went. */
	| {
			cmd: 'addAttempt';
			circle: CircleId;
			/** Of what. */
			key: KeptKey;
			/** From its first day on, at the latest tomorrow. */
			day: DayNumber;
			outcome: Outcome;
			/** At most 1,000 characters; may be empty. */
			note: string;
	  }
	/** Says that something is done with. */
	| { cmd: 'endCommitment'; circle: CircleId; key: KeptKey }
	/** Takes back what one wrote oneself of all this, of whichever kind: everywhere, for good. */
	| { cmd: 'takeBackKept'; circle: CircleId; key: KeptKey }
	/** What others wrote since this phone's person last looked, by author; the latest first. */
	| { cmd: 'news'; circle: CircleId }
	/**
	 * Looks for words in all that this phone's person may read in a circle: notes, messages, toolkit,
	 * their own plan and journal. Nothing of it leaves the phone.
	 */
	| {
			cmd: 'search';
			circle: CircleId;
			/**
			 * At most 4,096 bytes. All words are found, each as the beginning of one, whatever its case and
			 * accents; empty: nothing is looked for, and what was written is made ready.
			 */
			words: string;
			/** The newest so many, 1 to 500. */
			limit: number;
	  }
	/** Makes a circle; for a phone that the organisation made a facilitator's. */
	| {
			cmd: 'found';
			/** The name to be known by. */
			name: string;
			/** What the circle is called. */
			circleName: string;
	  }
	/** Who is in the circle, and what happened. */
	| { cmd: 'people'; circle: CircleId }
	/** Makes a link and short code for new people. */
	| {
			cmd: 'invite';
			circle: CircleId;
			role: Role;
			/** Whether they may read what was written before they came. */
			past: boolean;
			/** How many may come in by it, 1 to 100. */
			uses: number;
			/** For how many days it is good, 1 to 60. */
			days: number;
			/**
			 * Names this ask; the worker gives it. Asked again by the same name, the same invitation is given;
			 * with none, always another.
			 */
			once?: string;
	  }
	/** Makes a link and short code for another phone of a member who is here already. */
	| {
			cmd: 'inviteDevice';
			circle: CircleId;
			member: MemberId;
			/** They lost their phone: their other phones go. */
			recovers: boolean;
			/** As of `invite`. */
			once?: string;
	  }
	/** Takes a member out. */
	| {
			cmd: 'remove';
			circle: CircleId;
			member: MemberId;
			/** Members whom that member let in, and who are taken out in the same step. */
			also?: MemberId[];
	  }
	/** Takes a phone out. */
	| { cmd: 'removeDevice'; circle: CircleId; device: DeviceId }
	/** Lets in whoever waits; brings back, as a member, whoever is out. */
	| { cmd: 'confirm'; circle: CircleId; member: MemberId }
	/** Makes a member a facilitator. */
	| { cmd: 'promote'; circle: CircleId; member: MemberId }
	/** Makes a facilitator a member again. */
	| { cmd: 'demote'; circle: CircleId; member: MemberId }
	/** Decides who begins conversations. */
	| {
			cmd: 'setConversations';
			circle: CircleId;
			/** Members too; else facilitators alone. */
			everyone: boolean;
	  }
	/** How leaving a circle stands. */
	| { cmd: 'leaving'; circle: CircleId }
	/**
	 * This phone's person leaves the circle: when the server next hears of it, and not before what they
	 * wrote is safe there. Asked again, it is as asked last. Of a circle that they are out of already, or
	 * not in yet, what is here goes at once.
	 */
	| {
			cmd: 'leave';
			circle: CircleId;
			/** What they wrote goes first, everywhere, for good. */
			erase: boolean;
			/** What can't be sent or erased is not waited for. */
			anyway: boolean;
	  }
	/** They stay after all. Once it was said to the server it can't be undone. */
	| { cmd: 'stay'; circle: CircleId }
	/** What this phone's person wrote, one document at a time. */
	| {
			cmd: 'record';
			circle: CircleId;
			/** The document, as the page before named it; null for the first. */
			document: DocumentId | null;
	  }
	/** Ends an invitation. */
	| {
			cmd: 'withdraw';
			circle: CircleId;
			/** Its key, as people are shown it. */
			invite: InviteKey;
	  }
	/** What the status tells of a phone that took in what it had not written was read. */
	| { cmd: 'resumedRead' }
	/** That a statement was not taken was read. */
	| { cmd: 'dismiss'; circle: CircleId; statement: StatementId }
	/**
	 * For facilitators, after the server was proven to tell people different things: with which of the two
	 * histories this phone goes on.
	 */
	| { cmd: 'goOn'; circle: CircleId; with: ForkSide }
	/** With no network, on the new phone: what to show to the facilitator's. */
	| {
			cmd: 'qrAsk';
			/** The name to be known by. */
			name: string;
	  }
	/** On the facilitator's phone: answers what was scanned with what the new phone scans. */
	| {
			cmd: 'qrGrant';
			circle: CircleId;
			/** What was scanned. */
			qr: string;
			role: Role;
			/** Whether they may read what was written before they came. */
			past: boolean;
			/** Who comes back, if somebody does. */
			member: MemberId | null;
	  }
	/** On the new phone: takes what was scanned of the facilitator's. */
	| {
			cmd: 'qrTake';
			/** What was scanned. */
			qr: string;
	  }
	/** Makes a printed code for this member; an earlier one stops working. */
	| {
			cmd: 'paper';
			circle: CircleId;
			/** As of `invite`: the same code. */
			once?: string;
	  }
	/** Comes back with a printed code: this phone becomes the member's. */
	| {
			cmd: 'paperUse';
			/** As it was typed. */
			code: string;
	  }
	/** Opens a document that only its group reads, as a note, making it if it is new. */
	| {
			cmd: 'openSealed';
			circle: CircleId;
			kind: SealedKind;
			/** Whose, of a slice; else one's own. */
			member: MemberId | null;
			/** The session's date. */
			day: DayNumber;
	  }
	/** What is not safe yet. */
	| { cmd: 'outbox' }
	/** How it stands with the server. */
	| { cmd: 'status' }
	/** Syncs now; answered when that has ended. */
	| { cmd: 'sync' };

/** One of the two histories that a server told. */
export type ForkSide =
	/** What this phone was told first. */
	| 'ours'
	/** What the server tells now. */
	| 'theirs';

/** A kind of document that only its group reads; sealed on the phone. */
export type SealedKind =
	/** What the facilitators note among themselves. */
	| 'facilitatorNote'
	/** What the facilitators keep about a member, who reads it too. */
	| 'slice';

/** What a page gets for each command. */
export interface EngineReplies {
	circles: CircleSummary[];
	enrol: CircleSummary;
	circle: Circle;
	rename: Circle;
	notes: NoteSummary[];
	createNote: Note;
	openNote: Note;
	passages: Passage[];
	editNote: Version;
	flush: null;
	clockTold: null;
	close: null;
	threads: ThreadSummary[];
	createThread: ThreadSummary;
	setThread: null;
	setCircle: Circle;
	addAgreementLine: Circle;
	setAgreementLine: Circle;
	agree: Circle;
	addRole: Circle;
	setRole: Circle;
	addHelpline: Circle;
	setHelpline: Circle;
	removeHelpline: Circle;
	openThread: Thread;
	send: Message;
	react: null;
	seen: null;
	takeBack: null;
	hide: null;
	toolkit: Strategy[];
	addStrategy: Strategy;
	helped: null;
	takeBackStrategy: null;
	hideStrategy: null;
	stories: Story[];
	addStory: Story;
	reactToStory: null;
	hideStory: null;
	endStory: null;
	reports: Report[];
	reportWay: ReportWay;
	report: Report;
	takeBackReport: null;
	handleReport: null;
	plan: Plan;
	addPlanLine: PlanLine;
	removePlanLine: null;
	journal: Journal;
	addEntry: JournalEntry;
	removeEntry: null;
	choices: Choices;
	choose: null;
	commitments: Commitments;
	addCommitment: KeptCommitment;
	answerCommitment: null;
	addAttempt: Attempt;
	endCommitment: null;
	takeBackKept: null;
	news: News[];
	search: Found;
	found: CircleSummary;
	people: People;
	invite: Invitation;
	inviteDevice: Invitation;
	remove: People;
	removeDevice: People;
	confirm: People;
	promote: People;
	demote: People;
	setConversations: People;
	leaving: Leaving;
	leave: Leaving;
	stay: Leaving;
	record: RecordPage;
	withdraw: People;
	resumedRead: null;
	dismiss: People;
	goOn: People;
	qrAsk: QrOffer;
	qrGrant: QrGrant;
	qrTake: QrTaken;
	paper: PaperCode;
	paperUse: CircleSummary[];
	openSealed: Note;
	outbox: OutboxItem[];
	status: SyncStatus;
	sync: SyncStatus;
}

/** Opens the document that its reply tells, for this page, until it is closed. */
export const OPENS: ReadonlySet<string> = new Set<EngineCommand['cmd']>([
	'createNote',
	'openNote',
	'openSealed',
]);

/** The document that it names is not open to this page any more. */
export const CLOSES: ReadonlySet<string> = new Set<EngineCommand['cmd']>(['close']);

/** Changes nothing, on this phone or elsewhere. */
export const READS: ReadonlySet<string> = new Set<EngineCommand['cmd']>([
	'circles',
	'circle',
	'notes',
	'passages',
	'threads',
	'openThread',
	'toolkit',
	'stories',
	'reports',
	'reportWay',
	'plan',
	'journal',
	'choices',
	'commitments',
	'news',
	'search',
	'people',
	'leaving',
	'record',
	'outbox',
	'status',
]);

/**
 * How a command is answered that was done already, its reply lost: with what it was about, as that
 * stands now. `named`: the engine makes the same of the ask's name again.
 */
export type Once =
	| 'attempt'
	| 'circle'
	| 'commitment'
	| 'entry'
	| 'message'
	| 'named'
	| 'note'
	| 'people'
	| 'planLine'
	| 'story'
	| 'strategy'
	| 'thread';

/** Done a second time it would add twice, or be refused where it was done. */
export const ONCE: Readonly<Record<string, Once>> = {
	createThread: 'thread',
	addAgreementLine: 'circle',
	addRole: 'circle',
	addHelpline: 'circle',
	removeHelpline: 'circle',
	send: 'message',
	addStrategy: 'strategy',
	addStory: 'story',
	addPlanLine: 'planLine',
	addEntry: 'entry',
	addCommitment: 'commitment',
	addAttempt: 'attempt',
	invite: 'named',
	inviteDevice: 'named',
	remove: 'people',
	removeDevice: 'people',
	confirm: 'people',
	promote: 'people',
	demote: 'people',
	setConversations: 'people',
	withdraw: 'people',
	dismiss: 'people',
	goOn: 'people',
	paper: 'named',
};

/** The same of one edit of a note. */
export const EDITS_ONCE: ReadonlySet<string> = new Set<NoteEdit['edit']>(['agendaAdd', 'commitmentAdd']);
