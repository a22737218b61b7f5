// @ts-check
/** A plan for hard moments: written, read, kept on two phones, with no network, on real phones. */
import assert from 'node:assert/strict';
import { goTo, setPin, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { addPhone, keepOpen, line, openPart, openPlan, TITLE, writeLine } from '../harness/plan.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** What is typed is kept after a pause, within a second: a page that goes before has none of it. */
const KEPT_WITHIN_MS = 1_000;

const SIGNS = 'How I notice it starting';
const ASK = 'People I can ask for help';

scene('a plan is written with no network, a line at a time, and read in six parts', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana');
	await settled(ana);
	await ana.loseNetwork();
	await openPlan(ana);
	const { page } = ana;
	await expectText(page.locator('main'), 'If it’s bad right now, call somebody.');
	await gallery.show(ana, 'plan-empty');
	await page.getByRole('link', { name: 'Write my plan' }).tap();
	await page.getByRole('heading', { level: 1, name: SIGNS }).waitFor();
	await gallery.show(ana, 'plan-part-empty');
	await page.getByRole('button', { name: 'I stop answering people.' }).tap();
	const field = page.getByLabel('In your own words');
	assert.equal(await field.inputValue(), 'I stop answering people.');
	await field.fill('I stop answering, even my sister.');
	await page.getByRole('button', { name: 'Add it' }).tap();
	await line(ana, 'even my sister').waitFor();
	await expectText(page.getByRole('status').filter({ hasText: 'plan' }), 'It’s in your plan.');
	await expectSafety(line(ana, 'even my sister').locator('[data-safety]'), 'On this phone');

	await openPart(ana, ASK);
	await page.getByLabel('In your own words').fill('Achieng, at any hour');
	await page.getByLabel('Number to call, if there is one').fill('my sister');
	await page.getByRole('button', { name: 'Add it' }).tap();
	await expectText(page.locator('form'), 'A number has digits');
	await gallery.show(ana, 'plan-part-wrong');
	await page.getByLabel('Number to call, if there is one').fill('+1 202 555 0134');
	await page.waitForTimeout(KEPT_WITHIN_MS);
	await page.reload();
	await until('what was begun is there', async () => (await page.getByLabel('In your own words').inputValue()) === 'Achieng, at any hour');
	await page.getByRole('button', { name: 'Add it' }).tap();
	await line(ana, 'Achieng').waitFor();
	await gallery.show(ana, 'plan-part');

	await line(ana, 'Achieng').getByRole('button', { name: /^Change/ }).tap();
	await page.locator('li').getByLabel('In your own words').fill('My sister Achieng, at any hour');
	await page.waitForTimeout(KEPT_WITHIN_MS);
	await page.reload();
	await until('what was changed is still being changed', async () => (await page.locator('li').getByLabel('In your own words').inputValue()) === 'My sister Achieng, at any hour');
	await page.getByRole('button', { name: 'Save the change' }).tap();
	await line(ana, 'My sister Achieng').waitFor();
	await expectCount(page.locator('li[data-key]'), 1, 'lines');
	await writeLine(ana, ASK, 'Nobody');
	await line(ana, 'Nobody').getByRole('button', { name: /^Remove/ }).tap();
	await gallery.show(ana, 'plan-removing');
	await page.getByRole('button', { name: 'Yes, remove it' }).tap();
	await expectCount(line(ana, 'Nobody'), 0, 'removed lines');

	await ana.turnOff();
	await ana.turnOn();
	await ana.open('/');
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor().catch(() => {});
	await openPlan(ana);
	const main = ana.page.locator('main');
	await expectText(main, /How I notice it starting.*even my sister.*People I can ask.*My sister Achieng, at any hour/);
	await expectCount(ana.page.getByText('What I can do on my own'), 0, 'parts with nothing in them');
	const call = ana.page.getByRole('link', { name: /Call/ });
	assert.equal(await call.getAttribute('href'), 'tel:+12025550134');
	assert.equal(await ana.page.getByRole('link', { name: /^Text/ }).getAttribute('href'), 'sms:+12025550134');
	await gallery.show(ana, 'plan');
	await ana.page.getByRole('link', { name: 'Change my plan' }).tap();
	await gallery.show(ana, 'plan-parts');
	await ana.findNetwork();
	await settled(ana);
	assert.deepEqual(gallery.faults, []);
});

scene('a plan is on both phones of its person; what both changed stands twice until one is chosen, and nobody else has it', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await writeLine(ana, ASK, 'My sister');
	await settled(ana);
	const other = await world.phone('Ana-two');
	await addPhone(ana, other);
	await openPart(other, ASK);
	await line(other, 'My sister').waitFor();
	for (const phone of [ana, other]) await phone.loseNetwork();
	for (const [phone, text] of /** @type {const} */ ([[ana, 'My sister Achieng'], [other, 'My sister, after six']])) {
		await openPart(phone, ASK);
		await line(phone, 'My sister').getByRole('button', { name: /^Change/ }).tap();
		await phone.page.locator('li').getByLabel('In your own words').fill(text);
		await phone.page.getByRole('button', { name: 'Save the change' }).tap();
		await line(phone, text).waitFor();
	}
	for (const phone of [ana, other]) await phone.findNetwork();
	for (const phone of [ana, other]) await settled(phone);
	for (const phone of [ana, other]) {
		await openPart(phone, ASK);
		await expectCount(phone.page.locator('li[data-key]'), 2, 'versions');
		await phone.page.locator('[data-versions]').waitFor();
	}
	await gallery.show(ana, 'plan-versions');
	await line(ana, 'My sister, after six').getByRole('button', { name: 'Keep only this one' }).tap();
	await expectCount(ana.page.locator('li[data-key]'), 1, 'lines');
	await settled(ana);
	await openPart(other, ASK);
	await expectCount(other.page.locator('li[data-key]'), 1, 'lines');
	await expectText(other.page.locator('li[data-key]'), 'My sister, after six');

	await openPlan(ruth);
	await expectCount(ruth.page.getByText('My sister'), 0, 'lines of another');
	await ruth.page.getByRole('link', { name: 'Write my plan' }).waitFor();
	assert.deepEqual(gallery.faults, []);
});

scene('the ways to the plan: from the circle, the toolkit and the settings; without a PIN it says that it opens anyway', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana');
	const { page } = ana;
	await writeLine(ana, SIGNS, 'Two nights with the light on');
	await goTo(ana, 'Circle');
	await page.getByRole('link', { name: 'What helps' }).tap();
	await page.getByRole('link', { name: TITLE }).tap();
	await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
	await expectText(page.locator('main'), 'Kith has no PIN on this phone');
	await gallery.show(ana, 'plan-no-pin');
	await setPin(ana, '493028', 'Boat');
	await keepOpen(ana);
	await gallery.show(ana, 'plan-open');
	await goTo(ana, 'Settings');
	await expectText(page.locator('[data-open="true"]'), 'opens from the lock screen');
	await page.getByRole('button', { name: 'Close it behind my PIN' }).tap();
	await page.locator('[data-open="false"]').waitFor();
	await page.getByRole('link', { name: 'See my plan' }).tap();
	await page.locator('[data-open="false"]').waitFor();
	assert.deepEqual(gallery.faults, []);
});
