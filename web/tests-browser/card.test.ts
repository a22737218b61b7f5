import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoorReply, DoorStanding, LockCard } from '../src/bridge/door';
import { must } from './browser';
import { Scene } from './scene';

const PIN = '493028';
const CARD: LockCard = {
	circles: [
		{
			circle: 'c1',
			plan: [{ part: 'ask', text: 'My sister, at any hour', phone: '+1 202 555 0134' }],
			helplines: [],
		},
	],
};
let scene: Scene;

beforeEach(async () => {
	scene = await Scene.begin();
});
afterEach(() => scene.end());

const setPin = (page: Page): Promise<DoorReply> =>
	page.evaluate((pin) => globalThis.kith.door.setPin(pin, null, 'boat'), PIN);
const standing = (page: Page): Promise<DoorStanding> => page.evaluate(() => globalThis.kith.door.standing);
const put = (page: Page, card: LockCard | null): Promise<DoorReply> =>
	page.evaluate((card) => globalThis.kith.door.changeCard(() => Promise.resolve(card)), card);
const read = (page: Page, vault: string): Promise<LockCard | null> =>
	page.evaluate((vault) => globalThis.kith.door.card(vault), vault);

/** A tab that does not wait for the engine, once it knows how the phone stands. */
async function look(): Promise<Page> {
	const page = await scene.phone.open(`${scene.host.origin}/bridge.html`);
	await page.waitForFunction(() => globalThis.kith.door.standing.state !== 'starting');
	return page;
}

/** A tab of a phone in a circle, with a PIN and a card; the vault. */
async function carded(): Promise<{ page: Page; vault: string }> {
	const { page, circle, thread } = await scene.enrolled();
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'Something to seal', replyTo: null });
	await setPin(page);
	expect(await put(page, CARD)).toBe('done');
	const vault = (await standing(page)).open?.vault ?? '';
	return { page, vault };
}

/** What the list of vaults has, and what of it opens with what. */
interface Apart {
	/** Sealed bytes that the card's key opens, by where they lie. */
	byCard: string[];
	/** How many it was tried on. */
	tried: number;
	/** Keys that open the card. */
	card: string[];
	extractable: boolean;
	bytes: number;
}

function apart(page: Page, vault: string): Promise<Apart> {
	return page.evaluate(async (vault) => {
		const done = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('failed'));
			});
		type Bytes = Uint8Array<ArrayBuffer>;
		const phone = await done(indexedDB.open('kith-phone'));
		const record = await done(phone.transaction('vaults').objectStore('vaults').get(vault));
		phone.close();
		const sealed = new Map<string, Bytes>([['card', record.card.sealed]]);
		for (const [at, slot] of record.slots.entries()) sealed.set(`slot ${at}`, slot.sealed);
		const db = await done(indexedDB.open(`kith-${vault}`));
		for (const name of db.objectStoreNames) {
			const values: unknown[] = await done(db.transaction(name).objectStore(name).getAll());
			for (const [at, value] of values.entries())
				if (value instanceof Uint8Array) sealed.set(`${name}/${at}`, value as Bytes);
		}
		db.close();
		const additionalData = new TextEncoder().encode(`kith card ${vault}`);
		const opens = async (key: CryptoKey, bytes: Bytes): Promise<boolean> => {
			for (const bound of [{}, { additionalData }])
				for (const start of [0, 1, 2, 4])
					try {
						const iv = bytes.subarray(start, start + 12);
						await crypto.subtle.decrypt({ name: 'AES-GCM', iv, ...bound }, key, bytes.subarray(start + 12));
						return true;
					} catch {
						// Not so.
					}
			return false;
		};
		const byCard: string[] = [];
		for (const [where, bytes] of sealed) if (await opens(record.card.key, bytes)) byCard.push(where);
		const card: string[] = [];
		for (const [name, key] of Object.entries({ card: record.card.key, outer: record.outer }))
			if (await opens(key as CryptoKey, record.card.sealed)) card.push(name);
		const { extractable } = record.card.key;
		return { byCard, tried: sealed.size, card, extractable, bytes: record.card.sealed.length };
	}, vault);
}

test('a card is read from the locked phone, without the PIN and without an engine', async () => {
	const { vault } = await carded();
	await scene.phone.stop();
	const locked = await look();
	expect((await standing(locked)).state).toBe('locked');
	expect(await read(locked, vault)).toEqual(CARD);
	expect(locked.workers()).toHaveLength(0);
	// Nothing of it changes while nobody has opened the vault.
	expect(await put(locked, null)).toBe('failed');
	expect(await read(locked, vault)).toEqual(CARD);
});

test('its key opens nothing else, and nothing else opens it', async () => {
	const { page, vault } = await carded();
	const { byCard, tried, card, extractable } = await apart(page, vault);
	expect(tried).toBeGreaterThan(5);
	expect(byCard).toEqual(['card']);
	expect(card).toEqual(['card']);
	expect(extractable).toBe(false);
});

