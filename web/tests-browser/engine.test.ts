import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineWorker, heard, must, notices, refused } from './browser';
import { loginPage } from './host';
import { Scene, texts } from './scene';

let scene: Scene;

beforeEach(async () => {
	scene = await Scene.begin();
});
afterEach(() => scene.end());

test('a new phone starts, says how its download goes, and is in no circle', async () => {
	const page = await scene.tab();
	expect(await must<'circles'>(page, { cmd: 'circles' })).toEqual([]);
	expect((await notices(page)).some(({ notice }) => notice === 'loading')).toBe(true);
	await page.reload();
	await heard(page, (notice) => notice.notice === 'engine');
	expect((await refused<'sync'>(page, { cmd: 'sync' })).code).toBe('not-enrolled');
});

test('a command that is none, and an id that is none, are named', async () => {
	const page = await scene.tab();
	expect((await refused<'circle'>(page, { cmd: 'circle', circle: 'what' })).code).toBe('bad-input');
	expect((await refused<'status'>(page, { cmd: 'nothing' } as never)).code).toBe('bad-input');
});

test('enrolment says what stands in the way: no network, a login page, a server in trouble', async () => {
	const page = await scene.tab();
	const enrol = { cmd: 'enrol', link: scene.server.link, name: 'Amina' } as const;
	scene.offline();
	expect((await refused<'enrol'>(page, enrol)).code).toBe('offline');
	scene.host.answer = loginPage;
	expect((await refused<'enrol'>(page, enrol)).code).toBe('not-our-server');
	scene.host.answer = (_request, response) => void response.writeHead(302, { location: '/login' }).end();
	expect((await refused<'enrol'>(page, enrol)).code).toBe('not-our-server');
	scene.host.answer = (_request, response) => void response.writeHead(503).end();
	expect((await refused<'enrol'>(page, enrol)).code).toBe('server-error');
	scene.online();
	expect((await must<'enrol'>(page, enrol)).circle).toHaveLength(32);
});

test('a dead network does not delay an answer', async () => {
	const { page, circle, thread } = await scene.enrolled();
	scene.host.answer = () => {};
	void must<'sync'>(page, { cmd: 'sync' }).catch(() => {});
	const taken = await page.evaluate(
		async (send) => {
			const start = performance.now();
			await globalThis.kith.ask(send);
			return performance.now() - start;
		},
		{ cmd: 'send', circle, thread, text: 'Still here.', replyTo: null } as const,
	);
	expect(taken).toBeLessThan(100);
});

test('what was written is there when the browser was ended in the middle, each word once', async () => {
	const { page, circle, thread } = await scene.enrolled();
	scene.offline();
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'answered', replyTo: null });
	await page.evaluate(
		(sends) => void sends.map((send) => globalThis.kith.ask(send)),
		Array.from(
			{ length: 20 },
			(_, at) => ({ cmd: 'send', circle, thread, text: `m${at}`, replyTo: null }) as const,
		),
	);
	await scene.phone.stop();
	const again = await scene.tab();
	const found = await texts(again, circle, thread);
	expect(found[0]).toBe('answered');
	expect(new Set(found).size).toBe(found.length);
	expect(found.slice(1)).toEqual(found.slice(1).map((_, at) => `m${at}`));
});

test('a full browser takes nothing more, keeps what it has, and says so', async () => {
	const { page, circle, thread } = await scene.enrolled();
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'before', replyTo: null });
	const worker = await engineWorker(page);
	await worker.evaluate(() => {
		const put = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('no room', 'QuotaExceededError');
		};
		Object.assign(globalThis, { makeRoom: () => (IDBObjectStore.prototype.put = put) });
	});
	const send = { cmd: 'send', circle, thread, text: 'after', replyTo: null } as const;
	const problem = await refused<'send'>(page, send);
	expect([problem.code, problem.retry]).toEqual(['storage-full', true]);
	expect(await texts(page, circle, thread)).toEqual(['before']);
	await worker.evaluate(() => (globalThis as unknown as { makeRoom: () => void }).makeRoom());
	await must<'send'>(page, send);
	await scene.phone.stop();
	expect(await texts(await scene.tab(), circle, thread)).toEqual(['before', 'after']);
});

test('a damaged record is named, and nothing is written over it', async () => {
	const { page } = await scene.enrolled();
	await page.goto(`${scene.host.origin}/store.html`);
	await page.evaluate(async () => {
		const { name = '' } = (await indexedDB.databases()).find(({ name }) => name !== 'kith-phone') ?? {};
		const db = await new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open(name);
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error ?? new Error('not opened'));
		});
		const transaction = db.transaction('2', 'readwrite');
		transaction.objectStore('2').put(new Uint8Array([9, 9, 9]), new Uint8Array(16));
		await new Promise((resolve) => (transaction.oncomplete = resolve));
		db.close();
	});
	const broken = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	const notice = await heard(broken, ({ notice }) => notice === 'engine');
	expect(notice).toMatchObject({ state: 'stopped', problem: { code: 'storage-corrupt' } });
	expect((await refused<'circles'>(broken, { cmd: 'circles' })).code).toBe('storage-corrupt');
});

test('a core that does not come is asked for again', async () => {
	scene.host.broken = /\.wasm$/;
	const page = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	const stopped = await heard(page, ({ notice }) => notice === 'engine');
	expect(stopped).toMatchObject({ state: 'stopped', problem: { code: 'server-error', retry: true } });
	scene.host.broken = null;
	expect(await must<'circles'>(page, { cmd: 'circles' })).toEqual([]);
});

test('a worker whose script does not come is made again, also the one that makes the first keys', async () => {
	scene.host.broken = /engine[^/]*\.js$/;
	const page = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	await expect.poll(() => scene.host.refused).toBeGreaterThan(0);
	scene.host.broken = null;
	expect(await must<'circles'>(page, { cmd: 'circles' })).toEqual([]);
});
