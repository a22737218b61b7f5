// Written by `cargo xtask contract` from what the core declares: change it there.
import type {
	AgreementDigest,
	CircleId,
	DayNumber,
	DeviceId,
	InviteKey,
	ItemId,
	MemberId,
	StatementId,
} from './ids';
import type { Candidate, Contested } from './note';
import type { ProblemWhy } from './problem';

/** A circle, as lists show it. */
export interface CircleSummary {
	circle: CircleId;
	name: string;
	/** How many are in. */
	members: number;
	/** How many messages of others are new to this phone. */
	unread: number;
	/** Enrolled with no network: the server has not said yes yet. */
	pending: boolean;
	/** How this phone stands in it: one that is out reads what it has, and neither sends nor gets anything. */
	standing: Standing;
	/** What its people must be told; null when there is nothing. */
	warning: CircleWarning | null;
	/** This phone's person may begin conversations. */
	mayBegin: boolean;
	/** They want to leave, and it was not said to the server yet, or not answered. */
	leaving: boolean;
}

/** How a person or phone stands in the circle. */
export type Standing =
	| 'active'
	/** Waits, since whoever let them in was taken out meanwhile, until a facilitator confirms. */
	| 'provisional'
	| 'removed';

/** What is wrong with the circle's records. */
export type CircleWarning =
	/** The server tells people different things about who is in, with proof. */
	| 'fork'
	/** The circle's list makes this phone somebody else than it came in as, so that it is stopped here. */
	| 'other-person'
	/** The server was put back to an older state, and waits for what it lost. */
	| 'server-behind'
	/** A newer Kith wrote something that this one does not know. */
	| 'needs-update'
	/** The server gave something unlawful, or kept back what belongs to it. */
	| 'records-withheld';

/** A circle: its agreement and its members. */
export interface Circle {
	circle: CircleId;
	name: string;
	/** What its people agreed on. */
	agreement: string;
	members: Member[];
	me: Member;
	/**
	 * The name that this phone's person chose, as they wrote it. In `me` and everywhere else names are
	 * told apart.
	 */
	ownName: string;
	/** Of a name that people wrote at the same time, all values (P04); else empty. */
	names: Candidate[];
	/** The same of an agreement. */
	agreements: Candidate[];
	/**
	 * Whom its people can call: what facilitators entered, in the order of adding, then the
	 * organisation's.
	 */
	helplines: Helpline[];
	/** Who follows up on an answer that worries; null while nobody does. */
	followUp: FollowUp | null;
	/** The circle is about alcohol. */
	aboutAlcohol: boolean;
	/** The agreement, line by line, in the order of adding. */
	lines: AgreementLine[];
	/** Names exactly what these lines say: what `agree` is told. Null while there are none. */
	agreementDigest: AgreementDigest | null;
	/** Who of its members agreed to exactly this. */
	agreed: MemberId[];
	/**
	 * Of this phone's person, once they agreed to something that was changed since: what changed. Null
	 * while they never agreed, or do agree.
	 */
	changed: LineChange[] | null;
	/** Who does what, in the order of adding. */
	roles: CircleRole[];
	/** How it begins when it meets; may be empty. */
	opening: string;
	/** How it ends; may be empty. */
	closing: string;
	/**
	 * Of who follows up, what the circle is about, and how it begins and ends, each field with several
	 * values: all of them, the shown one first; writing one chooses.
	 */
	contested: Contested[];
}

/** A person in a circle, as their name stands beside what they write. */
export interface Member {
	member: MemberId;
	/**
	 * The chosen name; empty until its profile entry arrived. Of several who chose one name all but the
	 * first have a number behind it, as wherever names are.
	 */
	name: string;
	role: Role;
	/** This phone's own member. */
	me: boolean;
	/** Of a person whose phones named them at the same time, all names, the shown one first; else empty. */
	names: string[];
}

/** What a member may do. */
export type Role =
	/** Writes messages, joint notes and their own name. */
	| 'member'
	/** Also leads: the circle's profile and threads. */
	| 'facilitator';

/** A number to call or to text, as whoever entered it wrote it down. */
export interface Helpline {
	/** Its id; empty for one of the organisation's, which nobody in the circle changes. */
	item: ItemId;
	name: string;
	/** The number to call; empty for none, as are the texts that follow. */
	phone: string;
	/** The number to text. */
	sms: string;
	/** Where it is for. */
	region: string;
	/** When somebody answers, in words. */
	hours: string;
	/** In which languages. */
	language: string;
	/** The day on which somebody last made sure that all of it is right; null when nobody did. */
	checked: DayNumber | null;
	/** The organisation said it. */
	fromOrganisation: boolean;
	/** Of each field with several values all of them, the shown one first; writing one chooses. */
	contested: Contested[];
}

/** Who follows up on an answer that worries, and by when. */
export interface FollowUp {
	/** Who, in words. */
	who: string;
	/** By when, in words. */
	by: string;
}

/** A line of a circle's agreement. */
export interface AgreementLine {
	/** Its id; empty for the text that circles had before there were lines, which `setCircle` writes. */
	item: ItemId;
	text: string;
	/** When people wrote it at the same time, all values (P04); else empty. */
	contested: Candidate[];
}

/** A line of the agreement that says something else than what this phone's person agreed to. */
export interface LineChange {
	/** As of `item`. */
	item: ItemId;
	/** What it said; empty for a new one. */
	before: string;
	/** What it says; empty when it was taken out. */
	now: string;
}

/** What somebody does for the circle. */
export interface CircleRole {
	item: ItemId;
	/** What it is called, in the circle's words. */
	name: string;
	/** Whose it is; null while it is nobody's who is in the circle. */
	member: MemberId | null;
	/** Their name; empty while it is nobody's. */
	memberName: string;
	/**
	 * Of each field with several values all of them, the shown one first; writing one chooses. A member's
	 * value is their id.
	 */
	contested: Contested[];
}

