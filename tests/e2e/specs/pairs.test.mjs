// @ts-check
/** Words between two, on real phones: written with no network, read by the two alone, ended by whoever wishes it. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { sayTo, unfoldTo, writeTo } from '../harness/life.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** The fold above a conversation. @param {Phone} phone */
async function unfold({ page }) {
	await page.locator('summary').filter({ hasText: 'You and' }).tap();
	await page.getByRole('checkbox', { name: 'My buddy' }).waitFor();
}

scene('two talk alone with no network between, see what was read where both wish it, and one blocks the other', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
	await expectPeople(ana, ['Ruth', 'Ana', 'Kofi']);
	await writeTo(ana, 'Kofi');
	await expectText(ana.page.locator('main'), 'Only you and Kofi can read this.');
	await gallery.show(ana, 'pair-empty');
	await ana.loseNetwork();
	await sayTo(ana, 'The light was on all night again.');
	await ana.findNetwork();
	await settled(ana);

	await goTo(kofi, 'Talk');
	const row = kofi.page.locator('a.item').filter({ hasText: 'The light was on' });
	await expectText(row, /New messages:\s*Ana.*between you two/s);
	await gallery.show(kofi, 'pair-list');
	await row.tap();
	await kofi.page.getByRole('heading', { level: 1, name: 'Ana' }).waitFor();
	await writeTo(ana, 'Kofi');
	for (const phone of [ana, kofi]) {
		await unfold(phone);
		await phone.page.getByRole('checkbox', { name: 'Show each other what was read' }).check();
	}
	await gallery.show(kofi, 'pair-open');
	await sayTo(kofi, 'Come by, there is always a chair.');
	await until('Ana sees that it was read', async () => (await ana.page.locator('[data-key].mine').innerText()).includes('Read'));
	await gallery.show(ana, 'pair-read');

	// Ruth leads, and has none of it.
	await goTo(ruth, 'Talk');
	await expectCount(ruth.page.getByText('The light was on'), 0, 'words between two at a third');
	await expectCount(ruth.page.getByText('between you two'), 0, 'conversations of two at a third');

	await kofi.page.getByRole('button', { name: 'Block' }).tap();
	await kofi.page.getByRole('button', { name: 'Block', exact: true }).tap();
	await expectText(kofi.page.locator('main'), 'You blocked Ana.');
	await expectCount(kofi.page.locator('[data-key]'), 0, 'messages of whom one blocked');
	await gallery.show(kofi, 'pair-blocked');
	await sayTo(ana, 'Are you there?');
	await settled(ana);
	await goTo(kofi, 'Talk');
	await expectCount(kofi.page.locator('a.item').filter({ hasText: 'Are you there?' }), 0, 'rows of whom one blocked');
	const blocked = kofi.page.getByRole('link', { name: /Ana.*blocked/ });
	await unfoldTo(kofi, blocked);
	await blocked.tap();
	await kofi.page.getByRole('button', { name: 'Unblock' }).tap();
	await kofi.page.locator('[data-key]').filter({ hasText: 'Are you there?' }).waitFor();
	assert.deepEqual(gallery.faults, []);
});
