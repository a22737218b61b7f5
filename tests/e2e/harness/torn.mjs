// @ts-check
/** What a kill or a bad disk does to the files under IndexedDB; the browser has to be off. */
import { appendFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {import('./phone.mjs').Phone} Phone */

/** LevelDB's log is made of blocks; a record's header never crosses from one into the next. */
const BLOCK_BYTES = 32_768;

/**
 * As a browser leaves it that is killed while it writes: half a record at the end of the log.
 * @param {Phone} phone
 */
export async function tearLog(phone) {
	const log = await newest(phone, /\.log$/);
	const room = BLOCK_BYTES - ((await stat(log)).size % BLOCK_BYTES);
	const header = Buffer.from([0xde, 0xad, 0xbe, 0xef, 0xe8, 0x03, 0x01]);
	const half = Buffer.concat([header, Buffer.alloc(100, 0x5a)]);
	await appendFile(log, room < half.length ? Buffer.concat([Buffer.alloc(room), half]) : half);
}

/**
 * As a bad disk leaves it: the browser takes all databases of the app for damaged, and deletes them.
 * @param {Phone} phone
 */
export async function damageDatabases(phone) {
	await writeFile(await newest(phone, /^MANIFEST-/), 'damaged');
}

/**
 * @param {Phone} phone
 * @param {RegExp} name
 */
async function newest(phone, name) {
	const databases = join(phone.profile, 'Default', 'IndexedDB');
	const [folder, ...more] = (await readdir(databases)).filter((one) => one.endsWith('.leveldb'));
	if (!folder || more.length > 0) throw new Error(`the databases are not where they were: ${databases}`);
	const file = (await readdir(join(databases, folder))).filter((one) => name.test(one)).sort().at(-1);
	if (!file) throw new Error(`nothing in ${folder} is called ${name}`);
	return join(databases, folder, file);
}
