/** The shape of a vault's database. */
import type { IDBPDatabase } from 'idb';

/** Rises with each change of the shape. */
export const VERSION = 1;
/** As many as the trees of the engine's store; a new one needs a new {@link VERSION}. */
const TREES = 18;
/** Commands that were done, by id, with the time: AskId → ms. */
export const DONE = 'done';
/** Facts of this shell: which generation may write. */
export const SHELL = 'shell';
/** What pages keep beside the engine, such as words begun and not sent: name → sealed text. */
export const OWN = 'own';
/** The stores whose values are sealed: all that says anything of a person. */
export const SEALED_STORES = [...Array.from({ length: TREES }, (_, at) => String(at + 1)), OWN];

/** Makes the stores of a new database. */
export function prepare(db: IDBPDatabase): void {
	for (const name of [...SEALED_STORES, DONE, SHELL]) db.createObjectStore(name);
}
