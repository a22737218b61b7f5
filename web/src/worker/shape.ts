/** The shape of a vault's database. */
import type { IDBPDatabase } from 'idb';

/** Rises with each change of the shape. */
export const VERSION = 2;
/** As many as the trees of the engine's store; a new one needs a new {@link VERSION}. */
const TREES = 19;
/** Commands that were done, by id, with the time: AskId → ms. */
export const DONE = 'done';
/** Facts of this shell: which generation may write. */
export const SHELL = 'shell';
/** What pages keep beside the engine, such as words begun and not sent: name → sealed text. */
export const OWN = 'own';
/** The stores whose values are sealed: all that says anything of a person. */
export const SEALED_STORES = [...Array.from({ length: TREES }, (_, at) => String(at + 1)), OWN];

/** Makes the stores that a database lacks: all, of a new one. */
export function prepare(db: IDBPDatabase): void {
	for (const name of [...SEALED_STORES, DONE, SHELL]) {
		if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
	}
}
