// @ts-check
/**
 * Yjs with hocuspocus as its documentation sets it up: a document a note and a thread, and one that lists them; one
 * WebSocket for all of them; files on the disk at both ends.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '@hocuspocus/extension-database';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { Server } from '@hocuspocus/server';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { digest, hasWeek } from '../common.mjs';
import { idOf, memberId } from '../workload.mjs';

const ROOT = idOf('circle');
const file = (/** @type {string} */ folder, /** @type {string} */ name) => join(folder, 'yjs', name);
const nameOf = (/** @type {import('../workload.mjs').Step} */ step) =>
	idOf(step.do === 'message' ? `thread ${step.thread}` : `note ${step.note}`);

/** @param {import('../workload.mjs').Message} step @param {number} base */
const message = ({ at, who, text }, base) => ({ id: randomUUID(), author: memberId(who), at: base + at, text });

/**
 * What a step changes in its document.
 * @param {import('../workload.mjs').Step} step
 * @param {number} base
 * @returns {((doc: Y.Doc) => void)[]} one a transaction
 */
function changes(step, base) {
	switch (step.do) {
		case 'note':
			return [
				(doc) => {
					doc.getMap('about').set('title', step.title);
					doc.getMap('about').set('day', step.day);
				},
			];
		case 'write':
			return step.bursts.map((burst) => (/** @type {Y.Doc} */ doc) => {
				const body = doc.getText('body');
				body.insert(body.length, burst);
			});
		case 'attend':
			return [(doc) => doc.getMap('attendance').set(memberId(step.member), step.presence)];
		case 'item': {
			const item = { member: memberId(step.member), text: step.text, due: null, done: false };
			return [(doc) => doc.getArray('items').push([new Y.Map(Object.entries(item))])];
		}
		case 'message':
			return [(doc) => doc.getArray('messages').push([message(step, base)])];
	}
}

/** @param {Y.Doc} doc @param {(doc: Y.Doc) => void} change */
const transact = (doc, change) => doc.transact(() => change(doc));

/** A document that several people write, each with a copy of their own. */
class Shared {
	/** @type {Uint8Array[]} */
	#log = [];
	/** @type {Map<number, { doc: Y.Doc, seen: number }>} */
	#copies = new Map();

	/** @param {Uint8Array | null} base */
	constructor(base) {
		if (base) this.#log.push(base);
	}

