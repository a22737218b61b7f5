// @ts-check
/** Inviting, taking out and taking back, from the phone. */
import assert from 'node:assert/strict';
import {
	bringBack,
	enrol,
	enrolByCode,
	expectPeople,
	invite,
	message,
	openInvitation,
	openPeople,
	openPerson,
	openPhone,
	openTalk,
	promote,
	send,
	settled,
	takeBack,
	takeOut,
} from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** What a page would do with it, were it drawn and not written. */
const HOSTILE = '<img src=x onerror="window.broken=1"><b>Eve</b>';

scene('an invitation made on the phone lets one in by link and another by code', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { link, code } = await invite(ruth, { uses: 2 });
	assert.match(code, /^([0-9A-Z]{4} )+[0-9A-Z]{1,4}$/);
	const ana = await world.phone('Ana');
	await enrol(ana, link);
	const kofi = await world.phone('Kofi');
	await enrolByCode(kofi, code);
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
	await openPeople(ruth);
	await ruth.page.locator('summary', { hasText: 'What happened recently' }).click();
	await ruth.page.getByText('Ana came in, invited by Ruth').waitFor();
});

scene('an invitation that is withdrawn lets nobody in any more, by link or by code', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { link, code } = await invite(ruth, { uses: 5 });
	await enrol(await world.phone('Ana'), link);
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openPeople(ruth);
	const invitation = openInvitation(ruth, 'For 5 people, 1 came in');
	await expectText(invitation, 'made by you');
	await invitation.getByRole('button', { name: 'Withdraw' }).click();
	await ruth.page.getByRole('dialog').getByRole('button', { name: 'Withdraw it' }).click();
	await expectText(ruth.page.getByRole('status').first(), 'That invitation no longer lets anyone in.');
	await expectCount(openInvitation(ruth, 'For 5 people'), 0, 'the withdrawn invitation');
	await settled(ruth);
	const kofi = await world.phone('Kofi');
	await comeInVain(kofi, link);
	await comeInVain(kofi, '/', code);
	await expectPeople(ruth, ['Ruth', 'Ana']);
});

/** @type {(phone: import('../harness/phone.mjs').Phone, address: string, code?: string) => Promise<void>} */
async function comeInVain(phone, address, code) {
	const page = await phone.open(address);
	if (code) {
		await page.getByLabel('Or paste the link here').fill(code);
		await page.getByRole('button', { name: 'Use this link or code' }).click();
	}
	await page.getByLabel('What should people call you?').fill(phone.owner);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.locator('[data-problem]').waitFor();
	await page.goto('about:blank');
}

scene('p18 whoever was taken out is brought back, and reads on', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const kofi = await world.member('Kofi');
	await expectPeople(ruth, ['Ruth', 'Kofi']);
	await takeOut(ruth, 'Kofi');
	await settled(ruth);
	await bringBack(ruth, 'Kofi');
	await settled(ruth);
	await expectCount(ruth.page.locator('[data-standing="removed"]'), 0, 'people who are out');
	await openTalk(kofi);
	await openTalk(ruth);
	await send(ruth, 'Good that you are back');
	await message(kofi, 'Good that you are back').waitFor();
});

scene('before somebody is taken out, whom they let in is named, and nobody is ticked', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await promote(ruth, 'Ana');
	await settled(ruth);
	await openPeople(ana);
	await ana.page.getByRole('link', { name: 'Invite someone' }).waitFor();
	const { link } = await invite(ana);
	await settled(ana);
	await enrol(await world.phone('Kofi'), link);
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
	const person = await openPerson(ruth, 'Ana');
	await person.getByRole('button', { name: 'Take Ana out of the circle' }).click();
	const dialog = ruth.page.getByRole('dialog');
	await expectText(dialog, 'Kofi came in, invited by Ana');
	const kofi = dialog.getByRole('checkbox', { name: 'Kofi' });
	assert.equal(await kofi.isChecked(), false);
	assert.equal(await dialog.getByRole('checkbox').count(), 1);
	await kofi.check();
	await ruth.page.keyboard.press('Escape');
	await person.getByRole('button', { name: 'Take Ana out of the circle' }).click();
	assert.equal(await kofi.isChecked(), false, 'a tick does not outlive its question');
	await ruth.page.keyboard.press('Escape');
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
});

scene('p18 who is taken out is named so for all, and reads nothing new', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	await expectPeople(ruth, ['Ruth', 'Ana', 'Kofi']);
	await settled(ana);
	await takeOut(ruth, 'Kofi');
	await settled(ruth);
	await openTalk(ruth);
	await send(ruth, 'Only for who is still here');
	await openTalk(ana);
	await message(ana, 'Only for who is still here').waitFor();
	await openPeople(ana);
	await expectText(ana.page.locator('li', { has: ana.page.locator('[data-standing="removed"]') }), 'Kofi');
	await openTalk(kofi);
	assert.equal(await message(kofi, 'Only for who is still here').count(), 0);
});

