import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoorReply, DoorStanding } from '../src/bridge/door';
import { engineWorker, heard, must, notices } from './browser';
import { Scene, texts } from './scene';

const PIN = '493028';
let scene: Scene;

beforeEach(async () => {
	scene = await Scene.begin();
});
afterEach(() => scene.end());

const setPin = (page: Page): Promise<DoorReply> =>
	page.evaluate((pin) => globalThis.kith.door.setPin(pin, null, 'boat'), PIN);
const standing = (page: Page): Promise<DoorStanding> => page.evaluate(() => globalThis.kith.door.standing);

/** A tab that does not wait for the engine, and how it stands once it knows. */
async function look(): Promise<{ page: Page; standing: DoorStanding }> {
	const page = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	for (;;) {
		const now = await standing(page);
		if (now.state !== 'starting') return { page, standing: now };
		await page.waitForTimeout(20);
	}
}

/** Opens with a PIN. */
function enter(page: Page, vault: string, pin: string): Promise<DoorReply> {
	return page.evaluate(([vault, pin]) => globalThis.kith.door.openByPin(vault, pin), [vault, pin] as const);
}

test('a vault without a PIN opens by itself; with one it asks, after its last tab is gone', async () => {
	const { page, circle, thread } = await scene.enrolled();
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'kept', replyTo: null });
	await scene.phone.stop();
	const again = await scene.tab();
	expect(await texts(again, circle, thread)).toEqual(['kept']);
	expect(await setPin(again)).toBe('done');
	await scene.phone.stop();
	const { page: locked, standing: found } = await look();
	expect(found).toMatchObject({ state: 'locked', open: null, vaults: [{ pin: true, symbol: 'boat' }] });
	const vault = found.vaults[0]?.vault ?? '';
	expect(await enter(locked, vault, '000000')).toBe('wrong');
	expect(await locked.evaluate((vault) => globalThis.kith.door.openPlain(vault), vault)).toBe('failed');
	// The worker that tried the PIN is gone by now; the browser says so a moment later.
	await expect.poll(() => locked.workers().length).toBe(0);
	expect(await enter(locked, vault, PIN)).toBe('done');
	expect(await texts(locked, circle, thread)).toEqual(['kept']);
});

test('another tab opens without the PIN, and takes over without it, while one is open', async () => {
	const { page: first, circle, thread } = await scene.enrolled();
	// This one's worker waits since before there was a PIN.
	const second = await scene.tab();
	expect(await setPin(first)).toBe('done');
	const third = await scene.tab();
	await must<'send'>(third, { cmd: 'send', circle, thread, text: 'through the first', replyTo: null });
	await first.close();
	expect(await texts(second, circle, thread)).toEqual(['through the first']);
	await second.close();
	expect(await texts(third, circle, thread)).toEqual(['through the first']);
});

test('an engine that traps is started again without the PIN', async () => {
	const { page, circle, thread } = await scene.enrolled();
	await setPin(page);
	const before = (await notices(page)).length;
	const worker = await engineWorker(page);
	await worker.evaluate(() => void setTimeout(() => Promise.reject(new Error('trap')), 0));
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'after', replyTo: null });
	expect(await texts(page, circle, thread)).toEqual(['after']);
	expect((await notices(page)).slice(before)).toContainEqual({
		notice: 'engine',
		state: 'ready',
		problem: null,
	});
});

test('locking locks every tab, and keeps what was asked for just before', async () => {
	const { page: first, circle, thread } = await scene.enrolled();
	const second = await scene.tab();
	await setPin(first);
	await second.evaluate(
		(send) => {
			void globalThis.kith.ask(send);
			void globalThis.kith.door.lock();
		},
		{ cmd: 'send', circle, thread, text: 'last words', replyTo: null } as const,
	);
	for (const page of [first, second]) await page.waitForURL(`${scene.host.origin}/`);
	const { page, standing: found } = await look();
	expect(found.state).toBe('locked');
	await enter(page, found.vaults[0]?.vault ?? '', PIN);
	expect(await texts(page, circle, thread)).toEqual(['last words']);
});

test('a tab that has not heard of the PIN yet locks all the same', async () => {
	const { page: first } = await scene.enrolled();
	const second = await scene.tab();
	await first.evaluate(() => {
		BroadcastChannel.prototype.postMessage = () => {};
	});
	await setPin(first);
	await second.evaluate(() => void globalThis.kith.door.lock());
	for (const page of [first, second]) await page.waitForURL(`${scene.host.origin}/`);
	expect((await look()).standing.state).toBe('locked');
});

test('another PIN needs the one there is; then the old one opens nothing', async () => {
	const page = await scene.tab();
	await setPin(page);
	const change = (old: string): Promise<DoorReply> =>
		page.evaluate((old) => globalThis.kith.door.setPin('a longer passphrase', old, 'moon'), old);
	expect(await change('111111')).toBe('wrong');
	expect(await change(PIN)).toBe('done');
	await scene.phone.stop();
	const { page: locked, standing: found } = await look();
	const vault = found.vaults[0]?.vault ?? '';
	expect(await enter(locked, vault, PIN)).toBe('wrong');
	// As another keyboard writes it.
	expect(await enter(locked, vault, ' a longer passphrase ')).toBe('done');
});