	/** @param {number} who @param {(doc: Y.Doc) => void} change */
	change(who, change) {
		const copy = this.#copies.get(who) ?? { doc: new Y.Doc(), seen: 0 };
		for (const update of this.#log.slice(copy.seen)) Y.applyUpdate(copy.doc, update);
		const keep = (/** @type {Uint8Array} */ update) => this.#log.push(update);
		copy.doc.on('update', keep);
		transact(copy.doc, change);
		copy.doc.off('update', keep);
		this.#copies.set(who, { doc: copy.doc, seen: this.#log.length });
	}

	whole() {
		const doc = new Y.Doc();
		for (const update of this.#log) Y.applyUpdate(doc, update);
		return doc;
	}
}

/**
 * Everyone writes, straight into the server's store.
 * @param {string} folder
 * @param {import('../workload.mjs').Workload} workload
 * @param {import('../workload.mjs').Step[]} steps
 * @param {number} base when the session begins, ms since 1970
 */
export async function author(folder, workload, steps, base) {
	await mkdir(join(folder, 'yjs'), { recursive: true });
	/** @type {Map<string, Shared>} */
	const docs = new Map();
	const threads = workload.threads.map((_, number) => idOf(`thread ${number}`));
	for (const name of new Set([ROOT, ...threads, ...steps.map(nameOf)])) {
		docs.set(name, new Shared(await readFile(file(folder, name)).catch(() => null)));
	}
	const root = docs.get(ROOT);
	if (Object.keys(root?.whole().getMap('docs').toJSON() ?? {}).length === 0) {
		for (const name of threads) root?.change(0, (doc) => doc.getMap('docs').set(name, true));
	}
	for (const step of steps) {
		if (step.do === 'note') root?.change(step.who, (doc) => doc.getMap('docs').set(nameOf(step), true));
		for (const change of changes(step, base)) docs.get(nameOf(step))?.change(step.who, change);
	}
	for (const [name, shared] of docs) await writeFile(file(folder, name), Y.encodeStateAsUpdate(shared.whole()));
}

/** @param {Map<string, Y.Doc>} docs @param {number} since */
function held(docs, since) {
	let [notes, messages] = [0, 0];
	const states = [];
	for (const [name, doc] of docs) {
		if (doc.getText('body').length > 0) notes += 1;
		messages += doc.getArray('messages').length;
		states.push(`${name}:${[...Y.decodeStateVector(Y.encodeStateVector(doc))].toSorted().join(' ')}`);
	}
	const all = [...docs.values()];
	const session = all.find((doc) => doc.getMap('about').get('day') === 0);
	const threads = all.map((doc) => /** @type {{ at: number }[]} */ (doc.getArray('messages').toArray()));
	const week = hasWeek(session?.getText('body').length ?? 0, threads, since);
	return { notes, messages, state: digest(states), hasWeek: week };
}

/** @param {string} folder */
export async function serve(folder) {
	const kept = new Map();
	for (const name of await readdir(join(folder, 'yjs'))) {
		const doc = new Y.Doc();
		Y.applyUpdate(doc, await readFile(file(folder, name)));
		kept.set(name, doc);
	}
	const database = new Database({
		fetch: async ({ documentName }) => readFile(file(folder, documentName)).catch(() => null),
		store: async ({ documentName, state }) => writeFile(file(folder, documentName), state),
	});
	// Batched, 4.7 sends each document that it has loaded to whoever asked for it once more, whole.
	const plain = { address: '127.0.0.1', port: 0, quiet: true, stopOnSignals: false, flushDelay: /** @type {const} */ (false) };
	const server = new Server({ ...plain, extensions: [database] });
	await server.listen();
	return {
		port: server.address.port,
		async held(/** @type {number} */ since) {
			return held(new Map([...kept, ...server.hocuspocus.documents]), since);
		},
	};
}

/**
 * A phone, new or as it was left.
 * @param {string} folder
 */
export async function client(folder) {
	await mkdir(join(folder, 'yjs'), { recursive: true });
	/** @type {Map<string, Y.Doc>} */
	const docs = new Map();
	/** @type {HocuspocusProviderWebsocket | null} */
	let socket = null;
	const open = (/** @type {string} */ name) => {
		const doc = docs.get(name) ?? new Y.Doc();
		docs.set(name, doc);
		if (socket) new HocuspocusProvider({ websocketProvider: socket, name, document: doc, awareness: null }).attach();
		return doc;
	};
	for (const name of await readdir(join(folder, 'yjs'))) Y.applyUpdate(open(name), await readFile(file(folder, name)));
	if (!docs.has(ROOT)) open(ROOT);
	return {
		/** @param {number} port */
		async connect(port) {
			const polyfill = /** @type {any} */ (WebSocket);
			socket = new HocuspocusProviderWebsocket({ url: `ws://127.0.0.1:${port}`, WebSocketPolyfill: polyfill });
			for (const name of docs.keys()) open(name);
			const list = docs.get(ROOT)?.getMap('docs');
			list?.observe(() => [...list.keys()].filter((name) => !docs.has(name)).forEach(open));
		},
		async held(/** @type {number} */ since) {
			return held(docs, since);
		},
		/** @param {import('../workload.mjs').Step[]} steps @param {number} base */
		async write(steps, base) {
			for (const step of steps) {
				const name = nameOf(step);
				if (step.do === 'note') docs.get(ROOT)?.getMap('docs').set(name, true);
				const doc = docs.get(name) ?? open(name);
				for (const change of changes(step, base)) transact(doc, change);
			}
		},
		async close() {
			socket?.destroy();
			for (const [name, doc] of docs) await writeFile(file(folder, name), Y.encodeStateAsUpdate(doc));
		},
	};
}

