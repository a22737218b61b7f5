// @ts-check
/** Waiting for what can be seen, never for time. */
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
/**
 * Long enough for a machine that others slow down: one that stood still for half a minute failed four scenes with
 * nothing wrong in any. What takes longer is broken. What a promise bounds is measured by its own test.
 */
export const PATIENCE_MS = 60_000;

/**
 * Waits until `look` gives something true, and gives that.
 * @template T
 * @param {string} what is waited for, for the message when it does not come
 * @param {() => T | Promise<T>} look
 * @param {number} [patienceMs]
 * @returns {Promise<Exclude<T, undefined | null | false>>}
 */
export async function until(what, look, patienceMs = PATIENCE_MS) {
	const end = performance.now() + patienceMs;
	/** @type {unknown} */
	let last;
	for (;;) {
		try {
			const found = await look();
			if (found) return /** @type {Exclude<T, undefined | null | false>} */ (found);
			last = found;
		} catch (error) {
			last = error;
		}
		if (performance.now() > end) {
			throw new Error(`waited ${patienceMs} ms in vain: ${what}`, { cause: last });
		}
		await pause(LOOK_EVERY_MS);
	}
}
