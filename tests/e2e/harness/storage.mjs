// @ts-check
/** Everything that a browser keeps for the app, and where words are found in it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {import('playwright-core').Page} Page */

/**
 * All that scripts of the origin could find: each database with keys and values, both storages, all caches but
 * the program's own files, which are known; cookies.
 * @param {Page} page a page of the origin
 * @returns {Promise<Map<string, Buffer>>} bytes, by where they lie
 */
export async function dump(page) {
	const found = await page.evaluate(async () => {
		/** @type {[string, string][]} */
		const all = [];
		const keep = (/** @type {string} */ where, /** @type {Uint8Array} */ bytes) => {
			let text = '';
			for (const byte of bytes) text += String.fromCharCode(byte);
			all.push([where, btoa(text)]);
		};
		const plain = (/** @type {string} */ where, /** @type {string} */ text) => keep(where, new TextEncoder().encode(text));
		/** @type {(where: string, value: unknown) => void} */
		const walk = (where, value) => {
			if (value instanceof ArrayBuffer) keep(where, new Uint8Array(value));
			else if (ArrayBuffer.isView(value)) keep(where, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
			else if (value instanceof CryptoKey) plain(where, `CryptoKey, extractable: ${value.extractable}`);
			else if (typeof value === 'object' && value !== null)
				for (const [name, part] of Object.entries(value)) walk(`${where}.${name}`, part);
			else plain(where, String(value));
		};
		/** @type {<T>(request: IDBRequest<T>) => Promise<T>} */
		const done = (request) =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		for (const { name = '' } of await indexedDB.databases()) {
			const db = await done(indexedDB.open(name));
			for (const store of db.objectStoreNames) {
				const objects = db.transaction(store).objectStore(store);
				const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
				keys.forEach((key, at) => {
					walk(`${name}/${store} key`, key);
					walk(`${name}/${store}`, values[at]);
				});
			}
			db.close();
		}
		for (const [name, storage] of Object.entries({ localStorage, sessionStorage }))
			for (const [key, value] of Object.entries(storage)) plain(`${name} ${key}`, `${key}=${value}`);
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			for (const request of await cache.keys()) {
				const { pathname } = new URL(request.url);
				const program = /^\/(assets\/[\w.-]+|index\.html|notes\.html|icon\.svg|icon-192\.png|manifest-\w+\.webmanifest)$/;
				if (program.test(pathname)) continue;
				plain(`cache ${name}`, request.url);
				keep(`cache ${request.url}`, new Uint8Array((await (await cache.match(request))?.arrayBuffer()) ?? []));
			}
		}
		plain('cookies', document.cookie);
		return all;
	});
	return new Map(found.map(([where, bytes], at) => [`${where} #${at}`, Buffer.from(bytes, 'base64')]));
}

/**
 * Where any of these words are, in UTF-8 or UTF-16.
 * @param {Map<string, Buffer>} places
 * @param {string[]} words
 */
export function search(places, words) {
	/** @type {string[]} */
	const found = [];
	for (const [where, bytes] of places) {
		for (const word of words) {
			for (const encoding of /** @type {const} */ (['utf8', 'utf16le'])) {
				if (bytes.includes(Buffer.from(word, encoding))) found.push(`${word} (${encoding}) in ${where}`);
			}
		}
	}
	return found;
}

/**
 * All files below a folder: a browser's whole profile, when it is off. The folder's own name, which the browser
 * notes here and there, is left out.
 * @param {string} folder
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function files(folder) {
	/** @type {Map<string, Buffer>} */
	const all = new Map();
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		const text = (await readFile(path)).toString('latin1').replaceAll(folder, '');
		all.set(path.slice(folder.length + 1), Buffer.from(text, 'latin1'));
	}
	return all;
}
