// @ts-check
/** Words between two, on real phones: written with no network, read by the two alone, ended by whoever wishes it. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** Coming back opens it by itself, maybe just before the tap that then closes it. @param {Phone} phone @param {import('playwright-core').Locator} link */
async function unfoldTo({ page }, link) {
	const fold = page.locator('details', { hasText: 'Write to one person' });
	await until('it is unfolded', async () => {
		if ((await fold.getAttribute('open')) === null) await fold.locator('summary').tap();
		return link.isVisible();
	});
}

/** Unfolds whom one can write to, and takes one of them. @param {Phone} phone @param {string} name */
async function writeTo(phone, name) {
	await goTo(phone, 'Talk');
	const { page } = phone;
	const link = page.getByRole('link', { name, exact: true });
	await unfoldTo(phone, link);
	await link.tap();
	await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** @param {Phone} phone @param {string} text */
async function say({ page }, text) {
	await page.getByRole('textbox', { name: 'Write to' }).fill(text);
	await page.getByRole('button', { name: 'Send' }).tap();
	await page.locator('[data-key]').filter({ hasText: text }).waitFor();
}

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
	await say(ana, 'The light was on all night again.');
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
	await say(kofi, 'Come by, there is always a chair.');
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
	await say(ana, 'Are you there?');
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
