// @ts-check
/** P22: the engine's second module is nobody's wait on the way in, and without it no install is whole. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { goTo, message, openTalk, openTodaysNote, send, setTitle, settled, writeBlock } from '../harness/acts.mjs';
import { WEB } from '../harness/env.mjs';
import { until } from '../harness/until.mjs';
import { World } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const LONGEST_MS = 240_000;

/** The file, and where it is put out of the server's sight. @param {string} web @param {string} aside */
async function secondOf(web, aside) {
	const assets = join(web, 'assets');
	const names = (await readdir(assets)).filter((name) => /client_second.*\.pack/.test(name));
	assert.ok(names.length > 0, 'the build has a second module');
	return names.map((name) => ({ there: join(assets, name), away: join(aside, name) }));
}

/** From the circle's screen, one tap. @param {Phone} phone */
async function openToolkit(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: 'What helps' }).tap();
	await phone.page.getByRole('heading', { level: 1, name: 'What helps' }).waitFor();
}

/** @param {Phone} phone @returns {Promise<boolean>} */
function isInstalled({ page }) {
	return page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active));
}

test('p22 where the second module never comes, a person comes in, writes and reads; once it came, all works offline', { timeout: LONGEST_MS }, async () => {
	const folder = await mkdtemp(join(tmpdir(), 'kith-e2e-'));
	const web = join(folder, 'web');
	await cp(WEB, web, { recursive: true });
	const files = await secondOf(web, folder);
	for (const { there, away } of files) await rename(there, away);
	const world = new World(folder, web);
	try {
		await world.server.start();
		const ana = await world.phone('Ana');
		const page = await ana.open(world.server.links.member);
		await page.getByLabel('What should people call you?').fill('Ana');
		await page.getByRole('button', { name: 'Join the circle' }).tap();
		await page.getByRole('link', { name: 'Not now' }).tap();
		await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
		await openTodaysNote(ana);
		await setTitle(ana, 'Sleep');
		await writeBlock(ana, 'We sat under the tree.', 'Heading');
		await openTalk(ana);
		await send(ana, 'The road was washed out, I walked.');
		await settled(ana);
		await openTalk(ana);
		await message(ana, 'The road was washed out, I walked.').waitFor();
		await openToolkit(ana);
		await page.locator('[data-problem]').first().waitFor();
		assert.ok(!(await isInstalled(ana)), 'without all files nothing is installed');

		for (const { there, away } of files) await rename(away, there);
		await world.server.stop();
		await world.server.start();
		await page.reload();
		await until('Kith is installed', () => isInstalled(ana), 60_000);
		await ana.turnOff();
		await ana.turnOn();
		await ana.loseNetwork();
		await ana.open('/');
		await openToolkit(ana);
		await ana.page.getByRole('link', { name: 'Write down what helps you' }).tap();
		await ana.page.getByLabel('What do you call it?').fill('Radio');
		await ana.page.getByLabel('What do you do?').fill('Low, all night.');
		await ana.page.getByRole('button', { name: 'Share it with the circle' }).tap();
		await ana.page.getByRole('heading', { level: 1, name: 'Radio' }).waitFor();
	} catch (error) {
		await world.keepPictures('p22-second-half');
		throw error;
	} finally {
		await world.end();
	}
});
