/** What trying a PIN costs: in work on this phone, and in waiting after wrong ones. */
import type { VaultRecord } from '../bridge/vaults';

/** Fewest passes of Argon2id over 19 MiB: OWASP's floor. */
export const PASSES_MIN = 2;
const PASSES_MAX = 10;
/** What checking a PIN may take on this phone. */
const PIN_MS = 600;

const SECOND_MS = 1000;
/** So many wrong PINs are free; each further one costs the next of these, the last one for ever after. */
const FREE_TRIES = 4;
const WAITS_MS = [5, 15, 30, 60, 300, 900, 3600].map((seconds) => seconds * SECOND_MS);

/** As many passes as fit, when one takes so many ms. */
export function passesFor(passMs: number): number {
	return Math.max(PASSES_MIN, Math.min(PASSES_MAX, Math.round(PIN_MS / Math.max(passMs, 1))));
}

/** The record once a PIN is being tried, as if it were wrong; null: none is tried yet. */
export function counted<R extends Pick<VaultRecord, 'tries' | 'wait'>>(record: R): R | null {
	if (record.wait && record.wait.leftMs > 0) return null;
	const tries = record.tries + 1;
	const leftMs = waitAfter(tries);
	return { ...record, tries, wait: leftMs > 0 ? { id: crypto.randomUUID(), leftMs } : null };
}

/** How long after so many wrong PINs none is tried, in ms. */
export function waitAfter(tries: number): number {
	if (tries <= FREE_TRIES) return 0;
	return WAITS_MS[Math.min(tries - FREE_TRIES, WAITS_MS.length) - 1] ?? 0;
}