test('a row that was moved to another place does not open, and is named', async () => {
	const { page } = await scene.enrolled();
	await page.goto(`${scene.host.origin}/store.html`);
	await page.evaluate(async () => {
		const { name = '' } = (await indexedDB.databases()).find(({ name }) => name !== 'kith-phone') ?? {};
		const done = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('failed'));
			});
		const db = await done(indexedDB.open(name));
		const transaction = db.transaction(['1', '2'], 'readwrite');
		const [value] = await done(transaction.objectStore('1').getAll());
		const [key] = await done(transaction.objectStore('2').getAllKeys());
		if (!value || !key) throw new Error('nothing to move');
		await done(transaction.objectStore('2').put(value, key));
		db.close();
	});
	const broken = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	const notice = await heard(broken, ({ notice }) => notice === 'engine');
	expect(notice).toMatchObject({ state: 'stopped', problem: { code: 'storage-corrupt' } });
});

test('a draft is kept sealed, comes back, and an empty one is gone', async () => {
	const { page } = await scene.enrolled();
	const draft = (text: string): Promise<null> =>
		must<'writeDraft'>(page, { cmd: 'writeDraft', key: 'a.b', text });
	await draft('half a thought');
	await scene.phone.stop();
	const again = await scene.tab();
	expect(await must<'readDraft'>(again, { cmd: 'readDraft', key: 'a.b' })).toEqual({
		text: 'half a thought',
	});
	expect(await must<'readDraft'>(again, { cmd: 'readDraft', key: 'a.c' })).toEqual({ text: '' });
	await must<'writeDraft'>(again, { cmd: 'writeDraft', key: 'a.b', text: '' });
	expect(await must<'readDraft'>(again, { cmd: 'readDraft', key: 'a.b' })).toEqual({ text: '' });
});

test('it opens by the phone’s fingerprint or face, beside the PIN, until that is turned off', async () => {
	// Credentials need a name, not an address.
	const origin = scene.host.origin.replace('127.0.0.1', 'localhost');
	const page = await scene.tab(origin);
	const session = await (await scene.phone.context()).newCDPSession(page);
	await session.send('WebAuthn.enable');
	await session.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2',
			transport: 'internal',
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
			hasPrf: true,
		},
	});
	const turn = (on: boolean): Promise<DoorReply> =>
		page.evaluate((on) => globalThis.kith.door.setTouch(on), on);
	expect(await page.evaluate(() => globalThis.kith.door.hasTouch())).toBe(true);
	expect(await turn(true)).toBe('failed');
	await setPin(page);
	expect(await turn(true)).toBe('done');
	await page.evaluate(() => void globalThis.kith.door.lock());
	await page.waitForURL(`${origin}/`);
	await page.goto(`${origin}/bridge.html`);
	await page.waitForFunction(() => globalThis.kith.door.standing.state === 'locked');
	const { vaults } = await standing(page);
	expect(vaults[0]).toMatchObject({ touch: true, pin: true });
	const vault = vaults[0]?.vault ?? '';
	expect(await page.evaluate((vault) => globalThis.kith.door.openByTouch(vault), vault)).toBe('done');
	expect(await must<'circles'>(page, { cmd: 'circles' })).toEqual([]);
	expect(await turn(false)).toBe('done');
	expect((await standing(page)).open?.touch).toBe(false);
});

test('what a removal that was cut short left behind is swept away, and nothing else', async () => {
	const { page, circle, thread } = await scene.enrolled();
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'stays', replyTo: null });
	const [removed, stray] = ['0', '1'].map((digit) => digit.repeat(32));
	await page.evaluate(
		async ([removed, stray]) => {
			const open = (name: string): Promise<IDBDatabase> =>
				new Promise((resolve, reject) => {
					const request = indexedDB.open(name);
					request.onsuccess = () => resolve(request.result);
					request.onerror = () => reject(request.error ?? new Error('failed'));
				});
			for (const name of [`kith-${removed}`, `kith-${stray}`, 'of-others']) (await open(name)).close();
			const phone = await open('kith-phone');
			const transaction = phone.transaction('vaults', 'readwrite');
			transaction.objectStore('vaults').put({ id: removed, removing: true }, removed);
			await new Promise((resolve) => (transaction.oncomplete = resolve));
			phone.close();
		},
		[removed, stray] as const,
	);
	await scene.phone.stop();
	const again = await scene.tab();
	expect(await texts(again, circle, thread)).toEqual(['stays']);
	expect((await standing(again)).vaults).toHaveLength(1);
	const names = await databases(again);
	expect(names).not.toContain(`kith-${removed}`);
	expect(names).toEqual(expect.arrayContaining(['of-others', `kith-${stray}`]));
});

