/**
 * A vault in one file: its rows as they lie in the database, sealed, and its key wrapped by the PIN alone.
 *
 * `"kith vault 1\n" ‖ length of the head (4, little-endian) ‖ head (JSON) ‖ rows ‖ SHA-256 of all before (32)`.
 * A row is `length of the store's name (1) ‖ name ‖ length of the key (4) ‖ key ‖ length of the value (4) ‖ value`.
 */
import { SYMBOLS, type DoorReply, type VaultId } from '../bridge/door';
import {
	addVault,
	databaseOf,
	dropVault,
	getVault,
	newRecord,
	removeVault,
	slotOf,
	type Slot,
} from '../bridge/vaults';
import { openShaped, SEALED_STORES } from './shape';
import { newKey, open, seal } from './wraps';
import type { Bytes } from './range';

const MAGIC = new TextEncoder().encode('kith vault 1\n');
const HASH_BYTES = 32;
const HEAD_BYTES_MAX = 4096;
/** No phone of today holds a larger vault in memory twice. */
const FILE_BYTES_MAX = 200_000_000;

interface Head {
	symbol: string;
	salt: number[];
	memoryKib: number;
	passes: number;
	/** The data key, sealed by what the PIN makes. */
	sealed: number[];
}

/** Writes a vault's file; throws when it has no PIN. */
export async function writeFile(vault: VaultId): Promise<Blob> {
	const record = await getVault(vault);
	const slot = record && slotOf(record, 'pin');
	const inner = slot && (await open(record.outer, slot.sealed));
	if (!inner) throw new Error('only a vault with a PIN can be saved');
	const { salt, memoryKib, passes } = slot;
	const head: Head = { symbol: record.symbol, salt: [...salt], memoryKib, passes, sealed: [...inner] };
	const text = new TextEncoder().encode(JSON.stringify(head));
	const parts: Bytes[] = [MAGIC, number(text.length), text, ...(await rows(vault))];
	const all = new Uint8Array(await new Blob(parts).arrayBuffer());
	return new Blob([all, await crypto.subtle.digest('SHA-256', all)], { type: 'application/octet-stream' });
}

async function rows(vault: VaultId): Promise<Bytes[]> {
	const db = await openShaped(databaseOf(vault));
	const parts: Bytes[] = [];
	try {
		const transaction = db.transaction(SEALED_STORES);
		for (const name of SEALED_STORES) {
			const [keys, values] = await Promise.all([
				transaction.objectStore(name).getAllKeys(),
				transaction.objectStore(name).getAll() as Promise<Bytes[]>,
			]);
			const called = new TextEncoder().encode(name);
			for (const [at, key] of keys.entries()) {
				const bytes = new Uint8Array(key as ArrayBuffer);
				const value = values[at] ?? new Uint8Array();
				parts.push(
					Uint8Array.of(called.length),
					called,
					number(bytes.length),
					bytes,
					number(value.length),
					value,
				);
			}
		}
		return parts;
	} finally {
		db.close();
	}
}

/** Puts a file's vault on this phone. Nothing is kept of a file that is damaged. */
export async function readFile(file: Blob): Promise<DoorReply> {
	if (file.size > FILE_BYTES_MAX || file.size < MAGIC.length + HASH_BYTES) return 'damaged';
	const all = new Uint8Array(await file.arrayBuffer());
	const body = all.subarray(0, all.length - HASH_BYTES);
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
	if (!same(hash, all.subarray(body.length)) || !same(MAGIC, body.subarray(0, MAGIC.length)))
		return 'damaged';
	const reader = new Reader(body, MAGIC.length);
	const head = readHead(reader);
	if (!head) return 'damaged';
	const outer = await newKey();
	const { salt, memoryKib, passes } = head;
	const sealed = await seal(outer, Uint8Array.from(head.sealed));
	const slot: Slot = { kind: 'pin', salt: Uint8Array.from(salt), memoryKib, passes, sealed };
	const record = newRecord(outer, [slot]);
	record.symbol = SYMBOLS.find((symbol) => symbol === head.symbol) ?? record.symbol;
	// Until it is whole it is one to be removed, should this end in the middle.
	await removeVault(record.id);
	const db = await openShaped(databaseOf(record.id));
	try {
		const transaction = db.transaction(SEALED_STORES, 'readwrite', { durability: 'strict' });
		const done = transaction.done;
		done.catch(() => {});
		while (!reader.isEnd()) {
			const name = new TextDecoder().decode(reader.take(reader.byte()));
			const key = reader.take(reader.number());
			const value = reader.take(reader.number());
			if (!SEALED_STORES.includes(name)) throw new RangeError('an unknown store');
			transaction
				.objectStore(name)
				.put(value, key)
				.catch(() => {});
		}
		await done;
	} catch (error) {
		db.close();
		await dropVault(record.id);
		if (error instanceof RangeError) return 'damaged';
		throw error;
	}
	db.close();
	await addVault(record);
	return 'done';
}

function readHead(reader: Reader): Head | null {
	try {
		const length = reader.number();
		if (length > HEAD_BYTES_MAX) return null;
		const head = JSON.parse(new TextDecoder().decode(reader.take(length))) as Head;
		const bytes = [head.salt, head.sealed].every((list) => Array.isArray(list) && list.length > 0);
		return bytes && Number.isInteger(head.memoryKib) && Number.isInteger(head.passes) ? head : null;
	} catch {
		return null;
	}
}

/** Reads forward; throws a RangeError beyond the end. */
class Reader {
	constructor(
		private readonly bytes: Bytes,
		private at: number,
	) {}

	isEnd(): boolean {
		return this.at === this.bytes.length;
	}

	byte(): number {
		return this.take(1)[0] as number;
	}

	number(): number {
		const bytes = this.take(4);
		return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
	}

	/** A copy of its own, as the database wants it. */
	take(length: number): Bytes {
		if (this.at + length > this.bytes.length) throw new RangeError('the file is cut short');
		this.at += length;
		return this.bytes.slice(this.at - length, this.at);
	}
}

function number(value: number): Bytes {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value, true);
	return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
