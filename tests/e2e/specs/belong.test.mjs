// @ts-check
/** What holds a circle together, on real phones: its agreement, who does what, stories and milestones. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** From the circle's screen, one tap. @param {Phone} phone @param {string} title */
async function open(phone, title) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: title, exact: true }).tap();
	await phone.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** A draft is kept after a pause in typing; this is longer. */
const DRAFT_MS = 1_000;
const TOGETHER = 'How we are together';
const STORIES = 'Stories and milestones';

/** @param {Phone} phone @param {string} text */
async function addLine({ page }, text) {
	await page.getByRole('button', { name: 'Add a line' }).tap();
	await page.getByLabel('A line, in plain words').fill(text);
	await page.getByRole('button', { name: 'Save', exact: true }).tap();
	await page.locator('li[data-line]').filter({ hasText: text }).waitFor();
}

scene('an agreement is written, met once, agreed to by name, and a change asks again', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await open(ana, TOGETHER);
	await expectText(ana.page.locator('main'), /Nothing is written down yet/);
	await gallery.show(ana, 'together-none');
	// Where it comes while somebody looks, they have met it.
	await goTo(ana, 'Circle');

	await open(ruth, TOGETHER);
	await ruth.loseNetwork();
	await ruth.page.getByText('Lines you can take').tap();
	await gallery.show(ruth, 'agreement-lines-to-take');
	await ruth.page.getByRole('button', { name: 'Take “We listen before we advise.”' }).tap();
	// What was begun outlives the page, and nothing was taken by itself.
	await ruth.page.waitForTimeout(DRAFT_MS);
	await ruth.page.reload();
	const field = ruth.page.getByLabel('A line, in plain words');
	await until('it stands there again', async () => (await field.inputValue()) === 'We listen before we advise.');
	await expectCount(ruth.page.locator('li[data-line]'), 0, 'lines');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await ruth.page.locator('li[data-line]').filter({ hasText: 'We listen' }).waitFor();
	await addLine(ruth, 'Anyone may pass.');
	await ruth.page.getByRole('button', { name: 'Keeps time', exact: true }).tap();
	await ruth.page.getByLabel('Who does it').selectOption({ label: 'Ana' });
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await expectText(ruth.page.locator('li[data-role]'), /Keeps time.*Ana/);
	await ruth.page.locator('section', { hasText: 'How we begin and end' }).getByRole('button', { name: 'Change', exact: true }).tap();
	await ruth.page.getByRole('textbox', { name: 'How we begin' }).fill('One breath, then a word each.');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await expectText(ruth.page.locator('main'), /One breath, then a word each/);
	await gallery.show(ruth, 'together-of-a-facilitator');
	await ruth.findNetwork();
	await settled(ruth);

	await goTo(ana, 'Circle');
	const card = ana.page.locator('[data-meet]');
	await card.waitFor();
	await expectText(card, 'everything works without it');
	await gallery.show(ana, 'agreement-met');
	await card.getByRole('button', { name: 'Later' }).tap();
	await expectCount(card, 0, 'cards');
	await ana.page.reload();
	await ana.page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await expectCount(card, 0, 'cards after it was put off');
	await open(ana, TOGETHER);
	await expectText(ana.page.locator('main'), /You can read and write here without agreeing/);
	await expectCount(ana.page.getByRole('button', { name: 'Change' }), 0, 'ways for a member to change it');
	await ana.loseNetwork();
	await ana.page.getByRole('button', { name: 'I agree to this' }).tap();
	await expectText(ana.page.locator('[data-agreed]'), /Agreed to these words: .*Ana/);
	await gallery.show(ana, 'agreement-agreed');
	await ana.findNetwork();
	await settled(ana);

	await open(ruth, TOGETHER);
	await expectText(ruth.page.locator('[data-agreed]'), 'Ana');
	await ruth.page.locator('li[data-line]').filter({ hasText: 'pass' }).getByRole('button').tap();
	await ruth.page.getByLabel('A line, in plain words').fill('Anyone may pass, at any time.');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await expectText(ruth.page.locator('[data-agreed]'), 'Nobody has agreed');
	await settled(ruth);
	await goTo(ana, 'Circle');
	await expectText(ana.page.locator('[data-meet]'), 'has changed since you agreed');
	await open(ana, TOGETHER);
	const changed = ana.page.locator('[data-changed]');
	await changed.waitFor();
	await expectText(changed, /Before: .*Anyone may pass\..*Now: .*Anyone may pass, at any time\./);
	await gallery.show(ana, 'agreement-changed');
	await ana.page.getByRole('button', { name: 'I agree to this' }).tap();
	await expectText(ana.page.locator('[data-agreed]'), 'Ana');
	assert.deepEqual(gallery.faults, []);
});

