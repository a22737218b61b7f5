// @ts-check
/** The real server, as a process of its own with a data directory of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SERVER, WEB } from './env.mjs';
import { until } from './until.mjs';

export class Server {
	/** @type {import('node:child_process').ChildProcess | null} */
	#process = null;
	/** What it printed since its last start. */
	#printed = '';

	/**
	 * @param {string} data its data directory
	 * @param {string} [web] the built web app that it serves
	 */
	constructor(data, web = WEB) {
		this.data = data;
		this.web = web;
		this.port = 0;
		/** Links that it printed, with its own origin in front. */
		this.links = { facilitator: '', member: '' };
	}

	/** Starts it, and waits until it is ready for phones. The first start makes the circle and its links. */
	async start() {
		this.#printed = '';
		const args = ['serve', '--first-run', '--members', '100', '--data', this.data, '--web', this.web];
		args.push('--listen', `127.0.0.1:${this.port}`, '--metrics-listen', 'off', '--log', 'warn');
		const child = spawn(SERVER, args, { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment() });
		this.#process = child;
		child.stdout.on('data', (/** @type {Buffer} */ bytes) => (this.#printed += bytes));
		child.stderr.on('data', (/** @type {Buffer} */ bytes) => (this.#printed += bytes));
		await until('the server says where it listens', () => {
			if (child.exitCode !== null) throw new Error(this.#printed);
			return this.#printed.includes('Ctrl-C stops it');
		});
		const origin = /Kith listens at (http:\S+)/.exec(this.#printed)?.[1];
		if (!origin) throw new Error(`no address in: ${this.#printed}`);
		this.port = Number(new URL(origin).port);
		const link = (/** @type {RegExp} */ named) => named.exec(this.#printed)?.[1] ?? '';
		this.links = { facilitator: link(/facilitator,.*?(http\S+)/), member: link(/members,.*?(http\S+)/) };
		await until('the server is ready', async () => (await fetch(`${origin}/readyz`)).ok);
	}

	/** `kill -9`, at this instant. */
	async kill() {
		await this.#end('SIGKILL');
	}

	/** Stops it as Ctrl-C does: it ends what is under way. */
	async stop() {
		await this.#end('SIGINT');
	}

	/**
	 * One of the operator's commands, for which the server stands still. Gives what it printed.
	 * @param {...string} args
	 */
	async command(...args) {
		const { links } = this;
		await this.stop();
		const child = spawn(SERVER, [...args, '--data', this.data], { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment() });
		let [printed, said] = ['', ''];
		child.stdout.on('data', (/** @type {Buffer} */ bytes) => (printed += bytes));
		child.stderr.on('data', (/** @type {Buffer} */ bytes) => (said += bytes));
		const [code] = await once(child, 'close');
		if (code !== 0) throw new Error(`${args.join(' ')}: ${said}`);
		await this.start();
		this.links = links;
		return printed;
	}

	/** What it printed since its last start. */
	get printed() {
		return this.#printed;
	}

	/** @param {'SIGKILL' | 'SIGINT'} signal */
	async #end(signal) {
		const child = this.#process;
		this.#process = null;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill(signal);
		await ended;
	}
}

/** Settings of whoever runs the tests must not reach the server. */
function plainEnvironment() {
	const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('KITH_'));
	return Object.fromEntries(ours);
}
