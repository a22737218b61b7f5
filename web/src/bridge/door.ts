/**
 * What the phone holds and how it is opened: the page's contract beside the engine's. A vault is what one person
 * keeps on this phone; one vault at a time is open in this browser, in all its tabs.
 */
import type { CircleId, Helpline, PlanPart } from './contract';

/** Names a vault, and its database; random, says nothing. */
export type VaultId = string;

/** By what a person knows their vault on the lock screen: never a name. */
export const SYMBOLS = [
	'leaf',
	'boat',
	'star',
	'bird',
	'cup',
	'hill',
	'moon',
	'fish',
	'tree',
	'drop',
	'bell',
	'sun',
] as const;
export type VaultSymbol = (typeof SYMBOLS)[number];

/** After so many minutes untouched or out of sight a vault locks itself; null: never. */
export const AUTO_LOCK_MIN = [1, 5, 15, null] as const;
export type AutoLockMin = (typeof AUTO_LOCK_MIN)[number];

/** Shortest PIN or passphrase, in characters. */
export const PIN_LENGTH_MIN = 6;

/** So many people share one phone at most. */
export const VAULTS_MAX = 12;

/** One vault, as the lock screen may show it. */
export interface VaultView {
	vault: VaultId;
	symbol: VaultSymbol;
	/** Without one, it opens for anybody who has the phone. */
	pin: boolean;
	/** It opens by the phone's fingerprint or face too. */
	touch: boolean;
	autoLockMin: AutoLockMin;
	/** After wrong PINs none is tried before this time, in ms by `performance.now` of this page, which nobody sets; 0: at once. */
	waitUntilMs: number;
}

/** How the phone stands. */
export interface DoorStanding {
	/** `starting`: not known yet; `leaving`: locking, the page begins anew; `failed`: the browser keeps nothing, which the engine's problem says. */
	state: 'starting' | 'locked' | 'open' | 'leaving' | 'failed';
	/** The open one. */
	open: VaultView | null;
	/** All, the oldest first. */
	vaults: VaultView[];
	/** Nothing is open, and what was kept here is gone, though nobody removed it. */
	lost?: boolean;
}

/** What the lock screen shows of a vault, to whoever holds the phone. */
export interface LockCard {
	circles: CardCircle[];
}

/** What of one circle is on the card. */
export interface CardCircle {
	circle: CircleId;
	/** The plan as it is read; null: its owner did not choose so. */
	plan: CardLine[] | null;
	helplines: CardHelpline[];
}

/** What of a helpline is on a card: nobody's name, nor what several wrote. */
export type CardHelpline = Pick<
	Helpline,
	'name' | 'phone' | 'sms' | 'region' | 'hours' | 'language' | 'checked'
>;

/** A line of a plan that is kept open. */
export interface CardLine {
	part: PlanPart;
	text: string;
	phone: string;
}

/** What came of trying to open or change a vault. `wait`: too many wrong ones; see `waitUntilMs`. */
export type DoorReply = 'done' | 'wrong' | 'wait' | 'cancelled' | 'damaged' | 'full' | 'no-memory' | 'failed';

/** The door of this phone. Nothing here throws; standing changes are told before a promise resolves. */
export interface Door {
	readonly standing: DoorStanding;
	/** Returns the way to stop listening. */
	listen(listener: (standing: DoorStanding) => void): () => void;
	/** Opens a vault that has no PIN. */
	openPlain(vault: VaultId): Promise<DoorReply>;
	openByPin(vault: VaultId, pin: string): Promise<DoorReply>;
	openByTouch(vault: VaultId): Promise<DoorReply>;
	/** Opens a new, empty vault: for somebody else, or for whoever knows by now that what was here is lost. */
	openNew(): Promise<DoorReply>;
	/** Gives the open vault a PIN; `old` is the one it has, null when it has none. */
	setPin(pin: string, old: string | null, symbol: VaultSymbol): Promise<DoorReply>;
	setAutoLock(minutes: AutoLockMin): Promise<DoorReply>;
	/** Whether this phone and browser can open by fingerprint or face. */
	hasTouch(): Promise<boolean>;
	setTouch(on: boolean): Promise<DoorReply>;
	/** What the lock screen shows of a vault without its PIN; null: nothing. */
	card(vault: VaultId): Promise<LockCard | null>;
	/**
	 * Changes the card of the open vault, which must have a PIN; one page at a time. `change` is given what stands there
	 * and gives what is to, null for nothing. `done` once that is durable.
	 */
	changeCard(change: (card: LockCard | null) => Promise<LockCard | null>): Promise<DoorReply>;
	/** Locks in all tabs; the page begins anew. Without a PIN nothing happens. */
	lock(): Promise<void>;
	/** Clears the screen at once, locks, and leaves for a page that says nothing, in all tabs. */
	hide(): Promise<void>;
	/** Everything of the open vault, sealed, in one file that its PIN opens; null without a PIN, or if it fails. */
	save(): Promise<Blob | null>;
	/** Puts a saved file's vault on this phone, locked. */
	restore(file: Blob): Promise<DoorReply>;
	/** Removes a vault for good: its keys first. With the last one goes all that Kith left in this browser. */
	remove(vault: VaultId): Promise<void>;
}
