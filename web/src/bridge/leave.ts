/** Leaving no trace: the keys first, then what they sealed, then the rest. */
import type { VaultId } from './door';
import { forgetMarks, unlessRefused } from './marks';
import { DOOR_LOCK } from './protocol';
import { allVaults, dropVault, dropVaults, removals, removeVault } from './vaults';

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
	forgetMarks();
	unlessRefused(() => sessionStorage.clear());
	await soon(dropVault(vault));
	const left = (await allVaults()).length;
	if (left > 0) return left;
	unlessRefused(() => localStorage.clear());
	// Another tab that has begun anew may just be making a vault.
	await navigator.locks.request(DOOR_LOCK, { ifAvailable: true }, async (lock) => {
		if (lock && (await allVaults()).length === 0) await soon(dropVaults());
	});
	await soon(dropFiles());
	return 0;
}

/** Goes on with removals that were cut short. A database that nobody wanted removed stays, whatever is known of it. */
export async function sweep(): Promise<void> {
	const left = await removals();
	for (const vault of left) await soon(dropVault(vault));
	if (left.length > 0 && (await allVaults()).length === 0) forgetMarks();
}

async function dropFiles(): Promise<void> {
	for (const name of await caches.keys()) await caches.delete(name);
	for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}

async function soon(work: Promise<void>): Promise<void> {
	await Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, DROP_MS))]);
}