scene('a story says who sees it and until when, before and after, and its author ends it for good', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
	await expectPeople(ana, ['Ruth', 'Ana', 'Kofi']);
	await open(ana, STORIES);
	await expectText(ana.page.locator('main'), /No stories yet. Tell one in your own words/);
	await gallery.show(ana, 'stories-none');
	await ana.page.getByRole('link', { name: 'Tell a story' }).tap();
	await ana.loseNetwork();
	await ana.page.getByLabel('What it is called').fill('The heron');
	await ana.page.getByLabel('Your story').fill('I went back to the river, and it was there.');
	await expectText(ana.page.locator('[data-will]'), 'Everyone who is in the circle');
	await ana.page.getByRole('radio', { name: 'People I choose' }).check();
	await ana.page.getByRole('button', { name: 'Share it' }).tap();
	await expectText(ana.page.locator('main'), 'Choose at least one person');
	await ana.page.getByRole('checkbox', { name: 'Kofi' }).check();
	await expectText(ana.page.locator('[data-will]'), /These people will see it: .*Kofi.*Nobody else/);
	await ana.page.getByRole('radio', { name: 'Until a day I choose' }).check();
	await ana.page.getByLabel('The last day').fill('2020-01-01');
	await ana.page.getByRole('button', { name: 'Share it' }).tap();
	await expectText(ana.page.locator('main'), 'That day is over');
	await gallery.show(ana, 'story-refused');
	await ana.page.getByRole('radio', { name: 'Until I end it' }).check();
	await ana.page.getByRole('button', { name: 'Share it' }).tap();
	const hers = ana.page.locator('[data-story]').filter({ hasText: 'The heron' });
	await expectText(hers.locator('[data-sees]'), /Only these people see this: .*Kofi.*It stays until you end it/);
	await gallery.show(ana, 'stories-of-ones-own');
	await ana.findNetwork();
	await settled(ana);

	await open(kofi, STORIES);
	const his = kofi.page.locator('[data-story]').filter({ hasText: 'The heron' });
	await his.waitFor();
	await expectText(his.locator('[data-sees]'), /Ana.* chose who sees this. You are one of them/);
	await his.getByRole('button').first().tap();
	await gallery.show(kofi, 'story-of-another');
	await open(ruth, STORIES);
	await expectText(ruth.page.locator('main'), 'No stories yet');

	await open(ana, STORIES);
	await ana.page.getByRole('link', { name: 'Mark a milestone' }).tap();
	await ana.page.getByLabel('What you want to mark').fill('I called my sister first.');
	await expectText(ana.page.locator('[data-will]'), 'Nobody else will see it');
	await gallery.show(ana, 'milestone');
	await ana.page.getByRole('radio', { name: 'Everyone in the circle' }).check();
	await ana.page.getByRole('button', { name: 'Share it' }).tap();
	await ana.page.locator('[data-story]').filter({ hasText: 'I called my sister' }).waitFor();
	await settled(ana);
	await ruth.page.locator('[data-story]').filter({ hasText: 'I called my sister' }).waitFor();

	await open(ana, STORIES);
	await hers.getByRole('button', { name: 'End it', exact: true }).tap();
	await hers.getByRole('button', { name: 'End it for everyone, for good' }).tap();
	await expectCount(hers, 0, 'stories that were ended');
	await settled(ana);
	await until('it is gone there too', async () => (await his.count()) === 0);
	assert.deepEqual(gallery.faults, []);
});
