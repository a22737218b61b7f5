/**
 * What is remembered outside of IndexedDB, so that a browser which loses all of that is caught at it: that a circle was
 * on this phone's screen (`kith.circle`, which screens keep for their own use), and that the browser told of a loss.
 */
const CIRCLE = 'kith.circle';
const LOST = 'kith.lost';

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

/** Whether something is remembered of a circle, or of a loss. */
export function isRemembered(): boolean {
	return unlessRefused(() => kept().getItem(CIRCLE) ?? kept().getItem(LOST)) !== null;
}

/** Forgets both: what was here was removed, or its person knows that it is gone. */
export function forgetMarks(): void {
	for (const key of [CIRCLE, LOST]) unlessRefused(() => kept().removeItem(key));
}

/** Remembers a loss. Chromium tells of it when the first database is made after it, and never again. */
export function markLoss(event: IDBVersionChangeEvent): void {
	const { dataLoss } = event as IDBVersionChangeEvent & { dataLoss?: 'none' | 'total' };
	if (dataLoss === 'total') unlessRefused(() => kept().setItem(LOST, '1'));
}
