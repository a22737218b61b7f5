// @ts-check
/** What helps: strategies that people write down for each other, with no network, on real phones. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled, takeOut } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { openToolkit, shareStrategy, strategy, writeStrategy } from '../harness/life.mjs';
import { expectCount, expectSafety, expectText, watchChip, expectInOrder } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const RADIO = 'Radio, low, all night';

/** @param {Phone} phone @param {string} title */
async function openStrategy(phone, title) {
	await strategy(phone, title).tap();
	await phone.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

scene('what helps one is written with no network, reaches everyone, and is adapted by two at once', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openToolkit(ana);
	await gallery.show(ana, 'toolkit-empty');
	await ana.loseNetwork();
	await writeStrategy(ana, { title: RADIO, text: 'Voices in another language.\nI turn it on before I lie down.', moments: ['Can’t sleep'], word: 'Rain on the roof' });
	await expectSafety(ana.page.locator('[data-safety]'), 'On this phone');
	const said = await watchChip(ana.page, { inside: 'article' });
	await ana.findNetwork();
	await expectSafety(ana.page.locator('[data-safety]'), 'Safe on the server');
	await expectInOrder(said, ['On this phone', 'Safe on the server']);
	await gallery.show(ana, 'strategy-mine');

	await openToolkit(ruth);
	await expectText(strategy(ruth, RADIO), /Voices in another language.*Can’t sleep and .*Rain on the roof.*Ana/);
	for (const [phone, title] of /** @type {const} */ ([[ruth, 'Radio, one hour'], [ana, 'Radio and tea']])) {
		await openToolkit(phone);
		await openStrategy(phone, RADIO);
		await phone.loseNetwork();
		await phone.page.getByRole('link', { name: 'Write my own version' }).tap();
		const field = phone.page.getByLabel('What do you do?');
		await until('its words stand in the form', async () => (await field.inputValue()) === 'Voices in another language.\nI turn it on before I lie down.');
		await until('its moments stand in the form', async () => (await phone.page.getByRole('button', { name: 'Can’t sleep' }).getAttribute('aria-pressed')) === 'true');
		await shareStrategy(phone, { title, text: `${title}: that is all.` });
		await expectText(phone.page.locator('article'), `Adapted from “${RADIO}”, by Ana`);
	}
	for (const phone of [ruth, ana]) await phone.findNetwork();
	for (const phone of [ruth, ana]) {
		await openToolkit(phone);
		for (const title of ['Radio, one hour', 'Radio and tea', RADIO]) await expectCount(strategy(phone, title), 1, title);
	}
	await openStrategy(ruth, RADIO);
	await expectCount(ruth.page.getByRole('heading', { name: 'Other versions' }), 1, 'lists of versions');
	await expectCount(strategy(ruth, 'Radio and tea'), 1, 'versions by Ana');
	await gallery.show(ruth, 'strategy-versions');
	assert.deepEqual(gallery.faults, []);
});

