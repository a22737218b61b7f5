/**
 * What the engine keeps, in IndexedDB: an object store for each tree, bytes for keys and values. Values come sealed
 * and leave sealed; keys are ids and hashes.
 */
import type { IDBPDatabase, IDBPObjectStore, IDBPTransaction } from 'idb';
import type {
	WasmBatch,
	WasmCommitted,
	WasmRead,
	WasmReadResult,
	WasmStoreFailure,
} from '../../pkg/kith_client_wasm';
import type { AskId, Generation } from '../bridge/protocol';
import { DEVICE, META } from '../bridge/vaults';
import { emptied, nameOf, openProblem, otherVersion, StartError, storeLost } from './problems';
import { readRange, type Bytes } from './range';
import { DONE, openShaped, OWN, SHELL } from './shape';
import type { KithProblem } from '../bridge/contract';

const WRITER = 'writer';
/** How long it is remembered that a command was done; no page waits so long for a reply. */
const DONE_KEPT_MS = 3_600_000;

type Transaction = IDBPTransaction<unknown, string[], 'readonly' | 'readwrite'>;
type WrittenStore = Pick<IDBPObjectStore<unknown, string[], string, 'readwrite'>, 'put' | 'delete'>;

/** What is known of a vault's database beside it. */
export interface Founding {
	/** It has held the phone's keys. */
	founded: boolean;
	/** Has it known, durably. */
	note: () => Promise<unknown>;
}

const UNKNOWN: Founding = { founded: false, note: () => Promise.resolve() };

/** The store of one generation. Another generation that opens it takes the right to write away. */
export class Store {
	/** Whether the right to write is this generation's for certain. */
	#claimed = false;
	/** Whether it is known beside the store that the phone's keys are in it. */
	#founded = false;

	private constructor(
		private readonly db: IDBPDatabase,
		private readonly generation: Generation,
		private readonly lost: (problem: KithProblem) => void,
		private readonly founding: Founding,
	) {}

	/**
	 * Opens the database, or makes one that was not founded yet, and claims it. `lost` is called when it is closed from
	 * outside. Throws a {@link StartError}; nothing is written then.
	 */
	static async open(
		name: string,
		generation: Generation,
		lost: (problem: KithProblem) => void,
		founding = UNKNOWN,
	): Promise<Store> {
		const { founded } = founding;
		const blocking = (_current: number, _wanted: number | null, event: IDBVersionChangeEvent): void => {
			(event.target as IDBDatabase).close();
			lost(otherVersion());
		};
		const callbacks = { blocking, terminated: () => lost(storeLost()) };
		try {
			const db = await openShaped(name, callbacks, founded);
			const store = new Store(db, generation, lost, founding);
			await store.#look();
			await store.#claim();
			return store;
		} catch (error) {
			if (error instanceof StartError) throw error;
			throw new StartError(founded && nameOf(error) === 'AbortError' ? emptied() : openProblem(error));
		}
	}

	/** Answers all reads from one state of the store. Throws what {@link failureOf} understands. */
	async read(reads: WasmRead[]): Promise<WasmReadResult[]> {
		if (reads.length === 0) return [];
		const transaction = this.db.transaction(treesOf(reads.map(([, tree]) => tree)), 'readonly');
		const results = await Promise.all(reads.map((read) => answer(transaction, read)));
		await transaction.done;
		return results;
	}

