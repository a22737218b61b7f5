/**
 * What pages and the engine's worker say to each other below the contract, over one BroadcastChannel of the
 * browser. The version is in the channel's name: tabs of another version don't hear each other.
 */
import type { Command, DocumentId, KithProblem, Notice, Reply } from './contract';
import { CLOSES, OPENS } from './contract/commands';
import type { DoorReply, VaultId, VaultSymbol } from './door';

/** The channel between all pages of a vault and the worker that leads, followed by the {@link VaultId}. */
export const CHANNEL = 'kith-engine-1-';
/** The Web Lock of the worker that leads: the one writer of a vault, followed by the {@link VaultId}. */
export const LOCK = 'kith-engine-';
/** The channel between all pages of this browser, about the door alone. */
export const DOOR_CHANNEL = 'kith-door-1';
/** Held, shared, by each page as long as its vault is open. */
export const OPEN_LOCK = 'kith-open';
/** Held while it is found out how the phone stands, so that two pages don't make two vaults. */
export const DOOR_LOCK = 'kith-door';
/** Held by each page as long as it lives, followed by its {@link TabId}. */
export const TAB_LOCK = 'kith-tab-';

/** One run of the engine; a new one begins with empty memory. */
export type Generation = string;
export type TabId = string;
/** Unique for ever: under this name a command is done at most once, over all generations. */
export type AskId = string;
export type AnyReply = Reply<Command['cmd']>;

/** The document that is open to the page from a reply on; null: none. */
export function opened(command: Command, reply: AnyReply): DocumentId | null {
	if (!OPENS.has(command.cmd) || !reply.ok) return null;
	return reply.value && 'document' in reply.value ? reply.value.document : null;
}

/** The document that a command says is not on screen any more; null: none. */
export function closed(command: Command): DocumentId | null {
	return CLOSES.has(command.cmd) && 'document' in command ? command.document : null;
}

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

/** A data key as pages hold it while its vault is open: wrapped by a key that no script can read or keep. */
export interface Pass {
	key: CryptoKey;
	sealed: Uint8Array<ArrayBuffer>;
}

/** Between pages, about the door. */
export type ToDoors =
	/** Is a vault open? Answered with `open` by each page that has one. */
	| { kind: 'ask' }
	/** `pass`: null when it has no PIN. */
	| { kind: 'open'; vault: VaultId; pass: Pass | null }
	/** Lock now. */
	| { kind: 'lock' }
	/** Lock now and show nothing of Kith. */
	| { kind: 'hide' }
	/** The vault's keys are being removed. */
	| { kind: 'gone'; vault: VaultId }
	/** Somebody touches the screen. */
	| { kind: 'touched' }
	/** What is kept of a vault changed: its PIN, its symbol. */
	| { kind: 'changed' };

/** What a worker that only handles keys is asked, once. */
export type KeyAsk =
	| { do: 'make' }
	| { do: 'pin'; vault: VaultId; pin: string }
	| { do: 'touch'; vault: VaultId; secret: Uint8Array<ArrayBuffer> }
	| {
			do: 'setPin';
			vault: VaultId;
			pin: string;
			old: string | null;
			symbol: VaultSymbol;
	  }
	| {
			do: 'setTouch';
			vault: VaultId;
			pass: Pass;
			credential: Uint8Array<ArrayBuffer>;
			salt: Uint8Array<ArrayBuffer>;
			secret: Uint8Array<ArrayBuffer>;
	  }
	| { do: 'save'; vault: VaultId }
	| { do: 'restore'; file: Blob };
/** Its answer. */
export interface KeyReply {
	reply: DoorReply;
	vault?: VaultId;
	pass?: Pass;
	file?: Blob;
}

/** From a worker to the page that made it. */
export type FromWorker =
	/** It has the lock and is about to lead. */
	| { kind: 'leading' }
	/** It can't go on: it has to be ended and another one made. */
	| { kind: 'crashed'; text: string }
	/** All that it was made for. */
	| { kind: 'keys'; reply: KeyReply };

/** From a page to its own worker. */
export type ToWorker =
	/** First of all: wait for the lock of this vault, then lead. */
	| { kind: 'open'; vault: VaultId; pass: Pass | null }
	/** Take the lock from a leader that does not answer. */
	| { kind: 'steal' }
	/** Instead of all that: handle keys. */
	| { kind: 'keys'; ask: KeyAsk };
