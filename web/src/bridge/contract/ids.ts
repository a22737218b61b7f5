// Written by `cargo xtask contract` from what the core declares: change it there.
/** A circle: lower-case hex, as all ids. */
export type CircleId = string;

/** A document: follows from its circle and what it is, so that two phones open the same one. */
export type DocumentId = string;

/** A phone, or a printed code. */
export type DeviceId = string;

/** What an invitation is called. */
export type InviteKey = string;

/** A person in a circle. */
export type MemberId = string;

/** A statement of a circle. */
export type StatementId = string;

/** A thread of a circle; all zero: the one that every circle has from the start. */
export type ThreadId = string;

/** What people talk in: a `ThreadId`, or the `MemberId` of the other one where it is between two. */
export type Conversation = string;

/**
 * A point of the agenda, or what somebody took on. Sorting by it gives the order in which people
 * added.
 */
export type ItemId = string;

/** What a circle's agreement says: another one once a line says something else. */
export type AgreementDigest = string;

/** A message's key: unique in its thread, sorts by nothing; order messages by `sentMs`, then key. */
export type MessageKey = string;

/** A strategy's key: unique in its circle, sorts by nothing. */
export type StrategyKey = string;

/** A story's or milestone's key: unique in its circle, sorts by nothing. */
export type StoryKey = string;

/** A report's key: unique in its circle, sorts by nothing. */
export type ReportKey = string;

/**
 * What somebody wrote: a `MessageKey`, `StrategyKey` or `StoryKey`, each of which is unique in its
 * circle.
 */
export type RecordKey = string;

/** A line's key: unique in its plan, sorts by nothing. */
export type PlanLineKey = string;

/** An entry's key: unique in its journal, sorts by nothing. */
export type JournalKey = string;

/** The key of what somebody keeps their word by: unique in its circle, sorts by nothing. */
export type KeptKey = string;

/** Days since 1970-01-01, a session's date. */
export type DayNumber = number;
