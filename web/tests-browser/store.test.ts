import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VAULTS_MAX } from '../src/bridge/door';
import { Phone } from './browser';
import { startHost, type Host } from './host';
import type {} from './pages/store';
import { CONFORMANCE } from './paths';
import type { Case } from './suite';

let host: Host;
let phone: Phone;
let page: Page;

beforeAll(async () => {
	host = await startHost();
	phone = new Phone();
	page = await phone.open(`${host.origin}/store.html`);
});
afterAll(async () => {
	await phone.end();
	await host.close();
});

const cases = JSON.parse(readFileSync(CONFORMANCE, 'utf8')) as Case[];

test.each(cases.map((one) => [one.name, one] as const))(
	'the IndexedDB store conforms: %s',
	async (_name, one) => {
		expect(await page.evaluate((each) => globalThis.kithStore.play([each]), one)).toEqual([]);
	},
);

test('what a command added and that it was done are stored together', async () => {
	expect(await page.evaluate(() => globalThis.kithStore.put('a', 'command-1'))).toBe('committed');
	expect(await page.evaluate(() => globalThis.kithStore.wasDone('command-1'))).toBe(true);
	expect(await page.evaluate(() => globalThis.kithStore.wasDone('command-2'))).toBe(false);
});

test('a writer that was replaced writes nothing', async () => {
	const { outcome, lost } = await page.evaluate(() => globalThis.kithStore.fence());
	expect(outcome).toBe('failed');
	expect(lost).toEqual(['storage-failed']);
});

test('a vault of an older shape is saved to a file as it is, and works on afterwards', async () => {
	const carried = await page.evaluate(() => globalThis.kithStore.carryOld());
	expect(carried).toEqual({ reply: 'done', stores: 22, rows: 1, opened: 'committed' });
});

test('no two people on one phone have the same sign', async () => {
	const { made, asked } = await page.evaluate(() => globalThis.kithStore.signs());
	expect(made[0]).toBe('boat');
	expect(new Set(made).size).toBe(VAULTS_MAX);
	expect(asked).toEqual(made);
});

test('a full browser is told apart from other failures', async () => {
	const outcome = await page.evaluate(async () => {
		const put = IDBObjectStore.prototype.put;
		const generation = 'full';
		IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
			if (value !== generation) throw new DOMException('no room', 'QuotaExceededError');
			return put.call(this, value, key);
		};
		try {
			return await globalThis.kithStore.put(generation, 'command-3');
		} finally {
			IDBObjectStore.prototype.put = put;
		}
	});
	expect(outcome).toBe('full');
	expect(await page.evaluate(() => globalThis.kithStore.wasDone('command-3'))).toBe(false);
});
