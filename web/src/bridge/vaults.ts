/**
 * The phone's own small database: which vaults there are, and the wrapped key of each. It names nobody.
 *
 * A vault's data key is wrapped twice. The inner wrap is by the key that Argon2id makes of the PIN; without a PIN
 * there is none. The outer wrap is by an AES key that the browser made and gives to nobody, kept in this database.
 * What the outer one gives: a script or a copied database *export* can't use the inner wrap elsewhere. What it does
 * not give: today's browsers keep such keys in the same profile on disk, in the clear, so a copy of the whole
 * profile has it too. Then the PIN alone stands, and without a PIN nothing does, but for the phone's own encryption.
 */
import { SYMBOLS, type AutoLockMin, type VaultId, type VaultSymbol, type VaultView } from './door';

const NAME = 'kith-phone';
const VERSION = 1;
const VAULTS = 'vaults';

/** Random bytes for the cipher, then what it sealed. */
export type Sealed = Uint8Array<ArrayBuffer>;

/** One way to the data key; each is sealed by the vault's outer key as well. */
export type Slot =
	| { kind: 'plain'; sealed: Sealed }
	| { kind: 'pin'; salt: Uint8Array<ArrayBuffer>; memoryKib: number; passes: number; sealed: Sealed }
	/** By what the phone's authenticator makes of `salt` (WebAuthn's PRF extension). */
	| {
			kind: 'touch';
			credential: Uint8Array<ArrayBuffer>;
			salt: Uint8Array<ArrayBuffer>;
			sealed: Sealed;
	  };

/** What the lock screen shows, as it lies in its vault's record; `card.ts` seals and opens it. */
export interface SealedCard {
	/** Opens this alone; not extractable. */
	key: CryptoKey;
	sealed: Sealed;
}

/** A vault as it is kept. */
export interface VaultRecord {
	id: VaultId;
	symbol: VaultSymbol;
	madeMs: number;
	/** The outer key: not extractable. */
	outer: CryptoKey;
	slots: Slot[];
	autoLockMin: AutoLockMin;
	/** Wrong PINs since the last right one. */
	tries: number;
	/** What is left to wait after them; null: nothing. */
	wait: Wait | null;
	/** Its database has held the keys of this phone: from then on, one that is empty or missing was lost. */
	founded?: boolean;
	/** What the lock screen shows without its PIN. */
	card?: SealedCard;
}

/**
 * In the place of a vault's record: its database is to be removed. Written before anything is removed, and before a
 * database is filled that has no record yet, so that no other one is ever taken for left over.
 */
interface Removal {
	id: VaultId;
	removing: true;
}

type Row = VaultRecord | Removal;

/** A wait after a wrong PIN: a length, and no time of day, since clocks can be set. */
export interface Wait {
	/** Random: no two waits have the same. */
	id: string;
	leftMs: number;
}

/** The record of a new vault; it locks itself after five minutes. */
export function newRecord(outer: CryptoKey, slots: Slot[]): VaultRecord {
	const id = [...crypto.getRandomValues(new Uint8Array(16))];
	return {
		id: id.map((byte) => byte.toString(16).padStart(2, '0')).join(''),
		symbol: SYMBOLS[(id[0] ?? 0) % SYMBOLS.length] ?? SYMBOLS[0],
		madeMs: Date.now(),
		outer,
		slots,
		autoLockMin: 5,
		tries: 0,
		wait: null,
	};
}

/** The tree of a vault's own facts. */
export const META = 1;
/** Under which the phone's keys are in it, from the first enrolment on. */
export const DEVICE = new TextEncoder().encode('device');

/** Names of vaults' databases. */
const DATABASE = /^kith-[0-9a-f]{32}$/;

/** The name of a vault's database. */
export function databaseOf(vault: VaultId): string {
	return `kith-${vault}`;
}

/** The slot of a kind. */
export function slotOf<K extends Slot['kind']>(
	record: VaultRecord,
	kind: K,
): Extract<Slot, { kind: K }> | null {
	return (record.slots.find((slot) => slot.kind === kind) as Extract<Slot, { kind: K }> | undefined) ?? null;
}

/** What the lock screen may show of a vault that waits until then. */
export function viewOf(record: VaultRecord, waitUntilMs: number): VaultView {
	return {
		vault: record.id,
		symbol: record.symbol,
		pin: slotOf(record, 'pin') !== null,
		touch: slotOf(record, 'touch') !== null,
		autoLockMin: record.autoLockMin,
		waitUntilMs,
	};
}

/** All vaults, the oldest first. Throws what IndexedDB does. */
export async function allVaults(): Promise<VaultRecord[]> {
	const records = (await allRows()).filter(isVault);
	return records.sort((a, b) => a.madeMs - b.madeMs || (a.id < b.id ? -1 : 1));
}

/** The vaults whose databases are to be removed. */
export async function removals(): Promise<VaultId[]> {
	return (await allRows()).filter((row) => !isVault(row)).map(({ id }) => id);
}

/**
 * Whether what was kept on this phone is lost: no vault is listed though something tells of one that held keys, or those
 * that are listed have lost their databases. What never held keys was in no circle, and nobody misses it.
 */