	/** Does a batch durably, whole or not at all; with `done`, it is remembered in the same breath. */
	async commit(batch: WasmBatch, done: AskId | null): Promise<WasmCommitted> {
		const trees = [...batch.expect, ...batch.puts, ...batch.deletes].map(([tree]) => tree);
		let transaction: Transaction | null = null;
		try {
			transaction = this.db.transaction([...treesOf(trees), SHELL, DONE], 'readwrite', {
				durability: 'strict',
			}) as Transaction;
			transaction.done.catch(() => {});
			if (!this.#claimed) claim(written(transaction, SHELL), this.generation);
			else if (!(await this.#isMine(transaction))) {
				transaction.abort();
				this.lost(storeLost());
				return 'failed';
			}
			if (!(await holds(transaction, batch))) {
				transaction.abort();
				return 'conflict';
			}
			write(transaction, batch, done);
			await transaction.done;
			this.#claimed = true;
			if (!this.#founded && batch.puts.some(([tree, key]) => tree === META && same(key, DEVICE)))
				await this.#note();
			return 'committed';
		} catch (error) {
			const cause = transaction?.error ?? error;
			abort(transaction);
			return failureOf(nameOf(cause) === 'AbortError' ? error : cause);
		}
	}

	/** Whether a command of that name was done, by whichever generation. */
	async wasDone(id: AskId): Promise<boolean> {
		return (await this.db.get(DONE, id)) !== undefined;
	}

	/** What a page keeps under a name, as it was sealed. */
	async readOwn(name: string): Promise<Bytes | null> {
		return ((await this.db.get(OWN, utf8(name))) as Bytes | undefined) ?? null;
	}

	/** Keeps what a page asks for; null: forgets it. Throws what {@link failureOf} understands. */
	async writeOwn(name: string, sealed: Bytes | null): Promise<void> {
		if (sealed) await this.db.put(OWN, sealed, utf8(name));
		else await this.db.delete(OWN, utf8(name));
	}

	/** Closes the database; commits under way are finished first. */
	close(): void {
		this.db.close();
	}

	/** Whether the phone's keys are there; if they were and are not, the rest is not to be trusted either. */
	async #look(): Promise<void> {
		this.#founded = this.founding.founded;
		const isThere = (await this.db.getKey(String(META), DEVICE)) !== undefined;
		if (isThere && !this.#founded) await this.#note();
		if (isThere || !this.#founded) return;
		this.db.close();
		throw new StartError(emptied());
	}

	/** A full phone can't be told; the next start tries again. */
	async #note(): Promise<void> {
		this.#founded = true;
		await this.founding.note().catch(() => {});
	}

	async #claim(): Promise<void> {
		const transaction = this.db.transaction([SHELL, DONE], 'readwrite', { durability: 'strict' });
		transaction.done.catch(() => {});
		claim(transaction.objectStore(SHELL), this.generation);
		const done = transaction.objectStore(DONE);
		const old = Date.now() - DONE_KEPT_MS;
		try {
			for (let at = await done.openCursor(); at; at = await at.continue())
				if (at.value < old) await at.delete();
			await transaction.done;
			this.#claimed = true;
		} catch (error) {
			// A full phone goes on reading; the first write that finds room claims the store with it.
			if (failureOf(transaction.error ?? error) !== 'full') throw error;
		}
	}

	/** Whether no other generation has claimed the store since. */
	async #isMine(transaction: Transaction): Promise<boolean> {
		return (await transaction.objectStore(SHELL).get(WRITER)) === this.generation;
	}
}

function utf8(text: string): Bytes {
	return new TextEncoder().encode(text);
}

/** What a failure of the store means to the engine. */
export function failureOf(error: unknown): WasmStoreFailure {
	return nameOf(error) === 'QuotaExceededError' ? 'full' : 'failed';
}

async function holds(transaction: Transaction, batch: WasmBatch): Promise<boolean> {
	const values = await Promise.all(batch.expect.map(([tree, key]) => get(transaction, tree, key)));
	return batch.expect.every(([, , wanted], at) => same(values[at] ?? null, wanted));
}

/** Takes the right to write away from every other generation, once the transaction is done. */
function claim(shell: WrittenStore, generation: Generation): void {
	// The transaction's own end says what became of it.
	shell.put(generation, WRITER).catch(() => {});
}

function written(transaction: Transaction, name: string): WrittenStore {
	return (transaction as IDBPTransaction<unknown, string[], 'readwrite'>).objectStore(name);
}

function write(transaction: Transaction, batch: WasmBatch, done: AskId | null): void {
	const store = (name: string) => written(transaction, name);
	const all: Promise<unknown>[] = batch.deletes.map(([tree, key]) => store(String(tree)).delete(key));
	for (const [tree, key, value] of batch.puts) all.push(store(String(tree)).put(value, key));
	if (done !== null) all.push(store(DONE).put(Date.now(), done));
	// The transaction's own end says what became of them.
	void Promise.allSettled(all);
}

function abort(transaction: Transaction | null): void {
	try {
		transaction?.abort();
	} catch {
		// It had ended already.
	}
}

function treesOf(trees: number[]): string[] {
	return [...new Set(trees)].map(String);
}

async function get(transaction: Transaction, tree: number, key: Bytes): Promise<Bytes | null> {
	return ((await transaction.objectStore(String(tree)).get(key)) as Bytes | undefined) ?? null;
}

async function answer(transaction: Transaction, read: WasmRead): Promise<WasmReadResult> {
	switch (read[0]) {
		case 'get':
			return get(transaction, read[1], read[2]);
		case 'has':
			return (await transaction.objectStore(String(read[1])).getKey(read[2])) === undefined
				? null
				: new Uint8Array();
		case 'range': {
			const [, tree, from, to, rowsMax, bytesMax, reverse] = read;
			return readRange(transaction.objectStore(String(tree)), { from, to, rowsMax, bytesMax, reverse });
		}
	}
}

function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
	if (a === null || b === null) return a === b;
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
