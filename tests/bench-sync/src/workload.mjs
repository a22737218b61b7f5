// @ts-check
/**
 * What is written, as `kith-bench --workload` draws it from a seed (tests/src/bench/sync/workload.rs). Notes, threads and
 * people are numbers; times are ms after the session began.
 */

import { createHash } from 'node:crypto';

/** @typedef {{ at: number, who: number }} When */
/** @typedef {When & { do: 'note', note: number, day: number, title: string }} Note */
/** @typedef {When & { do: 'write', note: number, bursts: string[], every: number }} Write */
/** @typedef {When & { do: 'attend', note: number, member: number, presence: string }} Attend */
/** @typedef {When & { do: 'item', note: number, member: number, text: string }} Item */
/** @typedef {When & { do: 'message', thread: number, text: string }} Message */
/** @typedef {Note | Write | Attend | Item | Message} Step */
/**
 * @typedef {{ seed: number, people: number, threads: string[], history: Step[], away: Step[], meanwhile: Step[] }} Workload
 */

/** How many notes and messages there are in the end. @param {Workload} workload */
export function counts(workload) {
	const all = [...workload.history, ...workload.away, ...workload.meanwhile];
	const of = (/** @type {Step['do']} */ kind) => all.filter((step) => step.do === kind).length;
	return { notes: of('note'), messages: of('message') };
}

/**
 * When the session began, if all of it ended at `now`.
 * @param {Workload} workload
 * @param {number} now ms since 1970
 */
export function baseOf(workload, now) {
	return now - Math.max(...[...workload.away, ...workload.meanwhile].map((step) => step.at));
}

/**
 * A person as data names them: 16 bytes in hex, the same in each run, as Kith's members are.
 * @param {number} who
 */
export const memberId = (who) => idOf(`member ${who}`);

/** What nobody else's document, thread or note is called: 16 bytes in hex. @param {string} what */
export const idOf = (what) => createHash('sha256').update(what).digest('hex').slice(0, 32);