export async function isLost(isRemembered: boolean): Promise<boolean> {
	const [rows, names] = await Promise.all([allRows(), databaseNames()]);
	const vaults = rows.filter(isVault);
	const listed = rows.map(({ id }) => databaseOf(id));
	const strays = names.filter((name) => DATABASE.test(name) && !listed.includes(name));
	const gone = vaults.every(({ id, founded }) => founded && !names.includes(databaseOf(id)));
	if (!gone || vaults.length > 0 || isRemembered) return gone;
	for (const name of strays) if (await holdsKeys(name)) return true;
	return false;
}

/** Whether a vault's database has the phone's keys; without them it was never in a circle. */
async function holdsKeys(name: string): Promise<boolean> {
	const db = await openAny(name);
	try {
		const store = String(META);
		if (!db.objectStoreNames.contains(store)) return false;
		return (await done(db.transaction(store).objectStore(store).getKey(DEVICE))) !== undefined;
	} finally {
		db.close();
	}
}

/** One vault. */
export async function getVault(vault: VaultId): Promise<VaultRecord | null> {
	const row = await inVaults('readonly', (store) => done<Row | undefined>(store.get(vault)));
	return row && isVault(row) ? row : null;
}

function allRows(): Promise<Row[]> {
	return inVaults('readonly', (store) => done<Row[]>(store.getAll()));
}

function isVault(row: Row): row is VaultRecord {
	return !('removing' in row);
}

/** Keeps a new vault, under its sign or, where another has that already, under the first one that is free. */
export async function addVault(record: VaultRecord): Promise<void> {
	await inVaults('readwrite', async (store) => {
		const others = (await done<Row[]>(store.getAll())).filter(isVault);
		await done(store.put({ ...record, symbol: freeSymbol(record.symbol, others) }, record.id));
	});
}

/**
 * Changes a vault in one transaction; null: it is not there, or `change` gave nothing to keep. A sign that another
 * vault has is not taken: on the lock screen the sign is all by which people know theirs.
 */
export function changeVault(
	vault: VaultId,
	change: (record: VaultRecord) => VaultRecord | null,
): Promise<VaultRecord | null> {
	return inVaults('readwrite', async (store) => {
		const all = (await done<Row[]>(store.getAll())).filter(isVault);
		const record = all.find(({ id }) => id === vault);
		const wanted = record ? change(record) : null;
		if (!record || !wanted) return null;
		const others = all.filter(({ id }) => id !== vault);
		const symbol = isTaken(wanted.symbol, others) ? freeSymbol(record.symbol, others) : wanted.symbol;
		const changed = { ...wanted, symbol };
		await done(store.put(changed, vault));
		return changed;
	});
}

type Signed = Pick<VaultRecord, 'symbol'>;

function isTaken(symbol: VaultSymbol, others: readonly Signed[]): boolean {
	return others.some((other) => other.symbol === symbol);
}

/** The wanted sign, or the first that no other vault has; the wanted one too when all are taken. */
export function freeSymbol(wanted: VaultSymbol, others: readonly Signed[]): VaultSymbol {
	return [wanted, ...SYMBOLS].find((symbol) => !isTaken(symbol, others)) ?? wanted;
}

/** Removes a vault's keys; what was sealed with them is noise from then on, and its database is to be removed. */
export async function removeVault(vault: VaultId): Promise<void> {
	const removal: Removal = { id: vault, removing: true };
	await inVaults('readwrite', (store) => done(store.put(removal, vault)));
}

/** Removes the database of a vault whose keys were removed, and then all that is known of it. */
export async function dropVault(vault: VaultId): Promise<void> {
	await dropDatabase(databaseOf(vault));
	await inVaults('readwrite', async (store) => {
		const row = await done<Row | undefined>(store.get(vault));
		if (row && !isVault(row)) await done(store.delete(vault));
	});
}

/** Removes the database itself, and those of vaults that it does not know. */
export async function dropVaults(): Promise<void> {
	for (const name of await databaseNames()) if (DATABASE.test(name)) await dropDatabase(name);
	await dropDatabase(NAME);
}

/** Opens a database as it is; makes an empty one when there is none. */
export function openAny(name: string): Promise<IDBDatabase> {
	return done(indexedDB.open(name));
}

async function databaseNames(): Promise<string[]> {
	return (await indexedDB.databases()).map(({ name = '' }) => name);
}

/** Removes a database, once nobody has it open. */
export async function dropDatabase(name: string): Promise<void> {
	await done(indexedDB.deleteDatabase(name));
}

/** Resolves when the work is durable. Opened for each use: an idle page must not stand in the way of removing it. */
async function inVaults<T>(
	mode: IDBTransactionMode,
	work: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
	const opening = indexedDB.open(NAME, VERSION);
	opening.onupgradeneeded = (): void => void opening.result.createObjectStore(VAULTS);
	const db = await done(opening);
	try {
		const transaction = db.transaction(VAULTS, mode, { durability: 'strict' });
		const ended = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = (): void => resolve();
			transaction.onabort = (): void => reject(transaction.error ?? new Error('aborted'));
		});
		const [result] = await Promise.all([work(transaction.objectStore(VAULTS)), ended]);
		return result;
	} finally {
		db.close();
	}
}

function done<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = (): void => resolve(request.result);
		request.onerror = (): void => reject(request.error ?? new Error('not done'));
	});
}
