// @ts-check
/** What all of it needs. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits; rejects when it is aborted. @param {number} ms @param {AbortSignal} [signal] */
export const sleep = (ms, signal) => delay(ms, null, signal ? { signal } : {});

/** A short name for what is in these strings, whatever their order. @param {string[]} parts */
export const digest = (parts) => createHash('sha256').update(parts.toSorted().join('\n')).digest('hex').slice(0, 16);

/** What a file says; null when there is none. @param {string} path @returns {Promise<any>} */
export async function readJson(path) {
	const text = await readFile(path, 'utf8').catch(() => null);
	return text === null ? null : JSON.parse(text);
}

/** @param {string} path @param {unknown} value */
export async function writeJson(path, value) {
	await writeFile(path, JSON.stringify(value));
}

/** What the session's week has to have, to be there: its note, and messages of both sides. */
export const SESSION_CHARS = 3_000;
export const SESSION_MESSAGES = 90;

/**
 * Whether the session's week is there.
 * @param {number} noteChars of the longest note of its day
 * @param {readonly { at: number }[][]} threads messages in the order in which they came
 * @param {number} since when it began, ms since 1970
 */
export function hasWeek(noteChars, threads, since) {
	const recent = threads.map((messages) => messages.slice(-SESSION_MESSAGES).filter(({ at }) => at >= since).length);
	return noteChars >= SESSION_CHARS && recent.reduce((sum, count) => sum + count, 0) >= SESSION_MESSAGES;
}
