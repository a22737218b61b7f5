/** The shape of a vault's database. */
import { openDB, type IDBPDatabase, type OpenDBCallbacks } from 'idb';

/** Rises with each change of the shape. */
const VERSION = 2;
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

/**
 * Opens a vault's database, and makes it when there is none, unless `isThere` says that there has to be one; one of an
 * older shape is brought to this one. Opened any other way it would bear this version and lack stores for good. Throws
 * what IndexedDB does, and an `AbortError` where there is none.
 */
export function openShaped(
	name: string,
	callbacks: Omit<OpenDBCallbacks<unknown>, 'upgrade'> = {},
	isThere = false,
): Promise<IDBPDatabase> {
	return openDB(name, VERSION, {
		...callbacks,
		upgrade: (db, before, _after, transaction) => {
			if (before > 0 || !isThere) return prepare(db);
			// That it does not open says it.
			transaction.done.catch(() => {});
			transaction.abort();
		},
	});
}

/** Makes the stores that a database lacks: all, of a new one. */
function prepare(db: IDBPDatabase): void {
	for (const name of [...SEALED_STORES, DONE, SHELL]) {
		if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
	}
}
