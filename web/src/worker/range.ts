import type { IDBPObjectStore } from 'idb';
import type { WasmRows } from '../../pkg/kith_client_wasm';

/** Rows fetched at once; a cursor that takes them one by one is ten times slower. */
const CHUNK_ROWS = 256;

/** Never shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Rows from `from` to before `to`, cut by the limits; at least one row is given when there is one. */
export interface Range {
	from: Bytes;
	/** Empty: to the end. */
	to: Bytes;
	rowsMax: number;
	bytesMax: number;
	reverse: boolean;
}

type Rows = IDBPObjectStore<unknown, string[], string, 'readonly' | 'readwrite'>;

/** Reads a range within the transaction of `store`. */
export async function readRange(store: Rows, range: Range): Promise<WasmRows> {
	const taken = new Taken(range);
	const { from, to } = range;
	if (to.length > 0 && indexedDB.cmp(from, to) >= 0) return taken.rows;
	if (range.reverse) {
		const bounds = bound(from, to);
		for (let at = await store.openCursor(bounds, 'prev'); at; at = await at.continue())
			if (!taken.take(at.key as ArrayBuffer, at.value as Bytes)) break;
		return taken.rows;
	}
	let bounds = bound(from, to);
	for (;;) {
		const [keys, values] = await Promise.all([
			store.getAllKeys(bounds, CHUNK_ROWS),
			store.getAll(bounds, CHUNK_ROWS),
		]);
		for (const [at, key] of keys.entries())
			if (!taken.take(key as ArrayBuffer, values[at] as Bytes)) return taken.rows;
		const last = keys[CHUNK_ROWS - 1];
		if (last === undefined) return taken.rows;
		if (to.length > 0 && indexedDB.cmp(last, to) >= 0) return taken.rows;
		bounds = bound(last, to, true);
	}
}

function bound(from: IDBValidKey, to: Bytes, open = false): IDBKeyRange {
	return to.length === 0 ? IDBKeyRange.lowerBound(from, open) : IDBKeyRange.bound(from, to, open, true);
}

class Taken {
	readonly rows: WasmRows = { rows: [], more: false };
	#bytes = 0;

	constructor(private readonly range: Range) {}

	/** False: a limit was reached before this row. */
	take(key: ArrayBuffer, value: Bytes): boolean {
		const { rows } = this.rows;
		if (rows.length > 0 && (rows.length >= this.range.rowsMax || this.#bytes >= this.range.bytesMax)) {
			this.rows.more = true;
			return false;
		}
		rows.push([new Uint8Array(key), value]);
		this.#bytes += value.length;
		return true;
	}
}
