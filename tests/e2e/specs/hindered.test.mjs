// @ts-check
/** Browsers in which Kith can't work say so on the first screen, with what to do; odd languages are no hindrance. */
import assert from 'node:assert/strict';
import { enrol } from '../harness/acts.mjs';
import { expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

const BLOCKED = 2;
const LAN = 'kith.lan';

scene('site data refused: the first screen says so and what to do, whatever is tapped', async (world) => {
	const settings = { profile: { default_content_setting_values: { cookies: BLOCKED } } };
	const ana = await world.phone('Ana', { settings });
	const page = await ana.open(world.server.links.member);
	await assert.rejects(page.evaluate(() => localStorage.length), /SecurityError|Access is denied/);
	const said = page.locator('[data-problem="storage-failed"]').first();
	await expectText(said, /doesn’t let Kith keep anything/);
	await expectText(said, /Allow cookies and site data for this address/);
	await page.getByLabel('What should people call you?').fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await expectText(page.locator('main [data-problem]'), /doesn’t let Kith keep anything/);
	await ana.open('/');
	await expectText(page.locator('[data-problem]').first(), /doesn’t let Kith keep anything/);
	assert.deepEqual(ana.witness.complaints.filter((text) => text.startsWith('exception')), []);
});

scene('plain http from another machine: the first screen says so and what to do, whatever is tapped', async (world) => {
	const ana = await world.phone('Ana', { flags: [`--host-resolver-rules=MAP ${LAN} 127.0.0.1`] });
	const page = await ana.open('/notes.html');
	const { hash } = new URL(world.server.links.member);
	await page.goto(`http://${LAN}:${ana.proxy.port}/${hash}`);
	assert.equal(await page.evaluate(() => isSecureContext), false);
	await expectText(page.locator('[data-problem]').first(), /doesn’t begin with https/);
	await page.getByLabel('What should people call you?').fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await expectText(page.locator('main [data-problem]'), /Ask your facilitator for a link that begins with https/);
	assert.deepEqual(ana.witness.complaints.filter((text) => text.startsWith('exception')), []);
});

scene('languages that are none, and none at all, are no hindrance', async (world) => {
	const said = [['en-US@posix', 'C'], [], ['C'], ['en_GB.UTF-8']];
	for (const [at, languages] of said.entries()) {
		const phone = await world.phone(`Ana ${at}`);
		await phone.context.addInitScript((languages) => {
			Object.defineProperty(navigator, 'languages', { get: () => languages });
			Object.defineProperty(navigator, 'language', { get: () => languages[0] ?? '' });
		}, languages);
		await enrol(phone, world.server.links.member);
		await phone.page.getByRole('link', { name: 'Sessions', exact: false }).first().tap();
		await phone.page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
		assert.deepEqual(phone.witness.complaints, []);
	}
});

scene('a link that was opened and not used is there after a reload, and gone once it was used or dropped', async (world) => {
	const ana = await world.phone('Ana');
	const link = world.server.links.member;
	const page = await ana.open(link);
	const field = page.getByLabel('What should people call you?');
	await field.waitFor();
	assert.equal(new URL(page.url()).hash, '');
	await page.reload();
	await field.waitFor();
	await page.getByRole('link', { name: 'Cancel' }).tap();
	await page.getByRole('heading', { level: 1, name: 'You need a link to come in' }).waitFor();
	await page.reload();
	await page.getByRole('heading', { level: 1, name: 'You need a link to come in' }).waitFor();
	await page.getByLabel('Or paste the link here').fill(`> Come in: <${link.replace('#', '%23').replace('?t=', '?t=\n> ')}>.`);
	await page.getByRole('button', { name: 'Use this link or code' }).tap();
	await field.fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.getByRole('link', { name: 'Not now' }).tap();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
});

scene('a link whose secret came to the server is refused with a page that says what to do', async (world) => {
	const ana = await world.phone('Ana');
	const page = await ana.open(world.server.links.facilitator.replace('#', '%23'));
	await page.getByRole('heading', { level: 1, name: 'This link was changed on its way' }).waitFor();
	await expectText(page.locator('body'), /Ask your facilitator for a new link/);
	await ana.open(world.server.links.facilitator);
	await page.getByLabel('What should people call you?').fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.locator('main [data-problem]').waitFor();
});
