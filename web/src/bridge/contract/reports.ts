// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Safety } from './engine';
import type { Conversation, MemberId, RecordKey, ReportKey } from './ids';
import type { BodyState, Hidden } from './thread';

/** A report: one's own, or for facilitators one that was sent to them. */
export interface Report {
	key: ReportKey;
	/** This phone's person reported it. */
	mine: boolean;
	reporter: MemberId;
	reporterName: string;
	/** Who wrote what is reported, as its reporter says. */
	about: MemberId;
	aboutName: string;
	madeMs: number;
	kind: ReportedKind;
	/** Where it stands, of a message. */
	thread: Conversation | null;
	/** The key of what is reported. */
	of: RecordKey;
	/** What the reporter says, none empty. */
	words: string[];
	/** What is reported; empty while it is not here. */
	text: string;
	body: BodyState;
	proof: ReportProof;
	/** Null while nobody hides what is reported. */
	hidden: Hidden | null;
	/** Its author took it back since. */
	gone: boolean;
	/** Who got it, this phone's person left out. */
	to: ReportTo[];
	/** Of one's own that went to the organisation: how far it is on its way there; else null. */
	organisation: Safety | null;
	/** Of one's own: facilitators who came since and may be told, too. */
	others: ReportTo[];
	handled: ReportHandled[];
}

/** What is reported. */
export type ReportedKind =
	/** A message that the whole circle reads. */
	| 'message'
	/** A message between two. */
	| 'talk'
	| 'strategy'
	/** A story or milestone that the whole circle is told. */
	| 'story'
	/** One that chosen people are told. */
	| 'told';

/** Whether what a report says was written by whom it says. */
export type ReportProof =
	/** It opens what its author signed. */
	| 'proven'
	/** Nothing that it could be held against is on this phone. */
	| 'unchecked'
	/** It is not what was signed, or not by that author. */
	| 'unproven';

/** A facilitator who gets a report. */
export interface ReportTo {
	member: MemberId;
	name: string;
	/** They are a facilitator now. */
	leads: boolean;
	/** Of one's own: how far it is on its way; else null. */
	safety: Safety | null;
}

/** A facilitator who says that a report is dealt with. */
export interface ReportHandled {
	member: MemberId;
	name: string;
	/** It is this phone's person. */
	mine: boolean;
	atMs: number;
}

/** Where a report would go. */
export interface ReportWay {
	/** Who wrote it. */
	about: MemberId;
	aboutName: string;
	kind: ReportedKind;
	/** What would be reported. */
	text: string;
	/** Who would get it; nobody when no other facilitator is there. */
	to: ReportTo[];
	/** Nobody there would get it, and it goes to the organisation. */
	organisation: boolean;
	/** Who wrote it is a facilitator: it goes to the others. */
	aboutLeads: boolean;
	/** Facilitators whom this phone's person blocked, by name: it does not go to them. */
	blocked: string[];
	/** This phone's person reported it before. */
	reported: boolean;
}
