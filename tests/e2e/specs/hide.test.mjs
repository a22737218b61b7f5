// @ts-check
/** What a facilitator hides of what was said: with no network, on real phones, and shown again. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, message, openTalk, send, takeBack } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const RASH = 'You are all liars.';

/** The bubble at a place in the conversation, counted from its end. @param {Phone} phone @param {number} fromEnd */
function fromEnd({ page }, fromEnd) {
	return page.locator('li.message').nth(-1 - fromEnd);
}

/** Opens what can be done with a message, and does it. @param {import('playwright-core').Locator} bubble @param {string} what */
async function act(bubble, what) {
	await bubble.locator('.more').tap();
	await bubble.getByRole('button', { name: what }).tap();
}

scene('a facilitator hides a word with no network, all see by whom, its author reads it, and it is shown again', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	for (const phone of [ruth, ana, kofi]) {
		await expectPeople(phone, ['Ruth', 'Ana', 'Kofi']);
		await openTalk(phone);
	}
	await send(ana, 'Good morning.');
	await message(kofi, 'Good morning.').waitFor();
	await send(kofi, RASH);
	for (const phone of [ruth, ana]) await message(phone, RASH).waitFor();

	await ana.page.locator('li.message').last().locator('.more').tap();
	await expectCount(ana.page.getByRole('button', { name: 'Hide from the others' }), 0, 'ways to hide at a member’s');

	await ruth.loseNetwork();
	await act(fromEnd(ruth, 0), 'Hide from the others');
	await expectText(fromEnd(ruth, 0), 'Hidden by Ruth');
	await expectCount(ruth.page.getByText(RASH), 0, 'hidden words before they are looked at');
	await gallery.show(ruth, 'hidden-by-me');
	await ruth.findNetwork();

	await expectText(fromEnd(ana, 0), 'Hidden by Ruth');
	await expectCount(ana.page.getByText(RASH), 0, 'hidden words at a third');
	await expectCount(ana.page.getByRole('button', { name: 'Reply', exact: true }), 0, 'what was open to be done with it');
	await gallery.show(ana, 'hidden-for-all');
	await goTo(ana, 'Talk');
	await expectText(ana.page.locator('a.item').first(), /Good morning/);
	await expectText(fromEnd(kofi, 0), /Hidden by Ruth.*Only you and the facilitators can read it.*You are all liars/s);
	await gallery.show(kofi, 'hidden-mine');

	await fromEnd(ruth, 0).getByRole('button', { name: 'Look at it' }).tap();
	await expectText(fromEnd(ruth, 0), RASH);
	await gallery.show(ruth, 'hidden-looked-at');
	await act(fromEnd(ruth, 0), 'Show to all again');
	await openTalk(ana);
	await expectText(fromEnd(ana, 0), RASH);

	// What is hidden is its author's to take back all the same.
	await act(fromEnd(ruth, 0), 'Hide from the others');
	await expectText(fromEnd(kofi, 0), 'Hidden by Ruth');
	await takeBack(kofi, RASH);
	for (const phone of [ruth, ana]) {
		await expectText(fromEnd(phone, 0), 'Taken back.');
		await expectCount(phone.page.getByText('Hidden by Ruth'), 0, 'what is hidden of what is gone');
	}
	assert.deepEqual(gallery.faults, []);
});
