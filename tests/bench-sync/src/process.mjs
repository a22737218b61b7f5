// @ts-check
/** A process that is told things and answers in JSON lines, and always ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { sleep } from './common.mjs';

/** How long one that was asked to end may take. */
const END_MS = 10_000;
/** How much of what it complains about is told. */
const COMPLAINT_CHARS = 2_000;

/** Those that run. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends all at once: for whoever is told to stop. */
export function endAll() {
	for (const child of running) child.kill('SIGKILL');
}

export class Process {
	#child;
	#complaint = '';
	/** @type {((line: string) => void)[]} */
	#listeners = [];

	/** @param {string} program @param {string[]} args */
	constructor(program, args) {
		this.what = [program, ...args].join(' ');
		this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: plainEnvironment() });
		running.add(this.#child);
		this.#child.on('exit', () => running.delete(this.#child));
		this.#child.stderr.on('data', (/** @type {Buffer} */ bytes) => {
			this.#complaint = `${this.#complaint}${bytes}`.slice(-COMPLAINT_CHARS);
		});
		// Whoever is asked after that says so.
		this.#child.stdin.on('error', () => {});
		this.#child.on('error', (error) => (this.#complaint += error.message));
		createInterface({ input: this.#child.stdout }).on('line', (line) => {
			for (const listener of [...this.#listeners]) listener(line);
		});
	}

	/** @param {(line: string) => void} listener */
	onLine(listener) {
		this.#listeners.push(listener);
	}

	/** @param {Record<string, unknown>} value */
	tell(value) {
		this.#child.stdin.write(`${JSON.stringify(value)}\n`);
	}

	/**
	 * The first line that `pick` makes something of.
	 * @template T
	 * @param {(line: string) => T | undefined} pick
	 * @param {number} ms how long at most
	 * @returns {Promise<T>}
	 */
	async hear(pick, ms) {
		const patience = new AbortController();
		try {
			return await new Promise((resolve, reject) => {
				const fail = (/** @type {string} */ why) => reject(new Error(`${this.what}: ${why}. ${this.#complaint}`.trim()));
				const take = (/** @type {string} */ line) => {
					try {
						const found = pick(line);
						if (found !== undefined) resolve(found);
					} catch (error) {
						fail(`it said ${line} (${error})`);
					}
				};
				this.#listeners.push(take);
				if (this.#hasEnded) fail('it has ended');
				const end = () => fail('it ended before it answered');
				this.#child.once('exit', end);
				sleep(ms, patience.signal).then(() => fail(`no answer within ${ms / 1_000} s`), () => {});
				patience.signal.addEventListener('abort', () => {
					this.#listeners = this.#listeners.filter((listener) => listener !== take);
					this.#child.off('exit', end);
				});
			});
		} finally {
			patience.abort();
		}
	}

	/** Waits until it ended by itself; throws when that went wrong. @param {number} ms */
	async done(ms) {
		const patience = new AbortController();
		const late = sleep(ms, patience.signal).then(() => this.#child.kill('SIGKILL'), () => {});
		if (!this.#hasEnded) await once(this.#child, 'exit');
		patience.abort();
		await late;
		const { exitCode } = this.#child;
		if (exitCode !== 0) throw new Error(`${this.what}: it ended with ${exitCode ?? 'a signal'}. ${this.#complaint}`.trim());
	}

	/** Ends it: by these lines, else by this signal, else at once. @param {{ by?: Record<string, unknown>, signal?: NodeJS.Signals }} how */
	async end({ by, signal }) {
		if (this.#hasEnded) return;
		const ended = once(this.#child, 'exit');
		if (by) this.tell(by);
		else this.#child.kill(signal ?? 'SIGKILL');
		const patience = new AbortController();
		const late = sleep(END_MS, patience.signal).then(() => this.#child.kill('SIGKILL'), () => {});
		await ended;
		patience.abort();
		await late;
	}

	get #hasEnded() {
		return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
	}
}

/** Settings of whoever runs this must not reach a server. */
function plainEnvironment() {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KITH_')));
}