/** Who is in a circle, and what happened. */
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

/** A person in a circle, or one who was. */
export interface Person {
	member: MemberId;
	name: string;
	role: Role;
	/** This phone's own member. */
	me: boolean;
	standing: Standing;
	devices: PersonDevice[];
	/** The server has not heard yet that they came. */
	pending: boolean;
	/** Whose invitation or phone let them in; empty for the organisation, and for whoever began the circle. */
	letInBy: MemberId;
	letInByName: string;
	letInByIsOut: boolean;
	/** They are out, and this phone's person may bring them back by `confirm`. */
	canBringBack: boolean;
}

/** A phone of a member, or a printed code. */
export interface PersonDevice {
	device: DeviceId;
	/** A printed code, not a phone. */
	paper: boolean;
	/** This phone. */
	me: boolean;
	/** 0 by a clock that was ahead: not known. */
	sinceMs: number;
	standing: Standing;
	/** The server has not heard of it yet. */
	pending: boolean;
}

/** What everyone in the circle may see of who came, went and came back. */
export interface PeopleEvent {
	kind: EventKind;
	/** Whom it is about; empty for the founding by the organisation and for what is about nobody. */
	who: MemberId;
	whoName: string;
	/** Who did it; empty for the organisation. */
	by: MemberId;
	byName: string;
	/**
	 * When the server took it in; while it has not heard of it, by this phone's clock; 0 by a clock that
	 * was ahead.
	 */
	timeMs: number;
	/** Said on this phone, and the server has not heard of it yet. */
	pending: boolean;
}

/** What happened to who is in a circle. */
export type EventKind =
	| 'founded'
	| 'invited'
	| 'joined'
	| 'granted'
	| 'recovered'
	| 'device'
	| 'paper'
	| 'removed'
	/** Went by themself. */
	| 'left'
	| 'deviceRemoved'
	| 'confirmed'
	| 'promoted'
	/** Came in by somebody who was out by then. */
	| 'waits'
	| 'broughtBack'
	| 'demoted'
	/** An invitation was ended. */
	| 'withdrawn'
	/** An invitation ended by its own secret, since a link with it had come where others may read it. */
	| 'leaked'
	/** The server was put back from a backup, and goes on from there. */
	| 'restored'
	/** The organisation named another key for its server. */
	| 'newServer'
	/** Everyone begins conversations from then on. */
	| 'conversationsOpened'
	/** Facilitators alone do. */
	| 'conversationsReserved'
	/** The organisation said whom people can call. */
	| 'helplines'
	/** The organisation said how it takes reports, or that it takes none any more. */
	| 'reportKey';

/** An invitation that still lets somebody in. */
export interface OpenInvite {
	/** What `withdraw` calls it. */
	invite: InviteKey;
	role: Role;
	/** Whose new phone it is for; empty: for new people. */
	forMember: MemberId;
	forMemberName: string;
	/** How many may come in by it. */
	uses: number;
	/** How many did. */
	used: number;
	expiresMs: number;
	/** Empty for the organisation. */
	by: MemberId;
	byName: string;
	/** This phone's person made it. */
	mine: boolean;
	/** The server has not heard of it yet: nobody can come in by it before that. */
	pending: boolean;
	/** This phone's person may end it. */
	mayWithdraw: boolean;
}

/** What somebody did on this phone and the server did not take: theirs to decide anew, or to dismiss. */
export interface Returned {
	statement: StatementId;
	what: ReturnedKind;
	/** Whom it was about; empty when it was about nobody. */
	who: MemberId;
	whoName: string;
	/**
	 * Which phone or invitation `removeDevice` or `withdraw` was about, as they call it; empty for all
	 * else.
	 */
	thing: string;
	why: ProblemWhy;
}

/** What somebody did that was not taken. */
export type ReturnedKind =
	| 'remove'
	| 'removeDevice'
	| 'confirm'
	| 'promote'
	| 'demote'
	| 'invite'
	| 'withdraw'
	| 'device'
	| 'setting'
	/** What was changed of the circle's page, or hidden, as a facilitator. */
	| 'led';

/** The server signed two histories that cannot both be true. */
export interface Fork {
	sinceMs: number;
	ours: ForkEnd;
	theirs: ForkEnd;
}

/** One of two histories of a circle. */
export interface ForkEnd {
	/** How many records it has. */
	position: number;
	/** When the last of them was taken in. */
	timeMs: number;
}

/** A way in: as a link, or as a short code to type where no link or camera is at hand. */
export interface Invitation {
	link: string;
	/** Groups of four letters and digits, joined by `-`. */
	code: string;
	/** 0 until the server's clock is known. */
	expiresMs: number;
	/** How many may come in by it. */
	uses: number;
	/** More than one may come in by it, so that the link in a browser's history stays a way in. */
	many: boolean;
}

/** What a phone shows as a QR code. */
export interface QrOffer {
	/** Digits and capitals, so that it packs well. */
	qr: string;
}

/** The answer to a QR code. */
export interface QrGrant {
	/** As of an offer. */
	qr: string;
	/** Six numbers from 0 to 255, an index each into the list of words to compare. */
	words: number[];
	/** What the new phone's person wants to be called, at most 40 bytes. */
	name: string;
}

/** What a new phone came into by a QR code. */
export interface QrTaken {
	circle: CircleSummary;
	/** As of the answer that was scanned. */
	words: number[];
}

/** A printed code: to be kept where nobody else looks. */
export interface PaperCode {
	/** Groups of four letters and digits, joined by `-`. */
	code: string;
}
