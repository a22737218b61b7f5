// @ts-check
/** How one is: noted with no network, seen over weeks, told to whom one chooses; and what is there when one is not safe, on real phones. */
import assert from 'node:assert/strict';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { entry, fillIn, keepCheckIn, openOwn, openQuestionnaire, picture } from '../harness/life.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const SAFE = 'Are you safe right now?';
/** After so long without a key what is typed is kept. */
const PAUSE_MS = 600;

/** A facilitator says who follows up. @param {Phone} phone */
async function sayWhoFollowsUp(phone) {
	await goTo(phone, 'Circle');
	const { page } = phone;
	await page.getByRole('link', { name: 'Whom to call' }).tap();
	await page.getByRole('button', { name: 'Say who follows up' }).tap();
	await page.getByLabel('Who follows up?').fill('Ruth, nurse');
	await page.getByLabel('By when?').fill('by the next day');
	await page.getByRole('button', { name: 'Save', exact: true }).tap();
	await expectText(page.locator('main'), /Ruth, nurse.*by the next day/);
	await settled(phone);
}

scene('a check-in is noted with no network, seen, changed, shared and taken back', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ana, ['Ruth', 'Ana']);
	await ana.loseNetwork();
	await openOwn(ana);
	const { page } = ana;
	await gallery.show(ana, 'own-empty');
	await picture(ana, 'How is your mood?', 'Low').check();
	await page.getByLabel('A note, if you like').fill('Rain all night.');
	await keepCheckIn(ana);
	await expectText(entry(ana, 'Rain all night.'), /Mood: Low.*Rain all night\..*Only you.*On this phone/);
	await picture(ana, 'How is your mood?', 'Good').check();
	await page.getByRole('button', { name: 'It’s about another day' }).tap();
	await keepCheckIn(ana);
	await expectCount(page.locator('li[data-entry]'), 2, 'entries');
	// Drawn, and the same in words.
	await page.getByRole('img', { name: /^Mood, / }).waitFor();
	await expectText(page.locator('section', { hasText: 'Over the weeks' }), /Mood, .*Between “Low” and “Good”/);
	await gallery.show(ana, 'own-entries');

	await ana.findNetwork();
	await expectSafety(entry(ana, 'Rain all night.').locator('[data-safety]'), 'Safe on the server');
	await ana.loseNetwork();
	await entry(ana, 'Rain all night.').getByRole('button', { name: 'Change' }).tap();
	await page.locator('li[data-entry]').getByLabel('A note, if you like').fill('Rain, and then none.');
	await page.locator('li[data-entry]').getByRole('button', { name: 'Keep it' }).tap();
	await expectText(entry(ana, 'Rain, and then none.'), /Mood: Low/);
	await expectCount(entry(ana, 'Rain all night.'), 0, 'entries as they were before');

	await entry(ana, 'Rain, and then none.').getByRole('button', { name: 'Share this with …' }).tap();
	await entry(ana, 'Rain, and then none.').getByRole('button', { name: /Ruth/ }).tap();
	const words = page.getByLabel('Your words');
	await until('what will be read stands there', async () => /^How I was on .+\. Mood: Low\.\nRain, and then none\.$/.test(await words.inputValue()));
	await gallery.show(ana, 'own-share');
	await page.getByRole('button', { name: 'Send it' }).tap();
	await page.getByText('On this phone. It goes by itself').waitFor();
	await ana.findNetwork();
	await page.getByText('Delivered to the server.').waitFor();
	await goTo(ruth, 'Talk');
	await ruth.page.locator('a.item').filter({ hasText: 'How I was on' }).waitFor();

	await openOwn(ana);
	const one = entry(ana, 'Rain, and then none.');
	await one.getByRole('button', { name: 'Take this back' }).tap();
	await one.getByRole('button', { name: 'Yes, for good' }).tap();
	await page.getByText('Taken back. It’s gone everywhere, for good.').waitFor();
	await expectCount(page.locator('li[data-entry]'), 1, 'entries');
	await page.reload();
	await page.getByRole('heading', { name: 'What I noted' }).waitFor();
	await expectCount(page.locator('li[data-entry]'), 1, 'entries after a reload');
	assert.deepEqual(gallery.faults, []);
});

