/**
 * What is remembered outside of IndexedDB, so that a browser which loses all of that is caught at it: that a circle was
 * on this phone's screen (`kith.circle`, which screens keep for their own use), and that a vault held the phone's keys.
 * Where neither was, nothing was lost that a person would miss.
 */
const CIRCLE = 'kith.circle';
const FOUNDED = 'kith.founded';

/** The browser's local storage; a worker has none. */
const kept = (): Kept => (globalThis as unknown as { localStorage: Kept }).localStorage;

interface Kept {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

/** Where a browser refuses a storage, nothing is in it. */
export function unlessRefused<T>(act: () => T): T | null {
	try {
		return act();
	} catch {
		return null;
	}
}

/** Whether something is remembered of a circle, or of a vault's keys. */
export function isRemembered(): boolean {
	return unlessRefused(() => kept().getItem(CIRCLE) ?? kept().getItem(FOUNDED)) !== null;
}

/** Forgets both: what was here was removed, or its person knows that it is gone. */
export function forgetMarks(): void {
	for (const key of [CIRCLE, FOUNDED]) unlessRefused(() => kept().removeItem(key));
}

/** Remembers that a vault on this phone has held its keys. */
export function markFounded(): void {
	unlessRefused(() => kept().setItem(FOUNDED, '1'));
}
