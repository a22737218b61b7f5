/**
 * The service worker: keeps every file of one version, so that Kith starts with no network. It never touches
 * `/v1/`. Files come by name of their content, so a cut install goes on where it stopped.
 */
export {};

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

const FILES = self.__WB_MANIFEST;
const CACHE = 'kith-files-1';
const INDEX = 'index.html';
/** What our own pages say and a login page does not. The second is shown when somebody hides Kith. */
const OURS: Record<string, string> = { [INDEX]: '<title>Kith</title>', 'notes.html': '<title>Notes</title>' };
const AT_ONCE = 2;

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
	const response = await fetch(new URL(file.url, self.location.origin), {
		cache: file.revision === null ? 'default' : 'no-cache',
		credentials: 'omit',
	});
	const type = response.headers.get('content-type') ?? '';
	// A login page of some Wi-Fi must never be kept as one of our files.
	const ours = OURS[file.url];
	const foreign = ours ? !(await response.clone().text()).includes(ours) : type.startsWith('text/html');
	if (!response.ok || response.redirected || foreign) throw new Error(`${file.url} did not come`);
	await cache.put(key, response);
}

async function keepAll(): Promise<void> {
	const cache = await caches.open(CACHE);
	const left = [...FILES];
	const work = async (): Promise<void> => {
		for (let file = left.shift(); file; file = left.shift()) await keep(cache, file);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
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
	return path.startsWith('/v1/') || path === '/healthz' || path === '/readyz' || path === '/metrics';
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
	event.respondWith(kept(path).then((response) => response ?? fetch(request)));
});
