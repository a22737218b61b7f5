/**
 * What pages and the engine's worker say to each other below the contract, over one BroadcastChannel of the
 * browser. The version is in the channel's name: tabs of another version don't hear each other.
 */
import type { Command, KithProblem, Notice, Reply } from './contract';

/** The channel between all pages and the worker that leads. */
export const CHANNEL = 'kith-engine-1';
/** The Web Lock of the worker that leads: the one writer of this browser. */
export const LOCK = 'kith-engine';
/** Held by each page as long as it lives, followed by its {@link TabId}. */
export const TAB_LOCK = 'kith-tab-';

/** One run of the engine; a new one begins with empty memory. */
export type Generation = string;
export type TabId = string;
/** Unique for ever: under this name a command is done at most once, over all generations. */
export type AskId = string;
export type AnyReply = Reply<Command['cmd']>;

/** From a page to whoever leads. */
export type ToEngine =
	/** Is anybody leading? Answered with `ready` or `stopped` by one who does. */
	| { to: 'engine'; kind: 'hello'; tab: TabId }
	/** `again`: an earlier generation may have done it. */
	| {
			to: 'engine';
			kind: 'ask';
			generation: Generation;
			tab: TabId;
			id: AskId;
			again: boolean;
			command: Command;
	  }
	/** Does the leader still work? A reply may take as long as the network does, this does not. */
	| { to: 'engine'; kind: 'ping' }
	/** The network may be back, or somebody looks at the screen again. */
	| { to: 'engine'; kind: 'nudge' };

/** To the pages, from whoever leads unless it says otherwise. */
export type ToPages =
	| { to: 'pages'; kind: 'ready'; generation: Generation }
	/** `final`: nothing will change by itself, asking is in vain. */
	| { to: 'pages'; kind: 'stopped'; problem: KithProblem; final: boolean }
	/** The answer to `ping`. */
	| { to: 'pages'; kind: 'alive' }
	/** From a page: the leader does not answer; the page whose worker it is must end it. */
	| { to: 'pages'; kind: 'deaf' }
	| { to: 'pages'; kind: 'reply'; id: AskId; reply: AnyReply }
	| { to: 'pages'; kind: 'notice'; notice: Notice; except: TabId | null };

/** From a worker to the page that made it. */
export type FromWorker =
	/** It has the lock and is about to lead. */
	| { kind: 'leading' }
	/** It can't go on: it has to be ended and another one made. */
	| { kind: 'crashed'; text: string };

/** From a page to its own worker: take the lock from a leader that does not answer. */
export type ToWorker = { kind: 'steal' };
