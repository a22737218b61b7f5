// @ts-check
/**
 * automerge-repo as its documentation sets it up: a document a note and a thread, and one that lists them; files on the
 * disk at both ends; a WebSocket server that shares what it is asked for.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import * as A from '@automerge/automerge';
import { Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { WebSocketServer } from 'ws';
import { digest, hasWeek, readJson, sleep, writeJson } from '../common.mjs';
import { memberId } from '../workload.mjs';

/** How long until a document that nobody had is asked for again. */
const AGAIN_MS = 500;

const store = (/** @type {string} */ folder) => new NodeFSStorageAdapter(join(folder, 'automerge'));
const actor = () => randomUUID().replaceAll('-', '');
const immutable = (/** @type {string} */ text) => new A.ImmutableString(text);

/** @param {import('../workload.mjs').Message} step @param {number} base */
const message = ({ at, who, text }, base) => ({
	id: immutable(randomUUID()),
	author: immutable(memberId(who)),
	at: base + at,
	text: immutable(text),
});

/**
 * What a step changes in its document.
 * @param {import('../workload.mjs').Step} step
 * @param {number} base
 * @returns {((doc: any) => void)[]} one a change
 */
function changes(step, base) {
	switch (step.do) {
		case 'note':
			return [(doc) => Object.assign(doc, { title: step.title, day: step.day, body: '', attendance: {}, items: [] })];
		case 'write':
			return step.bursts.map((burst) => (/** @type {any} */ doc) => A.splice(doc, ['body'], doc.body.length, 0, burst));
		case 'attend':
			return [(doc) => (doc.attendance[memberId(step.member)] = immutable(step.presence))];
		case 'item':
			return [(doc) => doc.items.push({ member: immutable(memberId(step.member)), text: step.text, due: null, done: false })];
		case 'message':
			return [(doc) => doc.messages.push(message(step, base))];
	}
}

const nameOf = (/** @type {import('../workload.mjs').Step} */ step) =>
	step.do === 'message' ? `threads/${step.thread}` : `notes/${step.note}`;

/** A document that several people write, each with an actor and a copy of their own. */
class Shared {
	/** @type {Uint8Array[]} */
	#log = [];
	/** @type {Map<number, { doc: A.Doc<any>, seen: number }>} */
	#copies = new Map();

	/** @param {Uint8Array} base */
	constructor(base) {
		this.base = base;
	}

