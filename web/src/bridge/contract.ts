/**
 * What the page and the engine's worker say to each other: plain data, structured-clone safe, no `any`.
 * The page sends a {@link Command} and gets one {@link Reply}; {@link Notice}s arrive by themselves.
 * Ids are lower-case hex. Times are milliseconds since 1970 UTC. Text indices are UTF-16 code units.
 *
 * What passes between page and engine is declared in the core, and written from there into `contract/`; here is what the
 * worker does by itself.
 */
import type { EngineCommand, EngineReplies } from './contract/commands';
import type { EngineNotice } from './contract/engine';
import type { KithProblem } from './contract/problem';

export type * from './contract/commands';
export type * from './contract/engine';
export type * from './contract/ids';
export type * from './contract/journal';
export type * from './contract/kept';
export type * from './contract/note';
export type * from './contract/people';
export type * from './contract/plan';
export type * from './contract/problem';
export type * from './contract/reports';
export type * from './contract/stories';
export type * from './contract/thread';
export type * from './contract/toolkit';
export type { Hindrance } from './hindrance';

export type Command =
	| EngineCommand
	/** Words begun and not sent: kept sealed by the worker, beside the engine. `key` holds ids alone. */
	| { cmd: 'readDraft'; key: string }
	/** An empty text forgets them. */
	| { cmd: 'writeDraft'; key: string; text: string };

export interface Replies extends EngineReplies {
	/** Empty when there are none. */
	readDraft: { text: string };
	writeDraft: null;
}

export type Reply<C extends Command['cmd']> =
	{ ok: true; value: Replies[C] } | { ok: false; problem: KithProblem };

export type Notice =
	| EngineNotice
	/** The engine's first download, 0 to 1, or null when its size is not known. */
	| { notice: 'loading'; part: number | null };

/** What the web's state layer is given: the only door to the engine. */
export interface Bridge {
	ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>>;
	/** Returns the way to stop listening. */
	listen(listener: (notice: Notice) => void): () => void;
}