scene('what helps is found by words and moments, says whom it helped by name, and is taken back for all', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await writeStrategy(ruth, { title: 'Five things I can see', text: 'I stop where I am, and say them aloud.', moments: ['Panic', 'Flashback'] });
	await writeStrategy(ruth, { title: 'Call before, not after', text: 'Two minutes with a friend.', moments: ['Before a hard talk'] });
	await writeStrategy(ana, { title: RADIO, text: 'Voices in another language.', moments: ['Can’t sleep'] });
	await settled(ruth);
	await settled(ana);
	await openToolkit(ana);
	await expectCount(strategy(ana, ''), 3, 'strategies');
	await ana.loseNetwork();
	const { page } = ana;
	await page.getByRole('button', { name: 'Panic', exact: true }).tap();
	await expectCount(strategy(ana, ''), 1, 'strategies for panic');
	await gallery.show(ana, 'toolkit-panic');
	await page.getByRole('button', { name: 'All', exact: true }).tap();
	await page.getByRole('searchbox').fill('FRIEND minutes');
	await expectCount(strategy(ana, ''), 1, 'strategies with a friend');
	await page.getByRole('searchbox').fill('no such thing');
	await page.getByText('Nothing here matches').waitFor();
	await page.getByRole('searchbox').fill('');
	await openStrategy(ana, 'Five things I can see');
	await page.getByRole('button', { name: 'This helped me' }).tap();
	await page.getByRole('button', { name: 'It helped me' }).waitFor();
	await gallery.show(ana, 'strategy-helped');
	await ana.findNetwork();
	await openToolkit(ana);
	await expectText(strategy(ana, 'Five things I can see'), 'Helped you');
	await settled(ana);
	await openToolkit(ruth);
	await openStrategy(ruth, 'Five things I can see');
	await expectText(ruth.page.locator('main'), /Helped .*Ana/);
	await openToolkit(ana);
	await openStrategy(ana, 'Five things I can see');
	await page.getByRole('button', { name: 'It helped me' }).tap();
	await page.getByRole('button', { name: 'This helped me' }).waitFor();
	await until('it is taken back there too', async () => !(await ruth.page.locator('main').innerText()).includes('Helped'));

	await ruth.page.getByRole('button', { name: 'Take this back' }).tap();
	await ruth.page.getByRole('button', { name: 'Yes, take it back' }).tap();
	await ruth.page.getByRole('heading', { level: 1, name: 'What helps' }).waitFor();
	await expectCount(strategy(ruth, 'Five things'), 0, 'strategies that were taken back');
	await expectText(page.locator('main'), 'This was taken back.');
	await expectCount(page.getByText('say them aloud'), 0, 'its words');
	assert.deepEqual(gallery.faults, []);
});

scene('what was begun stays, what can’t be taken is said beside it, and whoever is out reads on', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const kofi = await world.member('Kofi');
	await expectPeople(ruth, ['Ruth', 'Kofi']);
	await writeStrategy(ruth, { title: RADIO, text: 'Voices in another language.' });
	await openToolkit(kofi);
	const { page } = kofi;
	await page.getByRole('link', { name: 'Write down what helps you' }).tap();
	await page.getByLabel('What do you do?').fill('Out of the door, and on.');
	await page.getByRole('button', { name: 'Anger', exact: true }).tap();
	await page.getByLabel('Another moment, in your words').fill('m'.repeat(41));
	await page.getByRole('button', { name: 'Share it with the circle' }).tap();
	await expectText(page.locator('form'), 'one character too many');
	await page.getByLabel('Another moment, in your words').fill('');
	await page.getByRole('button', { name: 'Share it with the circle' }).tap();
	await until('the name is missing', async () => (await page.getByLabel('What do you call it?').getAttribute('aria-invalid')) === 'true');
	await gallery.show(kofi, 'strategy-form');
	await page.reload();
	await until('what was begun is there', async () => (await page.getByLabel('What do you do?').inputValue()) === 'Out of the door, and on.');
	assert.equal(await page.getByRole('button', { name: 'Anger', exact: true }).getAttribute('aria-pressed'), 'true');
	await page.getByLabel('What do you call it?').fill('Walk');
	await page.getByRole('button', { name: 'Share it with the circle' }).tap();
	await page.getByRole('heading', { level: 1, name: 'Walk' }).waitFor();
	await settled(kofi);
	await takeOut(ruth, 'Kofi');
	await settled(ruth);
	// The phone hears of it when it next asks.
	await goTo(kofi, 'Saved');
	await page.getByRole('button', { name: 'Send now' }).or(page.locator('[data-out]')).first().tap().catch(() => {});
	await page.locator('[data-out]').waitFor();
	await openToolkit(kofi);
	await page.locator('[data-out]').waitFor();
	await expectCount(page.getByRole('link', { name: 'Write down what helps you' }), 0, 'ways to write');
	await gallery.show(kofi, 'out-toolkit');
	await openStrategy(kofi, RADIO);
	await expectCount(page.getByRole('button', { name: /helped me/ }), 0, 'things to say of it');
	assert.deepEqual(gallery.faults, []);
});
