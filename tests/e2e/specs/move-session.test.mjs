// @ts-check
/** A session on a wrong date: moved to another day, by two people at once too; an empty one is deleted. */
import assert from 'node:assert/strict';
import { goTo, noteChip, openTodaysNote, setTitle, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const FOLD = 'Another day, or delete';

/** @param {Phone} phone */
async function openMove({ page }) {
	const fold = page.locator('details', { hasText: FOLD });
	await fold.waitFor();
	if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
	await page.getByLabel('Which day was it?').waitFor();
	return fold;
}

/** @param {Phone} phone @param {string} day as a date field has it */
async function moveTo(phone, day) {
	const fold = await openMove(phone);
	await phone.page.getByLabel('Which day was it?').fill(day);
	await fold.getByRole('button', { name: 'Move it there' }).click();
	await expectText(fold.getByRole('status'), 'Moved to');
	await until('it is kept', async () => (await noteChip(phone).getAttribute('data-safety')) !== 'saving');
}

/** The lines of the list of sessions. @param {Phone} phone */
function lines({ page }) {
	return page.locator('main ul a').allInnerTexts();
}

scene('a session is moved to another day, and of two days at once a person chooses', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ben = await world.member('Ben');
	const { page } = ruth;
	await openTodaysNote(ruth);
	await setTitle(ruth, 'After the flood');
	const fold = await openMove(ruth);
	await expectText(fold, 'A session with something in it can be moved, not deleted.');
	await expectCount(fold.getByRole('button', { name: 'Delete this session' }), 0, 'ways to delete what has words');
	await fold.scrollIntoViewIfNeeded();
	await gallery.show(ruth, 'move-session');
	// A day that can't be: said kindly, and nothing moves.
	await page.getByLabel('Which day was it?').fill('0026-03-04');
	await fold.getByRole('button', { name: 'Move it there' }).click();
	await expectText(fold.getByRole('alert'), 'between 2000 and 2199');
	await gallery.show(ruth, 'move-session-no-day');
	await moveTo(ruth, '2026-03-04');
	await expectText(page.getByRole('heading', { level: 1 }), '4 Mar');
	await gallery.show(ruth, 'move-session-moved');
	await goTo(ruth, 'Sessions');
	await until('the list has it in March', async () => (await lines(ruth)).some((line) => line.includes('After the flood')));
	await page.getByRole('heading', { level: 2, name: 'March 2026' }).waitFor();
	await settled(ruth);
	await goTo(ben, 'Sessions');
	await ben.page.getByRole('heading', { level: 2, name: 'March 2026' }).waitFor();

	// Both move it with no network.
	for (const phone of [ruth, ben]) {
		await goTo(phone, 'Sessions');
		await phone.page.getByRole('link', { name: /After the flood/ }).click();
		await openMove(phone);
	}
	for (const phone of [ruth, ben]) await phone.loseNetwork();
	await moveTo(ruth, '2026-03-05');
	await moveTo(ben, '2026-03-06');
	for (const phone of [ruth, ben]) await phone.findNetwork();
	for (const phone of [ruth, ben]) {
		await phone.page.getByRole('button', { name: /5 March.* by Ruth/ }).waitFor();
		await phone.page.getByRole('button', { name: /6 March.* by Ben/ }).waitFor();
	}
	await page.getByRole('button', { name: /6 March.* by Ben/ }).scrollIntoViewIfNeeded();
	await gallery.show(ruth, 'move-session-two-days');
	await page.getByRole('button', { name: /6 March.* by Ben/ }).click();
	for (const phone of [ruth, ben]) {
		await expectText(phone.page.getByRole('heading', { level: 1 }), '6 Mar');
		await expectCount(phone.page.getByRole('button', { name: /5 March.* by Ruth/ }), 0, 'days to choose');
		assert.equal(await phone.page.getByLabel('Which day was it?').inputValue(), '2026-03-06', 'the field follows');
	}
	assert.deepEqual(gallery.faults, []);
});

scene('an empty session is deleted, for everyone, and one that somebody wrote in is not', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ben = await world.member('Ben');
	const { page } = ruth;
	await openTodaysNote(ruth);
	await settled(ruth);
	await goTo(ben, 'Sessions');
	await until('Ben has it', async () => (await lines(ben)).length === 1);
	await openTodaysNote(ruth);
	const fold = await openMove(ruth);
	await fold.scrollIntoViewIfNeeded();
	await gallery.show(ruth, 'delete-session');
	await setTitle(ruth, 'Not empty');
	await expectCount(fold.getByRole('button', { name: 'Delete this session' }), 0, 'ways to delete what has words');
	await setTitle(ruth, '');
	await fold.getByRole('button', { name: 'Delete this session' }).click();
	await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
	await expectCount(page.locator('main ul a'), 0, 'sessions');
	await gallery.show(ruth, 'sessions-none');
	await until('it is gone for Ben', async () => (await lines(ben)).length === 0);
	assert.deepEqual(gallery.faults, []);
});
