/** The IndexedDB store, for tests to play the conformance suite on. */
import { openDB } from 'idb';
import type { WasmBatch, WasmRead, WasmReadResult } from '../../pkg/kith_client_wasm';
import {
	addVault,
	allVaults,
	changeVault,
	databaseOf,
	newRecord,
	removeVault,
	type Slot,
	type VaultRecord,
} from '../../src/bridge/vaults';
import { VAULTS_MAX } from '../../src/bridge/door';
import { readFile, writeFile } from '../../src/worker/file';
import type { Bytes } from '../../src/worker/range';
import { OWN, SEALED_STORES } from '../../src/worker/shape';
import { Store } from '../../src/worker/store';
import { newKey, seal } from '../../src/worker/wraps';
import type { Case, JsonAt, JsonRead, JsonResult } from '../suite';

/** What tests call. */
export interface StorePage {
	/** What differs, case by case; empty: the store conforms. */
	play: (cases: Case[]) => Promise<string[]>;
	/** Puts one row as a generation of its own; what became of it. */
	put: (generation: string, done: string | null) => Promise<string>;
	wasDone: (id: string) => Promise<boolean>;
	/** A second writer claims the store; what becomes of a commit by the first. */
	fence: () => Promise<{ outcome: string; lost: string[] }>;
	/** A vault of the first shape, with one row, is saved and restored; how many stores and rows the restored one has. */
	carryOld: () => Promise<{ reply: string; stores: number; rows: number; opened: string }>;
	/** As many vaults as a phone takes, all by one sign; their signs, and those after the second asked for the first's. */
	signs: () => Promise<{ made: string[]; asked: string[] }>;
}

declare global {
	var kithStore: StorePage;
}

const NAME = 'kith-test';

const bytes = (hex: string): Bytes =>
	Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
const hex = (from: Bytes): string => [...from].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const open = (generation: string, lost: string[] = []): Promise<Store> =>
	Store.open(NAME, generation, (problem) => lost.push(problem.code));

function batchOf(json: {
	expect: [...JsonAt, string | null][];
	puts: [...JsonAt, string][];
	deletes: JsonAt[];
}): WasmBatch {
	return {
		expect: json.expect.map(([tree, key, value]) => [tree, bytes(key), value === null ? null : bytes(value)]),
		puts: json.puts.map(([tree, key, value]) => [tree, bytes(key), bytes(value)]),
		deletes: json.deletes.map(([tree, key]) => [tree, bytes(key)]),
	};
}

function readOf(json: JsonRead): WasmRead {
	if ('get' in json) return ['get', json.get[0], bytes(json.get[1])];
	if ('has' in json) return ['has', json.has[0], bytes(json.has[1])];
	const [tree, from, to] = json.range;
	return ['range', tree, bytes(from), bytes(to), json.rows_max, json.bytes_max, json.reverse];
}

function resultOf(result: WasmReadResult): JsonResult {
	if (result === null) return { value: null };
	if (result instanceof Uint8Array) return { value: hex(result) };
	return { rows: result.rows.map(([key, value]) => [hex(key), hex(value)]), more: result.more };
}

/** The same text for the same results, in whatever order their fields are written. */
function said(results: readonly JsonResult[]): string {
	const shapes = results.map((one) =>
		'rows' in one ? { rows: one.rows, more: one.more } : { value: one.value },
	);
	return JSON.stringify(shapes);
}

async function drop(): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const request = indexedDB.deleteDatabase(NAME);
		request.onsuccess = () => resolve();
		request.onerror = () => reject(request.error ?? new Error('not deleted'));
	});
}

async function playCase({ name, steps }: Case): Promise<string[]> {
	await drop();
	const differs: string[] = [];
	let store = await open(name);
	for (const [at, step] of steps.entries()) {
		let found: string;
		let wanted: string;
		if ('commit' in step) {
			[found, wanted] = [await store.commit(batchOf(step.commit), null), step.outcome];
		} else if ('read' in step) {
			const results = await store.read(step.read.map(readOf));
			[found, wanted] = [said(results.map(resultOf)), said(step.results)];
		} else {
			store.close();
			store = await open(name);
			continue;
		}
		if (found !== wanted)
			differs.push(`${name}, step ${at}: ${found.slice(0, 200)} for ${wanted.slice(0, 200)}`);
	}
	store.close();
	return differs;
}

const ROW: WasmBatch = { expect: [], puts: [[1, new Uint8Array([1]), new Uint8Array([2])]], deletes: [] };

/** A vault as the first shape of its database was: no store for what pages keep beside the engine. */
async function oldVault(): Promise<VaultRecord> {
	const outer = await newKey();
	const sealed = await seal(outer, new Uint8Array(60));
	const slot: Slot = { kind: 'pin', salt: new Uint8Array(16), memoryKib: 19_456, passes: 2, sealed };
	const record = newRecord(outer, [slot]);
	const db = await openDB(databaseOf(record.id), 1, {
		upgrade: (made) => {
			for (const name of SEALED_STORES.filter((name) => name !== OWN)) made.createObjectStore(name);
		},
	});
	await db.put('1', new Uint8Array([2]), new Uint8Array([1]));
	db.close();
	await addVault(record);
	return record;
}

globalThis.kithStore = {
	async carryOld() {
		const old = await oldVault();
		const known = (await allVaults()).map(({ id }) => id);
		const reply = await readFile(await writeFile(old.id));
		const restored = (await allVaults()).find(({ id }) => !known.includes(id));
		const db = await openDB(databaseOf(restored?.id ?? ''));
		const [stores, rows] = [db.objectStoreNames.length, await db.count('1')];
		db.close();
		const store = await Store.open(databaseOf(old.id), 'after', () => {});
		const opened = await store.commit(ROW, null);
		store.close();
		return { reply, stores, rows, opened };
	},
	async signs() {
		for (const { id } of await allVaults()) await removeVault(id);
		const outer = await newKey();
		const signs = async (): Promise<string[]> => (await allVaults()).map(({ symbol }) => symbol);
		for (let at = 0; at < VAULTS_MAX; at += 1) {
			await addVault({ ...newRecord(outer, []), symbol: 'boat', madeMs: at });
		}
		const [made, all] = [await signs(), await allVaults()];
		await changeVault(all[1]?.id ?? '', (record) => ({ ...record, symbol: 'boat' }));
		const asked = await signs();
		for (const { id } of all) await removeVault(id);
		return { made, asked };
	},
	async play(cases) {
		const differs = [];
		for (const one of cases) differs.push(...(await playCase(one)));
		return differs;
	},
	async put(generation, done) {
		const store = await open(generation);
		const outcome = await store.commit(ROW, done);
		store.close();
		return outcome;
	},
	async wasDone(id) {
		const store = await open('looks');
		const done = await store.wasDone(id);
		store.close();
		return done;
	},
	async fence() {
		const lost: string[] = [];
		const first = await open('first', lost);
		const second = await open('second');
		const outcome = await first.commit(ROW, null);
		first.close();
		second.close();
		return { outcome, lost };
	},
};
