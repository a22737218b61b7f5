// @ts-check
/** Leaving a circle and taking along what one wrote, on real phones: with no network, for good, and with no mark left. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, message, openPeople, openTalk, promote, send, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { openGoing, RECORD, takeAlong } from '../harness/life.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { dump, search } from '../harness/storage.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const OWN = 'Ostriches keep me company & <b>calm</b>';
const OTHERS = 'Pelicans belong to Ruth';

/** What is in a record as data. @param {string} text */
function record(text) {
	/** @type {{ format: string, version: number, items: { kind: string, text: string | null, state: string }[] }} */
	const all = JSON.parse(text);
	assert.deepEqual([all.format, all.version], ['kith-own-record', 1]);
	return all.items;
}

/** The store of what a phone knows of itself, such as which circles it left. */
const SMALL_FACTS = '1';

/** Where a circle is named, in bytes or as an address has it. @param {Map<string, Buffer>} places @param {string} circle */
function named(places, circle) {
	const bytes = Buffer.from(circle, 'hex');
	return [...places].filter(([, kept]) => kept.includes(bytes) || kept.includes(circle)).map(([where]) => where);
}

/** Says that one leaves, in two taps. @param {Phone} phone @param {boolean} erase */
async function leave({ page }, erase) {
	await page.getByRole('checkbox', { name: 'Erase what I wrote' }).setChecked(erase);
	await page.getByRole('button', { name: 'Leave this circle' }).tap();
	await page.getByRole('button', { name: erase ? 'Yes, erase what I wrote and leave' : 'Yes, leave this circle' }).tap();
}

scene('what one wrote is saved with no network as a page and as data, also when it is nothing', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const amina = await world.member('Amina');
	await expectPeople(ruth, ['Ruth', 'Amina']);
	await settled(amina);
	await openGoing(amina, 'Take along what I wrote');
	await amina.loseNetwork();
	assert.deepEqual(record((await takeAlong(amina, RECORD.data)).text), []);
	assert.match((await takeAlong(amina, RECORD.page)).text, /Nothing was written here\./);
	await gallery.show(amina, 'record-empty');
	await amina.findNetwork();

	await openTalk(ruth);
	await send(ruth, OTHERS);
	await openTalk(amina);
	await message(amina, OTHERS).waitFor();
	await amina.loseNetwork();
	await send(amina, OWN);
	await amina.turnOff();
	await amina.turnOn();
	await amina.open();
	await openGoing(amina, 'Take along what I wrote');
	await gallery.show(amina, 'record');
	const data = await takeAlong(amina, RECORD.data);
	assert.equal(data.name, 'my-record.json');
	assert.deepEqual(record(data.text).map(({ kind, text }) => [kind, text]), [['thread', OWN]]);
	const page = await takeAlong(amina, RECORD.page);
	assert.equal(page.name, 'my-record.html');
	assert.ok(page.text.includes('Ostriches keep me company &amp; &lt;b&gt;calm&lt;/b&gt;'));
	for (const { text } of [data, page]) assert.ok(!text.includes('Pelicans'), 'others’ words stay with the others');
	await gallery.show(amina, 'record-saved');
	assert.deepEqual(gallery.faults, []);
});

scene('who leaves and erases is gone with their words, and with no network it has not happened yet', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const amina = await world.member('Amina');
	const { page } = amina;
	await expectPeople(ruth, ['Ruth', 'Amina']);
	await openTalk(amina);
	await send(amina, OWN);
	await settled(amina);
	const circle = new URL(page.url()).hash.slice('#/c/'.length);
	await openTalk(ruth);
	await message(ruth, OWN).waitFor();
	assert.notEqual(named(await dump(page), circle).length, 0, 'the search finds what is there');

	await amina.loseNetwork();
	await openGoing(amina, 'Leave this circle');
	await gallery.show(amina, 'leave');
	await page.getByRole('checkbox', { name: 'Erase what I wrote' }).check();
	await page.getByRole('button', { name: 'Leave this circle' }).tap();
	await gallery.show(amina, 'leave-sure');
	await page.getByRole('button', { name: 'Cancel' }).tap();
	await leave(amina, false);
	await expectText(page.locator('main'), /You’re about to leave.*you can still stay/s);
	await page.getByRole('button', { name: 'I’d rather stay' }).tap();
	await page.getByRole('checkbox', { name: 'Erase what I wrote' }).waitFor();
	await openTalk(amina);
	await message(amina, OWN).waitFor();

	await openGoing(amina, 'Leave this circle');
	await leave(amina, true);
	await expectText(page.locator('main'), /You’re about to leave.*is being erased/s);
	await gallery.show(amina, 'leave-asked');
	await goTo(amina, 'Circle');
	await expectText(page.locator('section[data-leaving]'), 'You’re about to leave');
	await gallery.show(amina, 'leave-asked-home');
	await expectCount(message(ruth, OWN), 1, 'her words, before the server knows');
	await page.locator('section[data-leaving]').getByRole('link', { name: 'Look at it, or stay' }).tap();
	await page.getByRole('heading', { name: 'You’re about to leave' }).waitFor();

	await amina.findNetwork();
	await page.getByRole('heading', { name: 'You’ve left this circle' }).waitFor();
	await gallery.show(amina, 'leave-gone');
	await expectCount(message(ruth, OWN), 0, 'her words at another');
	await send(ruth, 'Only for who is still here');
	await openPeople(ruth);
	await ruth.page.locator('summary', { hasText: 'What happened recently' }).tap();
	await expectText(ruth.page.locator('main'), 'Amina left');
	const gone = ruth.page.locator('li', { has: ruth.page.locator('[data-standing="removed"]') });
	await expectText(gone, /Amina.*Left/);
	await gallery.show(ruth, 'leave-seen');

	await until('nothing on her phone names the circle', async () => named(await dump(page), circle).length === 0);
	const left = await dump(page);
	assert.deepEqual(search(left, ['Ostriches', 'Pelicans', 'Our circle']), []);
	const kept = [...left.keys()].filter((where) => /^kith-[0-9a-f]{32}\/\d+ key/.test(where)).map((where) => where.split(/[/ ]/)[1]);
	assert.deepEqual([...new Set(kept)].filter((tree) => tree !== SMALL_FACTS), [], 'only the phone’s own small facts are left');
	await page.getByRole('button', { name: 'Clear Kith on this phone' }).tap();
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	await gallery.show(amina, 'leave-cleared');
	await until('an old address leads nowhere', async () => {
		await amina.open(`/#/c/${circle}`);
		await page.reload();
		return page.getByRole('heading', { name: 'You need a link to come in' }).isVisible();
	});
	assert.equal((await page.content()).includes('Only for who'), false);
	assert.deepEqual(gallery.faults, []);
});

