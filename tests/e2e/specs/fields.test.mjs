// @ts-check
/** Fields that say what they take before anything is sent, and screens that begin with what they are for. */
import assert from 'node:assert/strict';
import { goTo, openPeople } from '../harness/acts.mjs';
import { expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

scene('a day of a year that cannot be is answered kindly, and a good one opens the note', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const { page } = ruth;
	await goTo(ruth, 'Sessions');
	await page.getByRole('link', { name: 'New session' }).tap();
	const field = page.getByLabel('Which day?');
	for (const day of ['0026-03-04', '1969-12-31', '12026-03-04']) {
		await field.fill(day);
		await page.getByRole('button', { name: 'Start the note' }).tap();
		await expectText(page.locator('main [role="alert"]'), /between 2000 and 2199/);
		assert.equal(await page.locator('[data-problem]').count(), 0);
	}
	await field.fill('');
	await page.getByRole('button', { name: 'Start the note' }).tap();
	await expectText(page.locator('main [role="alert"]'), 'Please choose a day.');
	await field.fill('2026-03-04');
	await page.getByRole('button', { name: 'Start the note' }).tap();
	await page.getByRole('textbox', { name: 'Notes of the session' }).waitFor();
});

scene('an invitation begins with the code to scan', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const { page } = ruth;
	await openPeople(ruth);
	await page.getByRole('link', { name: 'Invite someone' }).tap();
	await page.getByRole('button', { name: 'Make the invitation' }).tap();
	const code = page.locator('[data-qr] canvas');
	await code.waitFor();
	const box = await code.boundingBox();
	assert.ok(box && box.y > 0 && box.y < 300, `the code begins at ${box?.y}`);
	const link = await page.locator('.link').boundingBox();
	assert.ok(link && box && link.y > box.y + box.height);
});
