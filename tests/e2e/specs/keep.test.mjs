// @ts-check
/** What one takes on, on real phones: alone and with a partner, with no network from a cold start, seen by nobody else. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { kept, noteOutcome, openKeep, takeOn, waits } from '../harness/life.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

scene('something is taken on alone and with a partner with no network; both note how it goes, and nobody else sees it', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	await expectPeople(ana, ['Ruth', 'Ana', 'Kofi']);
	await expectPeople(kofi, ['Ruth', 'Ana', 'Kofi']);
	await ana.loseNetwork();
	await openKeep(ana);
	await gallery.show(ana, 'keep-empty');
	await takeOn(ana, 'Eat something at noon');
	await takeOn(ana, 'Walk to the river before work', 'Kofi');
	await noteOutcome(ana, 'Eat something at noon', 'Not this time');
	await noteOutcome(ana, 'Walk to the river before work', 'Tried');
	await gallery.show(ana, 'keep-list');

	// The phone is turned off and on, with no network: all of it is there.
	await ana.turnOff();
	await ana.turnOn();
	await ana.open();
	await openKeep(ana);
	await expectText(kept(ana.page, 'Walk to the river'), /Kofi has been asked.*You and Kofi can see this.*Noted for today: Tried/s);
	await ana.page.getByRole('link', { name: 'Take something on' }).tap();
	await ana.page.getByRole('textbox', { name: 'What will you do?' }).fill('Half a th');
	await gallery.show(ana, 'keep-new');
	await ana.findNetwork();
	await settled(ana);

	await goTo(kofi, 'Circle');
	await expectText(waits(kofi), /Ana asks whether you are in:.*Walk to the river/s);
	await gallery.show(kofi, 'keep-waits');
	await waits(kofi).getByRole('link', { name: 'Walk to the river' }).first().tap();
	await gallery.show(kofi, 'keep-asked');
	await kofi.page.getByRole('button', { name: 'I am in' }).tap();
	await kofi.page.getByRole('button', { name: 'Done', exact: true }).tap();
	await kofi.page.getByLabel('A few words, if you like').fill('There was a kingfisher.');
	await kofi.page.getByRole('button', { name: 'Note it' }).tap();
	await kofi.page.locator('[data-attempt]').filter({ hasText: 'There was a kingfisher.' }).waitFor();
	await gallery.show(kofi, 'keep-one');
	await settled(kofi);

	await goTo(ana, 'Circle');
	await expectText(waits(ana), /Kofi left something for you to see/);
	await waits(ana).getByRole('link', { name: 'Kofi left something' }).tap();
	await expectText(ana.page.locator('main'), /Kofi: Done.*There was a kingfisher/s);
	await openKeep(ana);
	await ana.page.getByRole('link', { name: 'All that I tried' }).tap();
	await expectCount(ana.page.locator('[data-attempt]'), 3, 'attempts of both');
	await gallery.show(ana, 'keep-timeline');
	const own = ana.page.locator('[data-attempt]').filter({ hasText: 'You: Tried' });
	await own.getByRole('button', { name: 'Take back' }).tap();
	await own.getByRole('button', { name: 'Take it back for good' }).tap();
	await expectCount(ana.page.locator('[data-attempt]'), 2, 'attempts after one was taken back');
	await settled(ana);
	await openKeep(kofi);
	await kofi.page.getByRole('link', { name: 'All that I tried' }).tap();
	await expectCount(kofi.page.locator('[data-attempt]'), 1, 'what Ana took back, at Kofi');

	// Ruth leads, and has none of it.
	await openKeep(ruth);
	await expectText(ruth.page.locator('main'), 'Nothing yet.');
	await expectCount(ruth.page.locator('[data-kept]'), 0, 'what two took on, at a third');
	assert.deepEqual(gallery.faults, []);
});

scene('what was said in a session becomes one’s own, and what is done with can be taken up again', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana', 'facilitator');
	await goTo(ana, 'Circle');
	await ana.page.getByRole('button', { name: 'Start today’s note' }).tap();
	const { page } = ana;
	await page.locator('summary').filter({ hasText: 'What we said we would do' }).tap();
	await page.locator('details[open]').getByRole('button', { name: 'Add', exact: true }).tap();
	await page.locator('details[open] select').selectOption({ label: 'Ana' });
	await page.getByLabel('What they will do').or(page.locator('details[open] form input').first()).first().fill('Write to my brother');
	await page.locator('details[open] form').getByRole('button', { name: 'Add', exact: true }).tap();
	await page.getByRole('link', { name: 'I take this on' }).tap();
	await expectText(page.locator('main'), 'From the session of');
	await page.getByRole('button', { name: 'I take it on' }).tap();
	await kept(page, 'Write to my brother').getByRole('link').tap();
	await page.getByRole('button', { name: 'This one is done with' }).tap();
	await page.getByRole('button', { name: 'Yes, it is done with' }).tap();
	await page.getByText('You were done with it').waitFor();
	await gallery.show(ana, 'keep-over');
	await page.getByRole('button', { name: 'Take it up again' }).tap();
	await page.getByRole('button', { name: 'Note it' }).waitFor();
	assert.deepEqual(gallery.faults, []);
});
