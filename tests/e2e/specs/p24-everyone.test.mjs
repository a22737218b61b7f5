// @ts-check
/** Every screen, in every state that people meet, by the audit, in light and dark, narrow and large. */
import assert from 'node:assert/strict';
import {
	attendee,
	beginTalk,
	body,
	enrol,
	expectPeople,
	goTo,
	markHere,
	message,
	noteChip,
	openTalk,
	openTodaysNote,
	send,
	setTitle,
	settled,
	writeBlock,
} from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectSafety, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

scene('p24 coming in passes the audit, also narrow and with large text', async (world) => {
	const gallery = new Gallery();
	const { member, facilitator } = world.server.links;
	const ana = await world.phone('Ana');
	const page = await ana.open('/');
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	await gallery.show(ana, 'welcome-no-link');
	await page.getByLabel('Or paste the link here').fill('hello');
	await page.getByRole('button', { name: 'Use this link' }).tap();
	await page.getByText('That doesn’t look like a Kith link').waitFor();
	await gallery.show(ana, 'welcome-wrong-link');

	await enrol(await world.phone('Ruth'), facilitator);
	await page.goto('about:blank');
	await ana.open(facilitator);
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.getByText('Please write the name that people should see.').waitFor();
	await gallery.show(ana, 'welcome-no-name');
	await page.getByLabel('What should people call you?').fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.locator('[data-problem="link-used"]').waitFor();
	await gallery.show(ana, 'welcome-used-link');
	ana.proxy.become('blackHole');
	await page.goto('about:blank');
	await ana.open(member);
	await page.getByLabel('What should people call you?').fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.getByRole('button', { name: 'Joining …' }).waitFor();
	await gallery.show(ana, 'welcome-joining');
	assert.deepEqual(gallery.faults, []);
});

scene('p24 the circle’s screens pass the audit, also narrow and with large text', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana');
	const { page } = ana;
	await settled(ana);
	await gallery.show(ana, 'home-empty');
	await goTo(ana, 'Sessions');
	await gallery.show(ana, 'sessions-empty');
	await goTo(ana, 'Talk');
	await gallery.show(ana, 'talk-empty');
	await openTalk(ana);
	await gallery.show(ana, 'thread-empty');
	await openTodaysNote(ana);
	await gallery.show(ana, 'note-empty');
	await goTo(ana, 'Saved');
	await expectText(page.locator('main'), /safe on the server/);
	await gallery.show(ana, 'saved-clean');

	const ruth = await world.member('Ruth', 'facilitator');
	await Promise.all([ana, ruth].map((phone) => expectPeople(phone, ['Ana', 'Ruth'])));
	await gallery.show(ana, 'home-people');
	await goTo(ana, 'Settings');
	await page.getByRole('button', { name: 'Change my name' }).tap();
	await gallery.show(ana, 'settings-rename');
	await talk(gallery, ana, ruth);
	await note(gallery, ana, ruth);
	await lists(gallery, ana);
	assert.deepEqual(gallery.faults, []);
});

/** @type {(gallery: Gallery, ana: Phone, ruth: Phone) => Promise<void>} */
async function talk(gallery, ana, ruth) {
	const { page } = ana;
	const title = 'Getting through the dry season together';
	await goTo(ruth, 'Talk');
	await ruth.page.getByRole('button', { name: 'Start a conversation' }).tap();
	await ruth.page.getByLabel('What is it about?').fill(title);
	await gallery.show(ruth, 'talk-new');
	await ruth.page.getByRole('button', { name: 'Start', exact: true }).tap();
	await ruth.page.getByLabel('Write to the circle').waitFor();
	await goTo(ana, 'Talk');
	await page.getByRole('link').filter({ hasText: title }).waitFor();

	await beginTalk([ana, ruth]);
	await send(ruth, 'I could not sleep again, but I did what we said: I got up, drank some water and wrote it down.');
	await message(ana, 'I could not sleep').waitFor();
	const options = page.getByRole('button', { name: 'Reply or react to Ruth' });
	await options.tap();
	await page.getByRole('button', { name: 'I relate' }).waitFor();
	await gallery.show(ana, 'thread-options');
	await page.getByRole('button', { name: 'I relate' }).tap();
	await page.getByText('You relate').waitFor();
	await options.tap();
	await page.getByRole('button', { name: 'Reply', exact: true }).tap();
	await page.getByLabel('Write to the circle').fill('That is a lot. Thank you for telling us, and see you on Tuesday.');
	await gallery.show(ana, 'thread-answering');
	await page.getByRole('button', { name: 'Send' }).tap();
	await settled(ana);
	await ana.loseNetwork();
	await openTalk(ana);
	await send(ana, 'Written on the way home.');
	await gallery.show(ana, 'thread-offline');
	await goTo(ana, 'Circle');
	await expectText(page.locator('[data-sync]'), 'waiting for a connection');
	await gallery.show(ana, 'home-waiting');
	await goTo(ana, 'Saved');
	await expectText(page.locator('main'), 'only on this phone');
	await gallery.show(ana, 'saved-waiting');
	await ana.findNetwork();
	await expectText(page.locator('main'), 'Everything is safe on the server.');
	ana.proxy.become('login');
	await page.getByRole('button', { name: /^Send now/ }).tap();
	await page.locator('[data-problem="not-our-server"]').waitFor();
	await gallery.show(ana, 'saved-login-page');
	await ana.findNetwork();
}

