/**
 * Opening and changing vaults. This runs in a worker of its own that ends with its one answer, so that Argon2id
 * neither holds up the page nor leaves its memory with the engine, and no key passes through the page.
 */
import { pinKey } from '../../pkg/kith_client_wasm';
import type { DoorReply, VaultId } from '../bridge/door';
import type { KeyAsk, KeyReply } from '../bridge/protocol';
import {
	addVault,
	changeVault,
	getVault,
	newRecord,
	slotOf,
	type Slot,
	type VaultRecord,
} from '../bridge/vaults';
import { initCore } from './core';
import { counted, passesFor, PASSES_MIN } from './cost';
import { readFile, writeFile } from './file';
import { nameOf } from './problems';
import type { Bytes } from './range';
import { dataKeyOf, KEY_BYTES, keyOf, newKey, open, seal, passOf } from './wraps';

const MEMORY_KIB = 19 * 1024;
const SALT_BYTES = 16;

/** Answers what a page asks. Never throws. */
export async function answerKeys(ask: KeyAsk): Promise<KeyReply> {
	try {
		switch (ask.do) {
			case 'make':
				return await make();
			case 'pin':
				return await byPin(ask.vault, ask.pin);
			case 'touch':
				return await byTouch(ask.vault, ask.secret);
			case 'setPin':
				return await setPin(ask);
			case 'setTouch':
				return said(await setTouch(ask));
			case 'save':
				return { reply: 'done', file: await writeFile(ask.vault) };
			case 'restore':
				return said(await readFile(ask.file));
		}
	} catch (error) {
		return said(failureOf(error));
	}
}

function said(reply: DoorReply): KeyReply {
	return { reply };
}

function failureOf(error: unknown): DoorReply {
	if (nameOf(error) === 'QuotaExceededError') return 'full';
	return typeof error === 'string' && error.includes('memory') ? 'no-memory' : 'failed';
}

/** A new vault, without a PIN. */
async function make(): Promise<KeyReply> {
	const dataKey = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
	const outer = await newKey();
	const record = newRecord(outer, [{ kind: 'plain', sealed: await seal(outer, dataKey) }]);
	await addVault(record);
	return { reply: 'done', vault: record.id, pass: await passOf(dataKey) };
}

/** The data key of a vault without a PIN; null: it has one. */
export async function plainKey(record: VaultRecord): Promise<Bytes | null> {
	const slot = slotOf(record, 'plain');
	return slot && open(record.outer, slot.sealed);
}

async function byPin(vault: VaultId, pin: string): Promise<KeyReply> {
	const found = await tryPin(vault, pin);
	if (!(found instanceof Uint8Array)) return said(found);
	return { reply: 'done', pass: await passOf(found) };
}

/** The data key, by a PIN. A try counts before it is made, so that ending the page does not take it back. */
async function tryPin(vault: VaultId, pin: string): Promise<Bytes | DoorReply> {
	let early = false;
	const record = await changeVault(vault, (record) => {
		const next = counted(record);
		early = next === null;
		return next;
	});
	if (early) return 'wait';
	const slot = record && slotOf(record, 'pin');
	if (!slot) return 'failed';
	const inner = await open(record.outer, slot.sealed);
	if (!inner) return 'damaged';
	const dataKey = await open(await keyOf(await argon(pin, slot)), inner);
	if (!dataKey) return 'wrong';
	await changeVault(vault, (record) => ({ ...record, tries: 0, wait: null }));
	return dataKey;
}

async function byTouch(vault: VaultId, secret: Bytes): Promise<KeyReply> {
	const record = await getVault(vault);
	const slot = record && slotOf(record, 'touch');
	const inner = slot && (await open(record.outer, slot.sealed));
	const dataKey = inner && (await open(await keyOf(secret), inner));
	if (!dataKey) return said('damaged');
	await changeVault(vault, (record) => ({ ...record, tries: 0, wait: null }));
	return { reply: 'done', pass: await passOf(dataKey) };
}

async function setPin(ask: Extract<KeyAsk, { do: 'setPin' }>): Promise<KeyReply> {
	const { vault, pin, old, symbol } = ask;
	const record = await getVault(vault);
	if (!record) return said('failed');
	const dataKey = slotOf(record, 'pin') ? await tryPin(vault, old ?? '') : await plainKey(record);
	if (!(dataKey instanceof Uint8Array)) return said(dataKey ?? 'damaged');
	const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
	const cost = { salt, memoryKib: MEMORY_KIB, passes: await calibrate() };
	const inner = await seal(await keyOf(await argon(pin, cost)), dataKey);
	const slot: Slot = { kind: 'pin', ...cost, sealed: await seal(record.outer, inner) };
	// A fingerprint goes on to open it; the plain way must go in the same breath as the PIN comes.
	const changed = await changeVault(vault, (record) => ({
		...record,
		symbol,
		slots: [slot, ...record.slots.filter(({ kind }) => kind === 'touch')],
	}));
	return changed ? { reply: 'done', pass: await passOf(dataKey) } : said('failed');
}

async function setTouch(ask: Extract<KeyAsk, { do: 'setTouch' }>): Promise<DoorReply> {
	const record = await getVault(ask.vault);
	if (!record || !slotOf(record, 'pin')) return 'failed';
	const dataKey = await dataKeyOf(ask.pass);
	const inner = await seal(await keyOf(ask.secret), dataKey);
	dataKey.fill(0);
	const { credential, salt } = ask;
	const slot: Slot = { kind: 'touch', credential, salt, sealed: await seal(record.outer, inner) };
	const changed = await changeVault(ask.vault, (record) => ({
		...record,
		slots: [...record.slots.filter(({ kind }) => kind !== 'touch'), slot],
	}));
	return changed ? 'done' : 'failed';
}

/** As many passes as this phone does in about {@link PIN_MS}, within bounds. */
async function calibrate(): Promise<number> {
	await initCore(() => {});
	const salt = new Uint8Array(SALT_BYTES);
	const start = performance.now();
	await argon('calibrate', { salt, memoryKib: MEMORY_KIB, passes: PASSES_MIN });
	return passesFor((performance.now() - start) / PASSES_MIN);
}

async function argon(
	pin: string,
	{ salt, memoryKib, passes }: { salt: Bytes; memoryKib: number; passes: number },
): Promise<Bytes> {
	await initCore(() => {});
	return pinKey(normal(pin), salt, memoryKib, passes) as Bytes;
}

/** Keyboards write one character in several ways. */
function normal(pin: string): string {
	return pin.normalize('NFKC').trim();
}
