// @ts-check
/** What is measured: how a past is made for it, how its server and a phone are started, and what they hold. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SESSION_CHARS, SESSION_MESSAGES, readJson, sleep } from './common.mjs';
import { Process } from './process.mjs';

/** How long making a past may take, and starting. */
const BUILD_MS = 15 * 60_000;
const START_MS = 30_000;
const ANSWER_MS = 60_000;
/** How long both ends still talk when they hold the same. */
const SETTLE_MS = 1_500;
/** How long an answer may take for which all is fetched. */
const EXCHANGE_MS = 15 * 60_000;

/**
 * `state` is the same at both ends when both hold the same; `hasWeek`: the whole of the session's week is there.
 * @typedef {{ notes: number, messages: number, state: string, hasWeek: boolean }} Held
 * @typedef {{ port: number, held(): Promise<Held>, end(): Promise<void> }} ServerRun
 * @typedef {{ connect(port: number): void, held(): Promise<Held>, end(): Promise<void> }} PhoneRun
 * @typedef {object} Subject
 * @property {string} name as on the command line
 * @property {string} title as in a table
 * @property {(folder: string, file: string, workload: import('./workload.mjs').Workload, base: number) => Promise<void>} build
 *   makes a past, and leaves `server` and `phone` in the folder as they are before the phone comes back
 * @property {(folder: string) => Promise<ServerRun>} serve
 * @property {(folder: string, port: number) => Promise<PhoneRun>} phone the one that is there; `port` is where it will connect
 * @property {(folder: string, port: number) => Promise<void>} empty puts a new phone in its place, invited where `port` is
 * @property {(folder: string, port: number) => Promise<PhoneRun>} newPhone
 */

const PEER = fileURLToPath(new URL('peer.mjs', import.meta.url));
/** Where peers keep which documents there are to know of. */
const IDS = 'ids.json';

/**
 * @param {string} name
 * @param {string} title
 * @returns {Subject}
 */
function peer(name, title) {
	const run = (/** @type {string[]} */ ...args) => new Process(process.execPath, [PEER, name, ...args]);
	/** When the session began: the same for all of a run. */
	let since = 0;
	const held = (/** @type {Process} */ child) => {
		const reply = child.hear((line) => {
			const said = JSON.parse(line);
			if (said.failed) throw new Error(said.failed);
			return 'state' in said ? said : undefined;
		}, ANSWER_MS);
		child.tell({ cmd: 'held', since });
		return reply;
	};
	const serve = async (/** @type {string} */ folder) => {
		const child = run('serve', join(folder, 'server'));
		const { port } = await ready(child);
		return { port, held: () => held(child), end: () => child.end({ by: { cmd: 'quit' } }) };
	};
	const phone = async (/** @type {string} */ folder) => {
		const child = run('client', join(folder, 'phone'));
		await ready(child);
		return {
			connect: (/** @type {number} */ port) => child.tell({ cmd: 'connect', port }),
			held: () => held(child),
			end: () => child.end({ by: { cmd: 'quit' } }),
		};
	};
	const empty = async (/** @type {string} */ folder) => {
		await rm(join(folder, 'phone'), { recursive: true, force: true });
		await mkdir(join(folder, 'phone'));
		const ids = await readJson(join(folder, 'server', IDS));
		if (ids) await writeFile(join(folder, 'phone', IDS), JSON.stringify({ root: ids.root }));
	};
	return {
		name,
		title,
		serve,
		phone,
		empty,
		newPhone: phone,
		async build(folder, file, _workload, base) {
			since = base;
			const author = (/** @type {string} */ part) =>
				run('author', join(folder, 'server'), file, part, String(base)).done(BUILD_MS);
			await mkdir(join(folder, 'server'));
			await author('history');
			await empty(folder);
			const server = await serve(folder);
			// Twice, as in life: only the second time all know that both ends have it.
			for (let time = 0; time < 2; time += 1) {
				const first = await phone(folder);
				first.connect(server.port);
				const until = performance.now() + BUILD_MS;
				for (;;) {
					await sleep(SETTLE_MS);
					const [here, there] = [await first.held(), await server.held()];
					if (here.state === there.state && here.messages > 0) break;
					if (performance.now() > until) throw new Error(`${name}: the phone has not got its past`);
				}
				await first.end();
			}
			await server.end();
			await run('write', join(folder, 'phone'), file, 'away', String(base)).done(BUILD_MS);
			await author('meanwhile');
		},
	};
}

/** @param {Process} child @returns {Promise<{ port: number }>} */
const ready = (child) =>
	child.hear((line) => {
		const said = JSON.parse(line);
		return said.ready ? said : undefined;
	}, START_MS);

/** Kith: its real server, and its phone without a screen. */
class KithPhone {
	#child;
	#next = 0;
	#circle;
	#day;
	#base;
	#link;
	/** @type {any} */
	#status = null;
	/** Whether an exchange ended before its time. */
	#isBroken = false;
	#isTrying = false;
	#hasEnded = false;

	/**
	 * @param {Process} child
	 * @param {{ circle: string, threads: string[], base: number, link?: string }} circle
	 */
	constructor(child, circle) {
		this.#child = child;
		this.#circle = circle;
		this.#base = circle.base;
		this.#day = Math.floor(circle.base / 86_400_000);
		this.#link = circle.link;
		child.onLine((line) => {
			const said = JSON.parse(line);
			if (said.notice !== 'status') return;
			this.#isBroken = said.status.state === 'offline' && this.#status?.state === 'syncing';
			this.#status = said.status;
		});
	}

