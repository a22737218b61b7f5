// @ts-check
/**
 * A browser that is killed while it writes leaves half a record in the log under its databases. Chromium passes over it,
 * writes on behind it, and at the start after that deletes all that the app has. Neither may that happen, nor may a phone
 * whose browser did lose everything come up as if it were new.
 */
import assert from 'node:assert/strict';
import { beginTalk, chip, message, openTalk, send } from '../harness/acts.mjs';
import { expectSafety, expectText } from '../harness/see.mjs';
import { damageDatabases, tearLog } from '../harness/torn.mjs';
import { scene } from '../harness/world.mjs';

const WELCOME = 'You need a link to come in';
const GONE = 'What was kept here is gone';

scene('p02 a browser that was killed in a write has everything, also at the start after the next', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	await beginTalk([ana]);
	for (const text of ['after the first kill', 'after the second']) {
		await ana.turnOff();
		await tearLog(ana);
		await ana.turnOn();
		await ana.open('/');
		await openTalk(ana);
		await send(ana, text);
		await expectSafety(chip(message(ana, text)), 'Safe on the server');
	}
	await ana.turnOff();
	await ana.turnOn();
	await ana.open('/');
	await openTalk(ana);
	for (const text of ['Good morning', 'after the first kill', 'after the second']) await message(ana, text).waitFor();
});

scene('p02 what the browser lost is said, until its person begins again', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	await ana.turnOff();
	await damageDatabases(ana);
	await ana.turnOn();
	const page = await ana.open('/');
	await page.getByRole('heading', { level: 1, name: GONE }).waitFor();
	await expectText(page.locator('main'), 'You did nothing wrong.');
	await page.reload();
	await page.getByRole('heading', { level: 1, name: GONE }).waitFor();
	await page.getByRole('button', { name: 'Begin again' }).tap();
	await page.getByRole('heading', { name: WELCOME }).waitFor();
	await page.reload();
	await page.getByRole('heading', { name: WELCOME }).waitFor();
	await ana.turnOff();
	await ana.turnOn();
	await (await ana.open('/')).getByRole('heading', { name: WELCOME }).waitFor();
});

scene('p02 a phone that was in no circle comes up as new, whatever its browser lost', async (world) => {
	const ana = await world.phone('Ana');
	const first = await ana.open('/');
	await first.getByRole('heading', { name: WELCOME }).waitFor();
	await vaultMade(first);
	await ana.turnOff();
	await damageDatabases(ana);
	await ana.turnOn();
	const page = await ana.open('/');
	await page.getByRole('heading', { name: WELCOME }).waitFor();
	await vaultMade(page);
	assert.equal(await page.getByRole('heading', { name: GONE }).count(), 0);
});

/**
 * Waits until the vault of a new phone has its database.
 * @param {import('playwright-core').Page} page
 */
async function vaultMade(page) {
	await page.waitForFunction(async () =>
		(await indexedDB.databases()).some(({ name = '' }) => /^kith-[0-9a-f]{32}$/.test(name)),
	);
}