test('a phone whose list of vaults is lost says so, removes nothing, and begins anew when it is told to', async () => {
	const { page } = await scene.enrolled();
	const [vault] = vaultsIn(await databases(page));
	await page.goto(`${scene.host.origin}/store.html`);
	await drop(page, 'kith-phone');
	await scene.phone.stop();
	for (let time = 0; time < 2; time += 1) {
		const { page, standing: found } = await look();
		expect(found).toEqual({ state: 'locked', open: null, vaults: [], lost: true });
		expect(vaultsIn(await databases(page))).toEqual([vault]);
		await scene.phone.stop();
	}
	const { page: begun } = await look();
	expect(await begun.evaluate(() => globalThis.kith.door.openNew())).toBe('done');
	expect(await must<'circles'>(begun, { cmd: 'circles' })).toEqual([]);
	expect(await standing(begun)).toMatchObject({ state: 'open', lost: false });
	await scene.phone.stop();
	const again = await scene.tab();
	expect(await standing(again)).toMatchObject({ state: 'open', lost: false });
	expect(vaultsIn(await databases(again))).toContain(vault);
});

test('a phone that was in no circle is new when its list of vaults is lost', async () => {
	const page = await scene.tab();
	const [vault] = vaultsIn(await databases(page));
	await page.goto(`${scene.host.origin}/store.html`);
	await drop(page, 'kith-phone');
	await scene.phone.stop();
	const { page: begun, standing: found } = await look();
	expect(found).toMatchObject({ state: 'open', lost: false, vaults: [{ pin: false }] });
	expect(found.open?.vault).not.toBe(vault);
	expect(await must<'circles'>(begun, { cmd: 'circles' })).toEqual([]);
});

test('that a vault held keys is remembered when all databases are lost', async () => {
	await scene.enrolled();
	await scene.phone.stop();
	const again = await scene.tab();
	await again.goto(`${scene.host.origin}/store.html`);
	for (const { name = '' } of await again.evaluate(() => indexedDB.databases())) await drop(again, name);
	await scene.phone.stop();
	expect((await look()).standing).toMatchObject({ state: 'locked', vaults: [], lost: true });
});

test('a vault whose database is lost does not come up empty', async () => {
	const { page } = await scene.enrolled();
	const [vault = ''] = vaultsIn(await databases(page));
	await page.goto(`${scene.host.origin}/store.html`);
	await drop(page, vault);
	await scene.phone.stop();
	const { page: lost, standing: found } = await look();
	expect(found).toMatchObject({ state: 'locked', open: null, lost: true });
	// Opened all the same, it is not made.
	await lost.evaluate((vault) => globalThis.kith.door.openPlain(vault), found.vaults[0]?.vault ?? '');
	expect(await heard(lost, ({ notice }) => notice === 'engine')).toMatchObject({
		state: 'stopped',
		problem: { code: 'storage-corrupt', why: 'emptied' },
	});
	expect(vaultsIn(await databases(lost))).toEqual([]);
	await scene.phone.stop();
	const { page: begun } = await look();
	expect(await begun.evaluate(() => globalThis.kith.door.openNew())).toBe('done');
	await scene.phone.stop();
	expect((await look()).standing).toMatchObject({ state: 'open', lost: false, vaults: [{ pin: false }] });
});

test('a vault whose database is there and empty is told, and nothing is written to it', async () => {
	const { page } = await scene.enrolled();
	const [vault = ''] = vaultsIn(await databases(page));
	await page.goto(`${scene.host.origin}/store.html`);
	await rows(page, vault, true);
	await scene.phone.stop();
	const { page: lost } = await look();
	expect(await heard(lost, ({ notice }) => notice === 'engine')).toMatchObject({
		state: 'stopped',
		problem: { code: 'storage-corrupt', why: 'emptied' },
	});
	expect(await rows(lost, vault, false)).toBe(0);
});

function databases(page: Page): Promise<string[]> {
	return page.evaluate(async () => (await indexedDB.databases()).map(({ name = '' }) => name));
}

function vaultsIn(names: string[]): string[] {
	return names.filter((name) => /^kith-[0-9a-f]{32}$/.test(name));
}

function drop(page: Page, name: string): Promise<void> {
	return page.evaluate(
		(name) =>
			new Promise<void>((resolve, reject) => {
				const request = indexedDB.deleteDatabase(name);
				request.onsuccess = () => resolve();
				request.onerror = () => reject(request.error ?? new Error('not dropped'));
			}),
		name,
	);
}

/** How many rows a database has, in all its stores; `clear`: none from then on. */
function rows(page: Page, name: string, clear: boolean): Promise<number> {
	return page.evaluate(
		async ({ name, clear }) => {
			const done = <T>(request: IDBRequest<T>): Promise<T> =>
				new Promise((resolve, reject) => {
					request.onsuccess = () => resolve(request.result);
					request.onerror = () => reject(request.error ?? new Error('failed'));
				});
			const db = await done(indexedDB.open(name));
			let count = 0;
			for (const store of db.objectStoreNames) {
				const objects = db.transaction(store, 'readwrite').objectStore(store);
				count += await done(objects.count());
				if (clear) await done(objects.clear());
			}
			db.close();
			return count;
		},
		{ name, clear },
	);
}
