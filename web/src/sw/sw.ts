/**
 * The service worker: keeps every file of one version, so that Kith starts with no network. It never touches
 * `/v1/`. Files come by name of their content, so a cut install goes on where it stopped.
 */
import { Download, FILE_LOCK, FILES as CACHE } from '../worker/download';
import { ModuleDownload } from '../worker/module';
import { LANGUAGE_CACHE, localeFor, STAND_IN } from '../words/language';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

const FILES = self.__WB_MANIFEST;
const INDEX = 'index.html';
/** What our own pages say and a login page does not. The second is shown when somebody hides Kith. */
const OURS: Record<string, string> = { [INDEX]: '<title>Kith</title>', 'notes.html': '<title>Notes</title>' };
/** The engine's modules are kept unpacked, under the addresses of the packed ones. */
const PACKED = '.pack';
/** The engine's second module comes after all that the page may be waiting for. */
const LAST = /second[^/]*\.pack$/;
const UNPACKER = FILES.find(({ url }) => /unpack[^/]*\.wasm$/.test(url))?.url ?? '';
/** A language's words of one kind; only those of the phone's language are kept, others once somebody chooses them. */
const WORDS = /words-(?<language>\w+)-(?<kind>\w+)-[^/]*\.js$/;
/** A language's manifests, one of which the browser asks for when the app is installed. */
const MANIFEST = /(?:manifest|plain)-(?<language>\w+)\.webmanifest$/;
/** So long may words take to come before those of another language, which are here, stand in. */
const WORDS_LATE_MS = 10_000;
const AT_ONCE = 2;
/** So often is a file tried; an install that fails is begun again by the page, and goes on from what is kept. */
const TRIES_MAX = 5;
const AGAIN_FIRST_MS = 1_000;

/** What a file is kept under: its address, and its revision where the address does not change with it. */
function keyOf({ url, revision }: { url: string; revision: string | null }): string {
	const address = new URL(url, self.location.origin);
	if (revision !== null) address.searchParams.set('revision', revision);
	return address.href;
}

const KEYS = new Map(FILES.map((file) => [new URL(file.url, self.location.origin).pathname, keyOf(file)]));

async function keep(cache: Cache, file: { url: string; revision: string | null }): Promise<void> {
	const key = keyOf(file);
	if (await cache.match(key)) return;
	const address = new URL(file.url, self.location.origin);
	const checked = (response: Response): void => check(file.url, response);
	const download = file.url.endsWith(PACKED)
		? new ModuleDownload(address, new URL(UNPACKER, self.location.origin), checked)
		: new Download(address, checked);
	const fetched = async (): Promise<void> => {
		const response = await (file.revision === null ? download.go(() => {}) : fetchNow(file.url, address));
		await cache.put(key, response);
	};
	for (let tries = 1; ; tries += 1) {
		try {
			return await (file.url.endsWith(PACKED) ? once(address, cache, key, fetched) : fetched());
		} catch (error) {
			if (tries === TRIES_MAX) throw error;
			await new Promise((resolve) => setTimeout(resolve, AGAIN_FIRST_MS << tries));
		}
	}
}

/** The engine's worker may be fetching the same. */
function once(address: URL, cache: Cache, key: string, fetched: () => Promise<void>): Promise<void> {
	return self.navigator.locks.request(FILE_LOCK + address.pathname, async () => {
		if (!(await cache.match(key))) await fetched();
	});
}

/** What may have changed under its address is asked for. */
async function fetchNow(url: string, address: URL): Promise<Response> {
	const response = await fetch(address, { cache: 'no-cache', credentials: 'omit' });
	check(url, response);
	// A login page of some Wi-Fi must never be kept as one of our files.
	const ours = OURS[url];
	if (ours && !(await response.clone().text()).includes(ours)) throw foreign(url);
	return response;
}

function check(url: string, response: Response): void {
	const type = response.headers.get('content-type') ?? '';
	const isPage = type.startsWith('text/html');
	if (!response.ok || response.redirected || isPage !== url.endsWith('.html')) throw foreign(url);
}

function foreign(url: string): Error {
	return new Error(`${url} did not come`);
}

async function keepAll(): Promise<void> {
	const cache = await caches.open(CACHE);
	const language = await languageHere();
	const mine = FILES.filter(({ url }) => [undefined, language].includes(languageOf(url)));
	const left = mine.sort((a, b) => Number(LAST.test(a.url)) - Number(LAST.test(b.url)));
	const work = async (): Promise<void> => {
		for (let file = left.shift(); file; file = left.shift()) await keep(cache, file);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function languageOf(url: string): string | undefined {
	return (WORDS.exec(url) ?? MANIFEST.exec(url))?.groups?.['language'];
}

/** The language that was chosen on this phone, else the phone's own: as the page's head has it. */
async function languageHere(): Promise<string> {
	const chosen = await (await caches.open(LANGUAGE_CACHE)).match('/');
	const known = FILES.flatMap(({ url }) => languageOf(url) ?? []);
	return localeFor(known, await chosen?.text(), self.navigator).replace(/-.*/s, '');
}

/** Words that are not kept yet. Where they do not come (no network, and the phone was set to another language), others do. */
async function words(request: Request, path: string): Promise<Response> {
	const key = KEYS.get(path) ?? path;
	const coming = fetch(request).then(async (response) => {
		check(path, response);
		await (await caches.open(CACHE)).put(key, response.clone());
		return response;
	});
	const late = new Promise<never>((_, no) => setTimeout(no, WORDS_LATE_MS, foreign(path)));
	try {
		return await Promise.race([coming, late]);
	} catch {
		const kind = WORDS.exec(path)?.groups?.['kind'];
		const others = [...KEYS.keys()].filter((one) => WORDS.exec(one)?.groups?.['kind'] === kind);
		for (const other of others) {
			const response = await kept(other);
			if (response) return standIn(response);
		}
		return coming;
	}
}

function standIn(response: Response): Response {
	const headers = new Headers(response.headers);
	headers.set(STAND_IN, 'words');
	return new Response(response.body, { headers });
}

async function dropOld(): Promise<void> {
	const cache = await caches.open(CACHE);
	const mine = new Set(KEYS.values());
	for (const request of await cache.keys()) if (!mine.has(request.url)) await cache.delete(request);
}

async function kept(path: string): Promise<Response | undefined> {
	const key = KEYS.get(path);
	return key === undefined ? undefined : (await caches.open(CACHE)).match(key);
}

/** Paths that belong to the server alone. */
function isServers(path: string): boolean {
	return path.startsWith('/v1/') || path === '/healthz' || path === '/readyz';
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(dropOld().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
	if (event.data === 'take') void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin || isServers(url.pathname)) return;
	const page = request.mode === 'navigate' && OURS[url.pathname.slice(1)] === undefined;
	const path = page ? `/${INDEX}` : url.pathname;
	if (!KEYS.has(path)) return;
	const missing = (): Promise<Response> => (WORDS.test(path) ? words(request, path) : fetch(request));
	event.respondWith(kept(path).then((response) => response ?? missing()));
});