scene('p19 a message that is taken back goes from the other phone too', async (world) => {
	const ana = await world.member('Ana');
	const ruth = await world.member('Ruth', 'facilitator');
	await openTalk(ana);
	await send(ana, 'I should not have said this');
	await openTalk(ruth);
	await message(ruth, 'I should not have said this').waitFor();
	await takeBack(ana, 'I should not have said this');
	await ruth.page.locator('[data-body="gone"]').waitFor();
	assert.equal(await message(ruth, 'I should not have said this').count(), 0);
});

scene('a hostile name is shown letter by letter, wherever names are', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const eve = await world.phone('Eve');
	const page = await eve.open(world.server.links.member);
	await page.getByLabel('What should people call you?').fill(HOSTILE);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await openTalk(eve);
	await send(eve, HOSTILE);
	await expectPeople(ruth, ['Ruth', HOSTILE]);
	await openPerson(ruth, HOSTILE);
	await ruth.page.getByRole('button', { name: `Take ${HOSTILE} out of the circle` }).click();
	await expectText(ruth.page.getByRole('dialog'), HOSTILE);
	await ruth.page.keyboard.press('Escape');
	await openTalk(ruth);
	await message(ruth, HOSTILE).waitFor();
	for (const phone of [ruth, eve]) {
		assert.equal(await phone.page.evaluate(() => 'broken' in window), false);
		assert.equal(await phone.page.locator('main img').count(), 0);
	}
});

scene('p24 the screens about people pass the audit, also narrow and with large text', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	await world.member('Ana');
	const { page } = ruth;
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openPerson(ruth, 'Ana');
	await gallery.show(ruth, 'people');
	await page.getByRole('button', { name: 'Take Ana out of the circle' }).tap();
	await gallery.show(ruth, 'people-ask');
	await page.getByRole('dialog').getByRole('button', { name: 'No, leave it' }).tap();
	await takeOut(ruth, 'Ana');
	await openPerson(ruth, 'Ana');
	await gallery.show(ruth, 'people-out');
	await page.getByRole('button', { name: 'Bring Ana back' }).tap();
	await gallery.show(ruth, 'people-bring-back');
	await page.getByRole('dialog').getByRole('button', { name: 'No, leave it' }).tap();
	await page.locator('summary', { hasText: 'What happened recently' }).tap();
	await gallery.show(ruth, 'people-lately');
	await page.getByRole('link', { name: 'Who can see this?' }).tap();
	await page.getByRole('heading', { name: 'If your phone is lost' }).waitFor();
	await gallery.show(ruth, 'who');
	await invite(ruth, { uses: 5 });
	await gallery.show(ruth, 'invited-many');
	await page.getByRole('button', { name: 'Make another' }).tap();
	await page.getByText('Anyone who finds this one in a phone’s history').waitFor();
	await gallery.show(ruth, 'invite-many');
	await invite(ruth);
	await gallery.show(ruth, 'invited');
	await openPeople(ruth);
	await openInvitation(ruth, 'For one person').waitFor();
	await openInvitation(ruth, 'For 5 people').getByRole('button', { name: 'Withdraw' }).tap();
	await gallery.show(ruth, 'withdraw-ask');
	await page.getByRole('dialog').getByRole('button', { name: 'No, leave it' }).tap();
	await openPhone(ruth);
	await gallery.show(ruth, 'settings');
	await page.getByRole('link', { name: 'Printed code' }).tap();
	await page.getByRole('button', { name: 'Make my code' }).tap();
	await page.getByRole('group', { name: 'Your printed code' }).waitFor();
	await gallery.show(ruth, 'paper');
	await openPeople(ruth);
	await page.getByRole('link', { name: 'Let in with no network' }).tap();
	await gallery.show(ruth, 'let-in');
	await page.getByRole('button', { name: 'Scan their code' }).tap();
	await page.locator('[data-camera="none"]').waitFor();
	await gallery.show(ruth, 'let-in-no-camera');
	const kofi = await world.phone('Kofi');
	await kofi.open('/#/in');
	await kofi.page.getByLabel('What should people call you?').waitFor();
	await gallery.show(kofi, 'code-in');
	await kofi.open('/#/back');
	await kofi.page.getByLabel('Printed code').waitFor();
	await gallery.show(kofi, 'come-back');
	await kofi.open('/#/found');
	await kofi.page.getByLabel('What is the circle called?').waitFor();
	await gallery.show(kofi, 'found');
	assert.deepEqual(gallery.faults, []);
});