scene('a word is asked for of a buddy first, and what is being typed outlives the app', async (world) => {
	const gallery = new Gallery();
	await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const kofi = await world.member('Kofi');
	await expectPeople(ana, ['Ruth', 'Ana', 'Kofi']);
	await goTo(ana, 'Talk');
	const { page } = ana;
	await page.getByText('Write to one person').tap();
	await page.getByRole('link', { name: 'Kofi', exact: true }).tap();
	await page.locator('summary').filter({ hasText: 'You and Kofi' }).tap();
	await page.getByRole('checkbox', { name: 'My buddy' }).check();

	await openOwn(ana);
	await page.getByLabel('A note, if you like').fill('The radio was on.');
	await picture(ana, 'How did you sleep?', 'Badly').check();
	await page.getByRole('button', { name: 'I could use a word today' }).tap();
	const section = page.locator('main section').first();
	await expectText(section.getByRole('listitem').first(), /Kofi.*Your buddy/);
	await expectText(section.getByRole('listitem').last(), /Everyone in the circle can read it\./);
	await gallery.show(ana, 'own-word');
	await section.getByRole('button', { name: /Kofi/ }).tap();
	await page.getByLabel('Your words').fill('Could you call tonight?');
	// A pause in typing, after which it is on the phone.
	await page.waitForTimeout(PAUSE_MS);
	const kill = await ana.aimToKill();
	await kill();
	await ana.turnOn();
	await ana.open();
	await ana.page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await openOwn(ana);
	await until('the note is there', async () => (await ana.page.getByLabel('A note, if you like').inputValue()) === 'The radio was on.');
	assert.equal(await picture(ana, 'How did you sleep?', 'Badly').isChecked(), true);
	assert.equal(await ana.page.getByLabel('Your words').inputValue(), 'Could you call tonight?');
	await keepCheckIn(ana);
	await ana.page.getByRole('button', { name: 'Send it' }).tap();
	await ana.page.getByText('Delivered to the server.').waitFor();
	await goTo(kofi, 'Talk');
	const row = kofi.page.locator('a.item').filter({ hasText: 'Could you call tonight?' });
	await expectText(row, /Ana.*between you two/s);
	await expectCount(kofi.page.getByText('The radio was on.'), 0, 'notes at somebody else');
	assert.deepEqual(gallery.faults, []);
});

scene('PHQ-4 says what it came to, PHQ-9 who follows up, and an answer that worries opens the way to help', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	const { page } = ana;
	await ana.loseNetwork();
	await openQuestionnaire(ana, /PHQ-4/);
	await fillIn(ana, ['Several days', 'Several days', 'Nearly every day', 'Not at all']);
	await expectText(page.locator('main'), /5 of 12.*On its scale, 3 to 5 is “mild”\./);
	await gallery.show(ana, 'phq-4-result');
	await page.getByRole('link', { name: 'Back to “How I am”' }).tap();
	await expectText(entry(ana, 'PHQ-4'), /PHQ-4: 5 of 12.*Only you/);
	await expectText(page.locator('section', { hasText: 'Over the weeks' }), /PHQ-4: “?5/);
	await expectCount(page.getByRole('link', { name: /PHQ-9/ }), 0, 'ways to PHQ-9');
	await ana.open(new URL(`${page.url()}/phq-9`).hash);
	await page.getByText('In your circle nobody does yet.').waitFor();
	await expectCount(page.getByRole('radio'), 0, 'questions of PHQ-9');
	await ana.findNetwork();

	await sayWhoFollowsUp(ruth);
	await openOwn(ana);
	await page.getByRole('link', { name: /PHQ-9/ }).waitFor();
	await ana.loseNetwork();
	await page.getByRole('link', { name: /PHQ-9/ }).tap();
	await expectText(page.locator('main'), /Who follows up on such an answer: .*Ruth, nurse.*By when: .*by the next day.*only if you choose to tell them/);
	await gallery.show(ana, 'phq-9-before');
	await page.getByRole('button', { name: 'Begin' }).tap();
	await fillIn(ana, [...Array(8).fill(null), 'Several days']);
	await page.getByRole('heading', { level: 1, name: SAFE }).waitFor();
	await page.getByRole('link', { name: 'My plan for hard moments' }).waitFor();
	await expectText(page.locator('main'), /Nobody has been told anything\./);
	await gallery.show(ana, 'safety');
	const tell = page.locator('section', { hasText: 'Tell a person I choose' });
	await expectText(tell.getByRole('listitem').first(), /Ruth.*Facilitator/);
	await tell.getByRole('button', { name: /Ruth/ }).tap();
	await page.getByLabel('Your words').fill('Please call me.');
	await page.getByRole('button', { name: 'Send it' }).tap();
	await expectText(page.getByRole('status').filter({ hasText: 'call' }), 'Not delivered yet: call.');
	await gallery.show(ana, 'safety-not-delivered');
	// The app starts anew with no network: what is not delivered says so again.
	await page.reload();
	await expectText(page.getByRole('status').filter({ hasText: 'call' }), 'Not delivered yet: call.');
	await ana.findNetwork();
	await expectText(page.getByRole('status').filter({ hasText: 'server' }), 'Delivered to the server.');
	await gallery.show(ana, 'safety-delivered');
	await goTo(ruth, 'Talk');
	await ruth.page.locator('a.item').filter({ hasText: 'Please call me.' }).waitFor();
	await expectCount(ruth.page.getByText('PHQ'), 0, 'answers at somebody else');
	assert.deepEqual(gallery.faults, []);
});