scene('the only facilitator is told to name another first, and can go then', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const amina = await world.member('Amina');
	await expectPeople(ruth, ['Ruth', 'Amina']);
	await openGoing(ruth, 'Leave this circle');
	await expectText(ruth.page.locator('main'), 'You’re the only facilitator');
	await expectCount(ruth.page.getByRole('button', { name: 'Leave this circle' }), 0, 'ways to leave a circle with nobody to lead it');
	await gallery.show(ruth, 'last-facilitator');
	await ruth.page.getByRole('link', { name: 'Choose somebody' }).tap();
	await ruth.page.getByRole('heading', { name: 'Who is in the circle' }).waitFor();
	await promote(ruth, 'Amina');
	await settled(ruth);
	await openGoing(ruth, 'Leave this circle');
	await leave(ruth, false);
	await ruth.page.getByRole('heading', { name: 'You’ve left this circle' }).waitFor();
	await expectPeople(amina, ['Amina']);
	assert.deepEqual(gallery.faults, []);
});

scene('a blank icon and title are chosen, say nothing, and lose nothing', async (world) => {
	const gallery = new Gallery();
	const amina = await world.member('Amina');
	const { page, context, proxy } = amina;
	await openTalk(amina);
	await send(amina, OWN);
	await settled(amina);
	const looks = page.getByLabel('How Kith looks on this phone');
	const outside = async () => {
		const session = await context.newCDPSession(page);
		const manifest = await session.send('Page.getAppManifest');
		const icons = await page.locator('link[rel$="icon"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
		return { manifest, icons, title: await page.title() };
	};
	await goTo(amina, 'Settings');
	assert.match((await outside()).manifest.data ?? '', /Kith/);
	await looks.selectOption('A blank sheet, called “Notes”');
	await until('the title says nothing', async () => (await page.title()) === 'Notes');
	await looks.waitFor();
	assert.equal(await page.title(), 'Notes');
	await looks.scrollIntoViewIfNeeded();
	await gallery.show(amina, 'icon');
	const { manifest, icons } = await outside();
	assert.deepEqual(manifest.errors, []);
	assert.doesNotMatch(manifest.data ?? '', /kith|circle/i);
	const said = JSON.parse(manifest.data ?? '{}');
	assert.equal(said.name, 'Notes');
	for (const src of [...icons, ...said.icons.map((/** @type {{ src: string }} */ { src }) => src)]) {
		assert.match(src, /plain/);
		const icon = await page.request.get(new URL(src, proxy.origin).href);
		assert.deepEqual([icon.status(), /^image\//.test(icon.headers()['content-type'] ?? '')], [200, true], src);
	}
	for (const place of /** @type {const} */ (['Circle', 'Sessions', 'Talk', 'Settings'])) {
		await goTo(amina, place);
		assert.equal(await page.title(), 'Notes', place);
	}

	// A start with no network looks the same, and has all that was there.
	await amina.turnOff();
	await amina.turnOn();
	await amina.loseNetwork();
	await amina.open();
	await openTalk(amina);
	await message(amina, OWN).waitFor();
	assert.equal(await amina.page.title(), 'Notes');
	await goTo(amina, 'Settings');
	await amina.page.getByLabel('How Kith looks on this phone').selectOption('Kith, with its own icon');
	await until('the title is its own again', async () => (await amina.page.title()).includes('Kith'));
	await openTalk(amina);
	await message(amina, OWN).waitFor();
	assert.deepEqual(gallery.faults, []);
});