/** @type {(gallery: Gallery, ana: Phone, ruth: Phone) => Promise<void>} */
async function note(gallery, ana, ruth) {
	const { page } = ana;
	await Promise.all([ana, ruth].map((phone) => settled(phone)));
	await Promise.all([ana, ruth].map((phone) => phone.loseNetwork()));
	for (const phone of [ana, ruth]) {
		await openTodaysNote(phone);
		await setTitle(phone, phone === ana ? 'What helps us sleep' : 'The dry season');
		await writeBlock(phone, `${phone.owner} opened the session`, 'Heading');
		await writeBlock(phone, 'We sat under the tree, nine of us, and spoke about what the nights are like.');
		await writeBlock(phone, 'Bring the breathing sheet', 'To-do');
		await expectSafety(noteChip(phone), 'On this phone');
	}
	for (const phone of [ana, ruth]) await phone.findNetwork();
	for (const phone of [ana, ruth]) await expectText(body(phone), /Ana opened .*Ruth opened|Ruth opened .*Ana opened/);
	await page.getByText('Two people wrote this at the same time').waitFor();
	await page.evaluate(() => window.scrollTo(0, 0));
	await gallery.show(ana, 'note-both-titles');
	await page.getByRole('button', { name: 'What helps us sleep' }).tap();
	await markHere(ana, 'Ana');
	await page.getByRole('button', { name: 'More for Ruth' }).tap();
	await gallery.show(ana, 'note-attendance');
	await page.getByRole('button', { name: 'Late', exact: true }).tap();
	await attendee(ana, 'Ruth').getByText('Late').waitFor();
	await page.locator('summary', { hasText: 'Who is here' }).tap();
	await page.locator('summary', { hasText: 'Agenda' }).tap();
	await page.getByRole('textbox', { name: 'Add to the agenda' }).fill('Check in, one by one');
	await page.getByRole('button', { name: 'Add', exact: true }).first().tap();
	await page.getByRole('button', { name: 'Remove “Check in, one by one”' }).waitFor();
	await gallery.show(ana, 'note-agenda');
	await page.locator('summary', { hasText: 'Agenda' }).tap();
	const said = page.locator('details', { hasText: 'What we said we would do' });
	await said.locator('summary').tap();
	await said.getByRole('button', { name: 'Add' }).tap();
	await page.getByLabel('Who?').selectOption({ label: 'Ruth' });
	await page.getByLabel('What will be done?').fill('Walk to the river each morning');
	await gallery.show(ana, 'note-commitment-new');
	await said.getByRole('button', { name: 'Add' }).tap();
	await said.getByRole('button', { name: 'Not yet' }).waitFor();
	await gallery.show(ana, 'note-commitments');
	await body(ana).click();
	await gallery.show(ana, 'note-writing');
}

/** @type {(gallery: Gallery, ana: Phone) => Promise<void>} */
async function lists(gallery, ana) {
	const { page } = ana;
	await settled(ana);
	await gallery.show(ana, 'home-full');
	await goTo(ana, 'Sessions');
	await gallery.show(ana, 'sessions-full');
	await page.getByRole('link', { name: 'New session' }).or(page.locator('a.reach')).first().tap();
	await page.getByLabel('Which day?').waitFor();
	await page.getByText('There’s already a note for that day').waitFor();
	await gallery.show(ana, 'session-new');
	await page.getByLabel('Another session the same day').tap();
	await gallery.show(ana, 'session-second');
	await page.getByRole('link', { name: 'Back', exact: true }).tap();
	await goTo(ana, 'Talk');
	await gallery.show(ana, 'talk-full');
	await ana.open('/#/nowhere');
	await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
	await gallery.show(ana, 'not-found');
}
