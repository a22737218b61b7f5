// @ts-check
/** One trial: a server, a link and a phone, from when the network is there until both hold the same. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from './common.mjs';
import { Proxy } from './proxy.mjs';

/** @typedef {import('./proxy.mjs').Link & { title: string }} NamedLink */

/** Links that can be asked for, and the one that counts round trips. @type {Record<string, NamedLink>} */
export const LINKS = {
	none: { title: 'unshaped', upKbit: 0, downKbit: 0, roundTripMs: 0, loss: 0 },
	edge: { title: 'EDGE', upKbit: 120, downKbit: 240, roundTripMs: 400, loss: 0.01 },
	gprs: { title: 'GPRS', upKbit: 25, downKbit: 50, roundTripMs: 700, loss: 0.02 },
};
export const FAR = { title: '1,000 ms', upKbit: 0, downKbit: 0, roundTripMs: 1_000, loss: 0 };

/** How long a trial may take. */
const TRIAL_MS = 10 * 60_000;
/** When nothing was heard for so long, and two round trips, it is quiet. */
const QUIET_MS = 1_000;
/** How long the last words may take: some peers ping for ever. */
const LAST_WORDS_MS = 6_000;
const LOOK_MS = 40;
const LOOK_SLOW_MS = 200;

/**
 * Bytes of TCP's payload up and down and in all; until both held the same, in ms; what was there and when the session's
 * week was whole, null when it came with the rest.
 * @typedef {object} Trial
 * @property {number} up
 * @property {number} down
 * @property {number} total
 * @property {number} ms
 * @property {number} connections
 * @property {number} cuts
 * @property {{ bytes: number, ms: number } | null} week
 */

/**
 * @param {object} what
 * @param {import('./subjects.mjs').Subject} what.subject
 * @param {string} what.from the folder of how it is before
 * @param {boolean} what.isNew whether the phone is a new one
 * @param {import('./proxy.mjs').Link} what.link
 * @param {number} what.seed
 * @param {{ notes: number, messages: number }} what.want
 * @param {number} [what.cutAfter] bytes
 * @param {string} [what.keep] where it is left as it is afterwards
 * @returns {Promise<Trial>}
 */
export async function trial({ subject, from, isNew, link, seed, want, cutAfter, keep }) {
	const folder = await mkdtemp(join(from, '..', 'trial-'));
	/** What is ended in any case, the last first. @type {(() => Promise<void>)[]} */
	const ends = [() => rm(folder, { recursive: true, force: true })];
	try {
		await cp(from, folder, { recursive: true });
		const server = await subject.serve(folder);
		ends.push(() => server.end());
		const proxy = new Proxy(server.port, link, seed);
		await proxy.start();
		ends.push(() => proxy.stop());
		const phone = await (isNew ? subject.newPhone(folder, proxy.port) : subject.phone(folder, proxy.port));
		ends.push(() => phone.end());
		if (cutAfter !== undefined) proxy.cutAfter(cutAfter);
		const result = await watch(proxy, server, phone, link, want, cutAfter !== undefined);
		if (keep) {
			for (const end of ends.splice(1).toReversed()) await end();
			await cp(folder, keep, { recursive: true });
		}
		return result;
	} finally {
		for (const end of ends.toReversed()) await end();
	}
}

/**
 * @param {Proxy} proxy
 * @param {import('./subjects.mjs').ServerRun} server
 * @param {import('./subjects.mjs').PhoneRun} phone
 * @param {import('./proxy.mjs').Link} link
 * @param {{ notes: number, messages: number }} want
 * @param {boolean} isCut
 * @returns {Promise<Trial>}
 */
async function watch(proxy, server, phone, link, want, isCut) {
	const begun = performance.now();
	const isSlow = link.upKbit > 0;
	/** @type {Trial['week']} */
	let week = null;
	phone.connect(proxy.port);
	for (;;) {
		const bytes = proxy.total;
		const [here, there] = await Promise.all([phone.held(), server.held()]);
		const ms = performance.now() - begun;
		if (here.hasWeek && week === null && bytes > 0) week = { bytes, ms };
		// The state that a phone comes back with may be the server's already: then it must have asked.
		const isWhole = here.notes === want.notes && here.messages === want.messages && here.state === there.state;
		const hasAsked = proxy.counts.down > 0 && (!isCut || proxy.counts.cuts > 0);
		if (isWhole && hasAsked) break;
		if (ms > TRIAL_MS) {
			throw new Error(`after ${TRIAL_MS / 1_000} s the phone holds ${JSON.stringify(here)}, the server ${JSON.stringify(there)}`);
		}
		await sleep(isSlow ? LOOK_SLOW_MS : LOOK_MS);
	}
	const ms = proxy.lastAt - begun;
	const quietMs = QUIET_MS + 2 * link.roundTripMs;
	const until = performance.now() + LAST_WORDS_MS + quietMs;
	while (performance.now() < until && performance.now() - proxy.lastAt < quietMs) await sleep(LOOK_MS);
	return { ...proxy.counts, total: proxy.total, ms, week };
}
