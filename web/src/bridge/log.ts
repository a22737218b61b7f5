/**
 * The log under IndexedDB. Chromium keeps a site's databases in one LevelDB, which writes first into a log. A browser
 * that is killed in the middle of a write leaves half a record there. The next start passes over it and writes on behind
 * it; the start after that takes the log for damaged, and deletes everything that the site has. So each start has LevelDB
 * begin a new log before anything else is written: it does when a database is removed.
 */
import { dropDatabase, openAny } from './vaults';

/** A database that is made to be removed. */
const SPARE = 'kith-log';

/** Has the browser leave the log that an earlier run wrote to. Throws what IndexedDB does. */
export async function beginLog(): Promise<void> {
	// By this alone can a browser say that it deleted everything: where it is unknown, there is no such log.
	if (!('dataLoss' in IDBVersionChangeEvent.prototype)) return;
	(await openAny(SPARE)).close();
	await dropDatabase(SPARE);
}
