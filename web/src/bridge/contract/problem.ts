// Written by `cargo xtask contract` from what the core declares: change it there.
import type { Hindrance } from '../hindrance';

/** Cases of `ProblemCode`s of which people are told by themselves. */
export type ProblemWhy =
	/** `LinkInvalid`: the server knows no such link. */
	| 'link-unknown'
	/** `LinkInvalid`: withdrawn, or whoever made it is out. */
	| 'link-withdrawn'
	/** `LinkInvalid`: the server answered of no circle, as one does to a short code of another server. */
	| 'other-server'
	/**
	 * `LinkInvalid`: what the server answered to it does not bear its signatures out, or says something
	 * else.
	 */
	| 'answer-unverified'
	/** `BadInput`: another link is being opened. */
	| 'other-link'
	/** `BadInput`: a session outside of the years 2000 to 2199. */
	| 'day'
	/** `BadInput`: more sessions than one day may have. */
	| 'many-sessions'
	/** `BadInput`: an invitation for more or fewer people or days than may be. */
	| 'invite-bounds'
	/** `NotAllowed`: only its author takes a message or a strategy back. */
	| 'not-yours'
	/** `NotAllowed`: in this circle facilitators begin conversations. */
	| 'begins-not'
	/** `NotAllowed`: the right to found a circle was used. */
	| 'found-used'
	/** `NotAllowed`: this phone has no right to found a circle. */
	| 'found-not'
	/** `NotAllowed`: whom the conversation is with is not in the circle. */
	| 'other-is-out'
	/** `NotAllowed`: this phone's person blocked whom the conversation is with. */
	| 'blocked'
	/** `NotAllowed`: no facilitator is there whom it could be reported to. */
	| 'nobody-to-tell'
	/** `NotAllowed`: it would go to others than its person was told. */
	| 'other-readers'
	/** `NotAllowed`: the document is for others to read. */
	| 'not-to-read'
	/** `NotAllowed`: the circle's rules do not take it, for this reason. */
	| StatementProblem
	/** `Full`: a note has as much of this person's as it may. */
	| 'full-note'
	/** `Full`: the same of a month of a conversation. */
	| 'full-thread'
	/** `Full`: the same of the circle's page. */
	| 'full-circle'
	/** `Full`: the same of the circle's toolkit. */
	| 'full-toolkit'
	/** `Full`: the same of a month of a journal. */
	| 'full-journal'
	/** Of stories. */
	| 'full-stories'
	/** `Full`: the same of a plan for hard moments. */
	| 'full-plan'
	/** `Full`: the same of what a member chose about others. */
	| 'full-choices'
	/** `Full`: the same of what a member keeps their word on. */
	| 'full-commitments'
	/** `Full`: the same of what a member reports to the organisation. */
	| 'full-reports'
	/** `Full`: the same of what two members have with each other beside their talk. */
	| 'full-between'
	/** `BadInput`: a day that is still to come. */
	| 'day-to-come'
	/** `BadInput`: a day from before something was taken on. */
	| 'day-before'
	/** What it is to end at is over. */
	| 'end-passed'
	/** `BadInput`: a number to call with signs that none has. */
	| 'number'
	/** `OtherVersion`: what the phone keeps is of before the first release. */
	| 'earlier'
	/** `OtherVersion`: the server speaks another version. */
	| 'server-version'
	/** `OtherVersion`: a later version wrote it. */
	| 'later'
	/** `Refused`: changes of others, `count` of them, were not taken. */
	| 'lacking'
	/** `Refused`: from some change on a document can't be shown. */
	| 'set-aside'
	/** `Refused`: part of a document could not be verified. */
	| 'part-unverified'
	/** `Stale`: the phone was put back to an older state, and has to sync first. */
	| 'put-back'
	/** `KeyWaiting`: who is in the circle was not heard yet. */
	| 'chain-waiting'
	/** `Removed`: the circle's records make this phone somebody else's. */
	| 'other-person'
	/** `CodeInvalid`: a code of another kind, or not all of it. */
	| 'other-kind'
	/** `CodeInvalid`: a printed code that does not lead back any more. */
	| 'paper-unknown'
	/** `CodeInvalid`: a code that answers another one than this phone's. */
	| 'swapped'
	/** `CodeInvalid`: a code that makes this phone somebody else's. */
	| 'somebody-elses'
	/** `CodeInvalid`: this phone has to show its own code first. */
	| 'ask-first'
	/** `ClockWrong`: by this phone's clock its leave to let people in has run out. */
	| 'warrant-over'
	/** `ServerError`: the server asks to go slower. */
	| 'slower';

/** Why the circle's rules do not take a statement. */
export type StatementProblem =
	| 'malformed'
	| 'wrong-circle'
	| 'bad-signature'
	| 'weak-key'
	| 'unknown-author'
	| 'author-out'
	| 'not-allowed'
	| 'unknown-target'
	| 'no-change'
	| 'known-device'
	| 'bad-warrant'
	| 'warrant-spent'
	| 'invite-gone'
	| 'invite-used'
	| 'invite-expired'
	| 'bad-commission'
	| 'bad-epoch'
	| 'too-soon'
	| 'share-used'
	| 'circle-full'
	| 'other-chain'
	| 'lost-chain'
	| 'old-number'
	| 'waiting'
	| 'bad-attachment'
	| 'slow'
	| 'shredded'
	| 'last-facilitator';

/**
 * An error as the page is told of it: what it is, which case of it, and what of it can be counted.
 * What people read of it is the page's to say, in their language.
 */
export interface KithProblem {
	/** What it is. */
	code: ProblemCode;
	/** Which case, where people are told more of it than of the others with its code. */
	why?: ProblemWhy | Hindrance | null;
	/** How many: characters at the end that do not fit, or changes that are not shown. */
	count?: number | null;
	/** Whether trying again can help. */
	retry: boolean;
	/** For whoever looks for a fault; no person who uses Kith reads it, and the WASM has none. */
	detail?: string;
}

/** What a problem is. The names are stable. */
export type ProblemCode =
	/** Not an enrolment link, or unknown to the server. */
	| 'link-invalid'
	/** Used as often as it may be. */
	| 'link-used'
	/** Too late. */
	| 'link-expired'
	/** No circle on this phone. */
	| 'not-enrolled'
	/** No connection. */
	| 'offline'
	/** Something answered that is not Kith: a login page, a proxy. */
	| 'not-our-server'
	/** The server failed. */
	| 'server-error'
	/** The phone's clock is off and could not be corrected. */
	| 'clock-wrong'
	/** The phone was taken out of the circle. */
	| 'removed'
	/** The note has moved on: rebase and send again. */
	| 'stale'
	/** No such document. */
	| 'unknown-document'
	/** No such circle. */
	| 'unknown-circle'
	/** Longer than is allowed. */
	| 'too-long'
	/** Nothing in it. */
	| 'empty'
	/** A value that is not allowed. */
	| 'bad-input'
	/** The phone is full. */
	| 'storage-full'
	/** The phone's storage failed. */
	| 'storage-failed'
	/** Something stored on the phone is damaged. */
	| 'storage-corrupt'
	/** The server did not take something. */
	| 'refused'
	/** The engine stopped. */
	| 'engine-stopped'
	/** Server and phone speak other versions. */
	| 'other-version'
	/** The circle's key has not come yet. */
	| 'key-waiting'
	/** What was scanned or typed is no code of ours, or of another kind. */
	| 'code-invalid'
	/** No more people can be let in with no network until this phone was online. */
	| 'warrant-used'
	/** Only facilitators may. */
	| 'not-allowed'
	/** A document holds as much of this person's as it may. */
	| 'full';
