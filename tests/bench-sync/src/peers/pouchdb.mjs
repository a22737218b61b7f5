// @ts-check
/**
 * PouchDB with express-pouchdb as its documentation sets it up: a document a message, and a document a note whose
 * revisions are kept; LevelDB at both ends.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { digest } from '../common.mjs';
import { idOf, memberId } from '../workload.mjs';

/** None of them has types, or is a module. @type {(name: string) => any} */
const load = createRequire(import.meta.url);
const PouchDB = load('pouchdb');

const NAME = 'circle';
/** Checkpoints are kept by the server's address, so it is one, whatever port the link has in this trial. */
const ORIGIN = 'http://circle.invalid';
/** @param {string} folder */
async function storeIn(folder) {
	await mkdir(join(folder, 'pouch'), { recursive: true });
	return PouchDB.defaults({ prefix: `${join(folder, 'pouch')}/` });
}

const noteId = (/** @type {number} */ note) => `note-${note}`;

/**
 * @param {any} db
 * @param {import('../workload.mjs').Step[]} steps
 * @param {number} base
 */
async function write(db, steps, base) {
	/** @param {number} note @param {(doc: any) => void} change */
	const change = async (note, change) => {
		const doc = await db.get(noteId(note));
		change(doc);
		await db.put(doc);
	};
	for (const step of steps) {
		switch (step.do) {
			case 'note': {
				const { title, day, who } = step;
				await db.put({ _id: noteId(step.note), author: memberId(who), title, day, body: '', attendance: {}, items: [] });
				break;
			}
			case 'write':
				for (const burst of step.bursts) await change(step.note, (doc) => (doc.body += burst));
				break;
			case 'attend':
				await change(step.note, (doc) => (doc.attendance[memberId(step.member)] = step.presence));
				break;
			case 'item': {
				const { text } = step;
				const member = memberId(step.member);
				await change(step.note, (doc) => doc.items.push({ member, text, due: null, done: false }));
				break;
			}
			case 'message': {
				const { thread, who, text } = step;
				const at = base + step.at;
				await db.put({ _id: `m-${at}-${randomUUID()}`, thread, author: memberId(who), at, text });
			}
		}
	}
}

/** @param {any} db */
async function held(db) {
	const { rows } = await db.allDocs({ include_docs: true, conflicts: true });
	const ids = rows.map((/** @type {any} */ row) => `${row.id} ${[row.value.rev, ...(row.doc._conflicts ?? [])].toSorted()}`);
	const of = (/** @type {string} */ prefix) => rows.filter((/** @type {any} */ row) => row.id.startsWith(prefix)).length;
	// Its changes come in the order in which they were made: what is new comes last.
	return { notes: of('note-'), messages: of('m-'), state: digest(ids), hasWeek: true };
}

/**
 * Everyone writes, straight into the server's store.
 * @param {string} folder
 * @param {import('../workload.mjs').Workload} _workload
 * @param {import('../workload.mjs').Step[]} steps
 * @param {number} base when the session begins, ms since 1970
 */
export async function author(folder, _workload, steps, base) {
	const db = new (await storeIn(folder))(NAME);
	await write(db, steps, base);
	await db.close();
}

/** @param {string} folder */
export async function serve(folder) {
	const Store = await storeIn(folder);
	const app = load('express')();
	const settings = { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(folder, 'log') };
	app.use('/', load('express-pouchdb')(Store, settings));
	const listener = app.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const db = new Store(NAME);
	return { port: listener.address().port, held: () => held(db) };
}

/**
 * A phone, new or as it was left.
 * @param {string} folder
 */
export async function client(folder) {
	// A request that broke off is refused twice: to whoever asked, and to nobody. A browser notes that and goes on.
	process.on('unhandledRejection', (error) => console.error(error));
	const db = new (await storeIn(folder))(NAME);
	let [busy, ended] = [false, false];
	const run = async (/** @type {number} */ port) => {
		busy = true;
		const fetch = (/** @type {string} */ url, /** @type {unknown} */ options) =>
			PouchDB.fetch(url.replace(ORIGIN, `http://127.0.0.1:${port}`), options);
		const remote = new PouchDB(`${ORIGIN}/${NAME}`, { fetch });
		// One that was cut is begun again, as `retry` does.
		while (!ended) {
			const done = await db.sync(remote).then(
				() => true,
				() => false,
			);
			if (done) break;
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
		busy = false;
	};
	return {
		/** @param {number} port */
		async connect(port) {
			void run(port);
		},
		async held() {
			return busy ? { notes: 0, messages: 0, state: 'busy', hasWeek: false } : held(db);
		},
		/** @param {import('../workload.mjs').Step[]} steps @param {number} base */
		write: (steps, base) => write(db, steps, base),
		async close() {
			ended = true;
			await db.close();
		},
	};
}