test('its length does not tell whether a plan is on it', async () => {
	const { page, vault } = await carded();
	const before = (await apart(page, vault)).bytes;
	await put(page, { circles: [{ circle: 'c1', plan: null, helplines: [] }] });
	expect((await apart(page, vault)).bytes).toBe(before);
});

test('without a PIN there is none', async () => {
	const { page } = await scene.enrolled();
	expect(await put(page, CARD)).toBe('failed');
	expect(await read(page, (await standing(page)).open?.vault ?? '')).toBeNull();
});

test('turned off it is gone from the record, key and all; another PIN leaves it', async () => {
	const { page, vault } = await carded();
	await page.evaluate((pin) => globalThis.kith.door.setPin('a longer one', pin, 'moon'), PIN);
	expect(await read(page, vault)).toEqual(CARD);
	expect(await put(page, null)).toBe('done');
	expect(await read(page, vault)).toBeNull();
	expect(await kept(page, vault)).not.toContain('card');
});

test('it goes with its vault, in the write that takes the keys', async () => {
	const { vault } = await carded();
	await scene.phone.stop();
	const locked = await look();
	await locked.evaluate(
		(vault) =>
			new Promise<void>((resolve, reject) => {
				// As if the browser were killed right after the first write.
				const put = IDBObjectStore.prototype.put;
				IDBObjectStore.prototype.put = function (...given) {
					const request = put.apply(this, given);
					this.transaction.addEventListener('complete', () => resolve());
					return request;
				};
				globalThis.kith.door.remove(vault).catch(reject);
			}),
		vault,
	);
	await locked.goto(`${scene.host.origin}/store.html`);
	expect(await kept(locked, vault)).not.toContain('card');
});

test('two vaults have a card each, and neither opens in the other’s place', async () => {
	const { vault: first } = await carded();
	await scene.phone.stop();
	const page = await look();
	expect(await page.evaluate(() => globalThis.kith.door.openNew())).toBe('done');
	await setPin(page);
	const second = (await standing(page)).open?.vault ?? '';
	const other: LockCard = { circles: [{ circle: 'c2', plan: [], helplines: [] }] };
	expect(await put(page, other)).toBe('done');
	expect([await read(page, first), await read(page, second)]).toEqual([CARD, other]);
	await page.evaluate(
		async ([from, to]) => {
			const done = <T>(request: IDBRequest<T>): Promise<T> =>
				new Promise((resolve, reject) => {
					request.onsuccess = () => resolve(request.result);
					request.onerror = () => reject(request.error ?? new Error('failed'));
				});
			const db = await done(indexedDB.open('kith-phone'));
			const vaults = db.transaction('vaults', 'readwrite').objectStore('vaults');
			const [one, two] = [await done(vaults.get(from)), await done(vaults.get(to))];
			await done(vaults.put({ ...two, card: one.card }, to));
			db.close();
		},
		[first, second] as const,
	);
	expect(await read(page, second)).toBeNull();
});

test('a phone that is full says so, and the card that was there stays', async () => {
	const { page, vault } = await carded();
	await page.evaluate(() => {
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
	});
	expect(await put(page, null)).toBe('full');
	expect(await read(page, vault)).toEqual(CARD);
});

test('tabs change it one after the other, each with what the one before left', async () => {
	const { page: first, vault } = await carded();
	const second = await scene.tab();
	const add = (page: Page, circle: string): Promise<DoorReply> =>
		page.evaluate(
			(circle) =>
				globalThis.kith.door.changeCard(async (card) => {
					await new Promise((resolve) => setTimeout(resolve, 50));
					return { circles: [...(card?.circles ?? []), { circle, plan: null, helplines: [] }] };
				}),
			circle,
		);
	await Promise.all([add(first, 'a'), add(second, 'b'), add(first, 'c')]);
	const circles = (await read(first, vault))?.circles.map(({ circle }) => circle) ?? [];
	expect(circles.sort()).toEqual(['a', 'b', 'c', 'c1']);
});

/** The names in a vault's record. */
function kept(page: Page, vault: string): Promise<string[]> {
	return page.evaluate(
		(vault) =>
			new Promise<string[]>((resolve, reject) => {
				const opening = indexedDB.open('kith-phone');
				opening.onerror = () => reject(opening.error ?? new Error('failed'));
				opening.onsuccess = () => {
					const asking = opening.result.transaction('vaults').objectStore('vaults').get(vault);
					asking.onerror = () => reject(asking.error ?? new Error('failed'));
					asking.onsuccess = () => {
						opening.result.close();
						resolve(Object.keys(asking.result ?? {}));
					};
				};
			}),
		vault,
	);
}