	/**
	 * @param {number} who
	 * @param {number} at ms since 1970
	 * @param {(doc: any) => void} change
	 */
	change(who, at, change) {
		const copy = this.#copies.get(who) ?? { doc: A.load(this.base, { actor: actor() }), seen: 0 };
		const [known] = A.applyChanges(copy.doc, this.#log.slice(copy.seen));
		const doc = A.change(known, { time: Math.floor(at / 1_000) }, change);
		const made = A.getLastLocalChange(doc);
		if (made) this.#log.push(made);
		this.#copies.set(who, { doc, seen: this.#log.length });
	}

	whole() {
		const [doc] = A.applyChanges(A.load(this.base), this.#log);
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
	const repo = new Repo({ storage: store(folder) });
	const ids = join(folder, 'ids.json');
	const urls = (await readJson(ids)) ?? { root: '', all: {} };
	/** @type {Map<string, Shared>} */
	const docs = new Map();
	const open = async (/** @type {string} */ name) => {
		const url = urls.all[name];
		const start = url ? (await repo.find(url)).doc() : A.from(name.startsWith('threads') ? { messages: [] } : {});
		docs.set(name, new Shared(A.save(/** @type {any} */ (start))));
	};
	const threads = workload.threads.map((_, number) => `threads/${number}`);
	for (const name of new Set([...(urls.root ? [] : threads), ...steps.map(nameOf)])) await open(name);
	for (const step of steps) {
		changes(step, base).forEach((change, index) => {
			const at = base + step.at + (step.do === 'write' ? index * step.every : 0);
			docs.get(nameOf(step))?.change(step.who, at, change);
		});
	}
	for (const [name, shared] of docs) {
		const url = urls.all[name];
		if (url) (await repo.find(url)).update((doc) => A.merge(/** @type {any} */ (doc), shared.whole()));
		else urls.all[name] = repo.import(A.save(shared.whole())).url;
	}
	if (!urls.root) {
		const root = repo.create({ people: workload.people, threads: workload.threads, urls: {} });
		for (const [name, url] of Object.entries(urls.all)) {
			root.change((/** @type {any} */ doc) => (doc.urls[name] = immutable(String(url))));
		}
		urls.root = root.url;
	}
	await repo.flush();
	await repo.shutdown();
	await writeJson(ids, urls);
}

/** @param {A.Doc<any>[]} docs @param {number} since */
function held(docs, since) {
	const messages = docs.reduce((sum, doc) => sum + (doc.messages?.length ?? 0), 0);
	const notes = docs.filter((doc) => doc.body !== undefined).length;
	const chars = docs.find((doc) => doc.day === 0)?.body.length ?? 0;
	const week = hasWeek(chars, docs.map((doc) => doc.messages ?? []), since);
	return { notes, messages, state: digest(docs.map((doc) => A.getHeads(doc).join())), hasWeek: week };
}

/** @param {any} root */
const listed = (root) => /** @type {string[]} */ (Object.values(root.urls ?? {}).map(String));

/** @param {string} folder */
export async function serve(folder) {
	const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	await once(sockets, 'listening');
	const repo = new Repo({
		network: [new WebSocketServerAdapter(/** @type {any} */ (sockets))],
		storage: store(folder),
		sharePolicy: async () => false,
	});
	const root = await repo.find((await readJson(join(folder, 'ids.json'))).root);
	for (const url of listed(root.doc())) await repo.find(/** @type {any} */ (url));
	const address = sockets.address();
	return {
		port: typeof address === 'object' && address ? address.port : 0,
		async held(/** @type {number} */ since) {
			const handles = listed(root.doc()).map((url) => repo.handles[/** @type {any} */ (url.slice('automerge:'.length))]);
			const docs = handles.filter((handle) => handle?.isReady()).map((handle) => /** @type {any} */ (handle?.doc()));
			return held([root.doc(), ...docs], since);
		},
	};
}

/**
 * A phone, new or as it was left.
 * @param {string} folder
 */
export async function client(folder) {
	const repo = new Repo({ storage: store(folder) });
	const { root: rootUrl } = await readJson(join(folder, 'ids.json'));
	/** @type {Map<string, import('@automerge/automerge-repo').DocHandle<any>>} */
	const handles = new Map();
	const asked = new Set();
	let ended = false;
	const find = async (/** @type {any} */ url) => {
		if (asked.has(url)) return;
		asked.add(url);
		while (!ended) {
			const handle = await repo.find(url).catch(() => null);
			if (handle) return void handles.set(url, /** @type {any} */ (handle));
			await sleep(AGAIN_MS);
		}
	};
	const findAll = async () => {
		await find(rootUrl);
		const root = handles.get(rootUrl);
		const all = () => Promise.all(listed(root?.doc()).map(find));
		root?.on('change', () => void all());
		await all();
	};
	/** Whatever stands on this disk is there before the network is. */
	const isKnown = (await readJson(join(folder, 'known.json'))) !== null;
	if (isKnown) await findAll();
	return {
		/** @param {number} port */
		async connect(port) {
			repo.networkSubsystem.addNetworkAdapter(new WebSocketClientAdapter(`ws://127.0.0.1:${port}`));
			await repo.networkSubsystem.whenReady();
			if (!isKnown) await findAll();
		},
		async held(/** @type {number} */ since) {
			const root = handles.get(rootUrl);
			if (!root) return held([], since);
			const docs = listed(root.doc()).map((url) => handles.get(url)?.doc());
			return held([root.doc(), ...docs.filter((doc) => doc !== undefined)], since);
		},
		/** @param {import('../workload.mjs').Step[]} steps @param {number} base */
		async write(steps, base) {
			const root = handles.get(rootUrl);
			for (const step of steps) {
				const name = nameOf(step);
				if (step.do === 'note') {
					const handle = repo.create({});
					handles.set(handle.url, /** @type {any} */ (handle));
					root?.change((doc) => (doc.urls[name] = immutable(handle.url)));
				}
				const handle = handles.get(String(root?.doc().urls[name]));
				for (const change of changes(step, base)) handle?.change(change);
			}
		},
		async close() {
			ended = true;
			await repo.flush();
			await writeJson(join(folder, 'known.json'), true);
			await repo.shutdown();
		},
	};
}
