/** Leaving no trace: the keys first, then what they sealed, then the rest. */
import type { VaultId } from './door';
import { allVaults, databaseOf, dropDatabase, dropVaults, removeVault } from './vaults';

/** Where a locked page begins anew: nothing of a circle is in the address. */
export const START_PAGE = '/';
/** A page that says nothing of Kith. */
export const PLAIN_PAGE = '/notes.html';

/** Stands in the tab's own storage once Kith was hidden in it: going back in its history then shows nothing of Kith. */
export const HIDDEN_KEY = 'kith.hidden';

/** Marks the tab as hidden; a browser that keeps nothing has nothing to hide when one goes back. */
export function markHidden(): void {
	unlessRefused(() => sessionStorage.setItem(HIDDEN_KEY, '1'));
}

/** A database that something still holds open is removed once that ends; nobody waits for it so long. */
const DROP_MS = 3_000;

/**
 * Removes a vault: its keys durably first, so that whatever stops this in the middle leaves noise. With the last
 * vault goes all that Kith keeps in this browser, its files included. How many are left.
 */
export async function forget(vault: VaultId): Promise<number> {
	await removeVault(vault);
	unlessRefused(() => localStorage.removeItem('kith.circle'));
	unlessRefused(() => sessionStorage.clear());
	await soon(dropDatabase(databaseOf(vault)));
	const left = (await allVaults()).length;
	if (left > 0) return left;
	unlessRefused(() => localStorage.clear());
	await soon(dropVaults());
	await soon(dropFiles());
	return 0;
}

/** Removes databases whose keys are gone: a removal was cut short. */
export async function sweep(): Promise<void> {
	const known = (await allVaults()).map(({ id }) => databaseOf(id));
	for (const { name = '' } of await indexedDB.databases())
		if (/^kith-[0-9a-f]{32}$/.test(name) && !known.includes(name)) await soon(dropDatabase(name));
}

/** Where a browser refuses a storage, nothing is in it. */
function unlessRefused(act: () => void): void {
	try {
		act();
	} catch {
		// Refused.
	}
}

async function dropFiles(): Promise<void> {
	for (const name of await caches.keys()) await caches.delete(name);
	for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}

async function soon(work: Promise<void>): Promise<void> {
	await Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, DROP_MS))]);
}
