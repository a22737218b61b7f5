// @ts-check
/**
 * How long a phone's engine works on 2,000 messages of twelve people that come at once, with the processor as it is and
 * six times slower. Chromium slows no worker down, only pages: so the worker's own script runs in an empty page of the
 * app, over the same IndexedDB. Prints milliseconds of script, and waiting not counted: until all is verified, merged
 * and kept, then until all is unsealed and shown.
 */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settled } from '../harness/acts.mjs';
import { WEB } from '../harness/env.mjs';
import { headless } from '../harness/headless.mjs';
import { World } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */


const MESSAGES = 2_000;
const WRITERS = 12;
const MESSAGE_BYTES = 100;
const THREAD = '0000000000000000';
const SLOWER = 6;

/**
 * Runs in the page: the worker's script, and what asks it.
 * @param {{ script: string, thread: string, limit: number }} what
 */
async function receive({ script, thread, limit }) {
	const databases = await indexedDB.databases();
	const vault = databases.flatMap(({ name }) => (name && name !== 'kith-phone' ? [name.slice('kith-'.length)] : []))[0];
	/** @type {(message: any) => void} */
	const toPage = (message) => {
		if (message.kind === 'crashed') throw new Error(message.text);
	};
	window.postMessage = toPage;
	const channel = new BroadcastChannel(`kith-engine-1-${vault}`);
	let last = 0;
	/** @type {Map<string, (reply: any) => void>} */
	const waiting = new Map();
	/** @type {(generation: string) => void} */
	let started = () => {};
	/** @type {Promise<string>} */
	const ready = new Promise((resolve) => (started = resolve));
	channel.addEventListener('message', ({ data }) => {
		if (data.kind === 'ready') started(data.generation);
		if (data.kind === 'reply') waiting.get(data.id)?.(data.reply);
	});
	await import(script);
	dispatchEvent(new MessageEvent('message', { data: { kind: 'open', vault, pass: null } }));
	const generation = await ready;
	/** @param {Record<string, unknown>} command @returns {Promise<any>} */
	const ask = async (command) => {
		const id = `bench-${(last += 1)}`;
		const reply = new Promise((resolve) => waiting.set(id, resolve));
		channel.postMessage({ to: 'engine', kind: 'ask', generation, tab: 'bench', id, again: false, command });
		const said = await reply;
		if (!said.ok) throw new Error(JSON.stringify(said));
		return said.value;
	};
	const circle = (await ask({ cmd: 'circles' }))[0].circle;
	while ((await ask({ cmd: 'sync' })).state !== 'idle') await new Promise((resolve) => setTimeout(resolve, 50));
	return {
		/** @returns {Promise<number>} how many are readable */
		show: async () => {
			const shown = await ask({ cmd: 'openThread', circle, thread, limit });
			return shown.messages.filter((/** @type {any} */ message) => typeof message.text === 'string').length;
		},
	};
}

/**
 * @param {Phone} phone
 * @param {number} slower
 */
async function measure(phone, slower) {
	const page = await phone.open('/notes.html');
	const session = await phone.context.newCDPSession(page);
	await session.send('Performance.enable');
	await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
	const scriptMs = async () => {
		const { metrics } = await session.send('Performance.getMetrics');
		return 1_000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN);
	};
	const script = readdirSync(join(WEB, 'assets')).find((name) => /^engine-.*\.js$/.test(name));
	const began = await scriptMs();
	const engine = await page.evaluateHandle(receive, { script: `/assets/${script}`, thread: THREAD, limit: MESSAGES });
	const received = await scriptMs();
	const shown = await engine.evaluate(({ show }) => show());
	const ended = await scriptMs();
	if (shown !== MESSAGES) throw new Error(`${shown} of ${MESSAGES} messages are readable`);
	return { receiveMs: Math.round(received - began), showMs: Math.round(ended - received) };
}

const folder = await mkdtemp(join(tmpdir(), 'kith-bench-'));
const world = new World(folder);
try {
	await world.server.start();
	const origin = `http://127.0.0.1:${world.server.port}`;
	const link = world.server.links.member;
	const writers = Array.from({ length: WRITERS }, (_, at) => join(folder, `writer-${at}`));
	for (const [at, writer] of writers.entries()) await headless(writer, origin, [{ cmd: 'enrol', link, name: `Writer ${at}` }]);
	const readers = [await world.member('Ana'), await world.member('Ben')];
	for (const reader of readers) {
		await settled(reader);
		await reader.open('/notes.html');
	}
	const text = 'We walk again, and each step is one that was not there before. '.repeat(2).slice(0, MESSAGE_BYTES);
	for (const [at, writer] of writers.entries()) {
		const [circles] = await headless(writer, origin, [{ cmd: 'circles' }, { cmd: 'sync' }]);
		const count = Math.floor(MESSAGES / WRITERS) + (at < MESSAGES % WRITERS ? 1 : 0);
		const send = { cmd: 'send', circle: circles[0].circle, thread: THREAD, text, replyTo: null };
		await headless(writer, origin, [...Array.from({ length: count }, () => send), { cmd: 'sync' }]);
	}
	const [ana, ben] = readers;
	if (!ana || !ben) throw new Error('there are two readers');
	const [plain, slow] = [await measure(ana, 1), await measure(ben, SLOWER)];
	const ratio = (slow.receiveMs + slow.showMs) / (plain.receiveMs + plain.showMs);
	console.log(JSON.stringify({ messages: MESSAGES, writers: WRITERS, plain, [`slower${SLOWER}`]: slow, ratio: Number(ratio.toFixed(2)) }));
} finally {
	await world.end();
}