	/**
	 * @param {Record<string, unknown>} command
	 * @param {number} [ms] how long at most
	 * @returns {Promise<any>} null when it was refused
	 */
	async ask(command, ms = ANSWER_MS) {
		const id = (this.#next += 1);
		const reply = this.#child.hear((line) => {
			const said = JSON.parse(line);
			return said.id === id ? said : undefined;
		}, ms);
		this.#child.tell({ id, ...command });
		const { ok, value } = await reply;
		return ok ? value : null;
	}

	connect() {
		// Whoever looks at what it holds sees that it ended.
		this.#come().catch(() => {});
	}

	async #come() {
		this.#isBroken = false;
		await this.ask({ cmd: 'online' });
		if (this.#link === undefined) return;
		const enrol = { cmd: 'enrol', link: this.#link, name: 'Person 0' };
		while (!this.#hasEnded && (await this.ask(enrol, EXCHANGE_MS)) === null) await sleep(AGAIN_MS);
		this.#link = undefined;
		await this.#try();
	}

	async #try() {
		if (this.#isTrying) return;
		this.#isTrying = true;
		this.#isBroken = false;
		await this.ask({ cmd: 'sync' }, EXCHANGE_MS);
		this.#isTrying = false;
	}

	/** @returns {Promise<Held>} */
	async held() {
		const { state, unsentItems } = this.#status ?? {};
		// One that was cut is begun again at once, as somebody who looks at it does.
		if (this.#isBroken && this.#link === undefined) this.#try().catch(() => {});
		const isSafe = state === 'idle' && unsentItems === 0 && this.#link === undefined;
		const { circle, threads } = this.#circle;
		const limit = isSafe ? ALL_MESSAGES : SESSION_MESSAGES;
		let [messages, recent, hasNote] = [0, 0, false];
		for (const thread of threads) {
			const shown = await this.ask({ cmd: 'openThread', circle, thread, limit });
			const here = (shown?.messages ?? []).filter((/** @type {any} */ message) => message.body === 'here');
			messages += here.length;
			recent += here.filter((/** @type {any} */ message) => message.sentMs >= this.#base).length;
		}
		const notes = (await this.ask({ cmd: 'notes', circle })) ?? [];
		const last = notes.find((/** @type {any} */ note) => note.day === this.#day);
		if (last) {
			const note = await this.ask({ cmd: 'openNote', document: last.document });
			const text = (note?.spans ?? []).map((/** @type {any} */ span) => span.text ?? '').join('');
			hasNote = text.length >= SESSION_CHARS;
			await this.ask({ cmd: 'close', document: last.document });
		}
		return { notes: notes.length, messages, state: isSafe ? 'safe' : 'busy', hasWeek: hasNote && recent >= SESSION_MESSAGES };
	}

	end() {
		this.#hasEnded = true;
		return this.#child.end({ by: { cmd: 'quit' } });
	}
}

const ALL_MESSAGES = 10_000;
/** How long until a way in that broke is tried again. */
const AGAIN_MS = 200;

/**
 * @param {{ server: string, phone: string, bench: string }} programs
 * @returns {Subject}
 */
function kith(programs) {
	const at = (/** @type {number} */ port) => `http://127.0.0.1:${port}`;
	const start = async (/** @type {string} */ folder, /** @type {number} */ port, /** @type {string | undefined} */ link) => {
		const circle = await readJson(join(folder, 'kith.json'));
		const args = [join(folder, 'phone'), '--server', at(port), '--offline'];
		const phone = new KithPhone(new Process(programs.phone, args), { ...circle, link });
		await phone.ask({ cmd: 'circles' });
		return phone;
	};
	return {
		name: 'kith',
		title: 'Kith',
		async build(folder, file, _workload, base) {
			const made = join(folder, 'made');
			const args = ['sync', '--replay', file, '--into', made, '--begins', String(base)];
			await new Process(programs.bench, args).done(BUILD_MS);
			await cp(made, folder, { recursive: true });
			const circle = await readJson(join(folder, 'kith.json'));
			await writeFile(join(folder, 'kith.json'), JSON.stringify({ ...circle, base }));
		},
		async serve(folder) {
			const args = ['serve', '--data', join(folder, 'server'), '--listen', '127.0.0.1:0', '--metrics-listen', 'off'];
			const child = new Process(programs.server, [...args, '--log', 'warn']);
			const heard = child.hear((line) => /Kith listens at http:\/\/\S+?:(\d+)/.exec(line)?.[1], START_MS);
			const port = Number(await heard);
			// What a phone calls safe, a server has acknowledged.
			const held = async () => ({ notes: 0, messages: 0, state: 'safe', hasWeek: true });
			return { port, held, end: () => child.end({ signal: 'SIGINT' }) };
		},
		phone: (folder, port) => start(folder, port, undefined),
		async empty(folder, port) {
			const circle = await readJson(join(folder, 'kith.json'));
			const inviting = await start(folder, port, undefined);
			await inviting.ask({ cmd: 'online' });
			await inviting.ask({ cmd: 'sync' });
			const invite = { cmd: 'inviteDevice', circle: circle.circle, member: circle.member, recovers: false };
			const { link } = (await inviting.ask(invite)) ?? {};
			if (!link) throw new Error('kith: no link to another phone');
			await inviting.ask({ cmd: 'sync' });
			await inviting.end();
			await writeFile(join(folder, 'link'), link);
			await rm(join(folder, 'phone'), { recursive: true });
		},
		newPhone: async (folder, port) => start(folder, port, await readFile(join(folder, 'link'), 'utf8')),
	};
}

/**
 * All that can be measured.
 * @param {{ server: string, phone: string, bench: string }} programs
 */
export const subjects = (programs) => [
	kith(programs),
	peer('automerge', 'automerge-repo'),
	peer('yjs', 'Yjs, hocuspocus'),
	peer('pouchdb', 'PouchDB'),
];
