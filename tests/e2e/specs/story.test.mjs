// @ts-check
/** A member's first days, as she lives them: the network is away in most of it, and at the end all of it is where it belongs, once. */
import assert from 'node:assert/strict';
import { enrol, expectPeople, lock, goTo, setPin, settled, typePin } from '../harness/acts.mjs';
import {
	entry,
	fillIn,
	keepCheckIn,
	kept,
	noteOutcome,
	openGoing,
	openKeep,
	openOwn,
	openQuestionnaire,
	openToolkit,
	picture,
	RECORD,
	sayTo,
	strategy,
	takeAlong,
	takeOn,
	waits,
	writeStrategy,
	writeTo,
} from '../harness/life.mjs';
import { keepOpen, lockedPlan, TITLE as PLAN, writeLine } from '../harness/plan.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */
/** @typedef {{ id: string, kind: string, state: string, text: string | null, of: any }} Item */

const PIN = '493028';
const CHECK_IN = 'Slept in the chair, by the window.';
const TO_KOFI = 'It was a long night. Are you up?';
const TO_AMINA = 'Up, and the kettle is on.';
const WAY = { title: 'Cold water, then the kettle', text: 'I wash my face and wait until it boils.', moments: ['Can’t sleep'] };
const SIGN = 'I keep my coat on indoors';
const SISTER = 'My sister Halima';
const ALONE = 'Eat something at noon';
const TOGETHER = 'Walk to the river before work';
const ATTEMPT = 'We went as far as the bridge.';

/** Kith is closed and opened again, cold. @param {Phone} phone */
async function openCold(phone) {
	await phone.turnOff();
	await phone.turnOn();
	await phone.loseNetwork();
	await phone.open('/');
	await phone.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
}

/** The first evening: how she is, a word to Kofi, what helps. @param {Phone} amina */
async function firstEvening(amina) {
	await openOwn(amina);
	await picture(amina, 'How is your mood?', 'Low').check();
	await picture(amina, 'How did you sleep?', 'Badly').check();
	await amina.page.getByLabel('A note, if you like').fill(CHECK_IN);
	await keepCheckIn(amina);
	await writeTo(amina, 'Kofi');
	await sayTo(amina, TO_KOFI);
	await writeStrategy(amina, WAY);
}

/** She writes a plan, keeps it open, and on a bad night it's three taps from Kith to the call. @param {Phone} amina */
async function plan(amina) {
	await setPin(amina, PIN, 'Boat');
	await writeLine(amina, 'How I notice it starting', SIGN);
	await writeLine(amina, 'People I can ask for help', SISTER, '+1 202 555 0178');
	await keepOpen(amina);
	await lock(amina);
	await openCold(amina);
	const { page } = amina;
	// The first tap opened Kith; this is the second, and the call the third.
	await lockedPlan(amina).tap();
	await page.getByRole('heading', { level: 1, name: PLAN }).waitFor();
	await expectText(page.locator('main'), new RegExp(`${SIGN}.*${SISTER}`));
	const call = page.getByRole('link', { name: /^Call/ });
	assert.equal(await call.getAttribute('href'), 'tel:+12025550178');
	assert.equal(await call.isVisible(), true, 'no scrolling to the call');
	for (const word of [CHECK_IN, TO_KOFI]) await expectCount(page.getByText(word), 0, `"${word}" without the PIN`);
	await page.getByRole('button', { name: 'Back to the lock screen' }).tap();
	await typePin(amina, PIN);
	await page.getByRole('link', { name: 'A hard moment' }).waitFor();
}

/** PHQ-4, what it says, and where it's drawn. @param {Phone} amina */
async function phq4(amina) {
	const { page } = amina;
	await openQuestionnaire(amina, /PHQ-4/);
	await fillIn(amina, ['Several days', 'Several days', 'Nearly every day', 'Not at all']);
	await expectText(page.locator('main'), /5 of 12.*On its scale, 3 to 5 is “mild”\./);
	await openOwn(amina);
	await page.getByRole('img', { name: /^PHQ-4, / }).waitFor();
	await expectText(page.locator('section', { hasText: 'Over the weeks' }), /PHQ-4: 5 of 12 on/);
	await expectText(entry(amina, 'PHQ-4'), /5 of 12.*Only you/);
}

/** What she takes on, alone and with Kofi. @param {Phone} amina */
async function commit(amina) {
	await openKeep(amina);
	await takeOn(amina, ALONE);
	await takeOn(amina, TOGETHER, 'Kofi');
	await noteOutcome(amina, ALONE, 'Tried');
}

/** Her record as a page and as data: what she wrote is in both. Gives what the data has. @param {Phone} amina */
async function takeRecord(amina) {
	await openGoing(amina, 'Take along what I wrote');
	const { text } = await takeAlong(amina, RECORD.data);
	/** @type {Item[]} */
	const items = JSON.parse(text).items;
	const page = (await takeAlong(amina, RECORD.page)).text;
	for (const said of [CHECK_IN, TO_KOFI, WAY.title, WAY.text, SIGN, SISTER, ALONE, TOGETHER, 'PHQ-4']) {
		assert.ok(page.includes(said), `the page has "${said}"`);
		assert.ok(text.includes(said), `the data has "${said}"`);
	}
	for (const page_ of [page, text]) assert.ok(!page_.includes(TO_AMINA), 'Kofi’s words stay his');
	return items;
}

/** What a record says of how often something of each kind was written. @param {Item[]} items */
function tally(items) {
	/** @type {Record<string, number>} */
	const of = {};
	for (const { kind } of items) of[kind] = (of[kind] ?? 0) + 1;
	return of;
}

/** What came, at Kofi: the word, what helps, and that he is asked; he is in, and notes how it went with no network. @param {Phone} kofi */
async function kofisMorning(kofi) {
	const { page } = kofi;
	await goTo(kofi, 'Circle');
	await expectText(waits(kofi), /Amina asks whether you are in:.*Walk to the river/s);
	await kofi.loseNetwork();
	await waits(kofi).getByRole('link', { name: TOGETHER }).first().tap();
	await page.getByRole('button', { name: 'I am in' }).tap();
	await page.getByRole('button', { name: 'Done', exact: true }).tap();
	await page.getByLabel('A few words, if you like').fill(ATTEMPT);
	await page.getByRole('button', { name: 'Note it' }).tap();
	await page.locator('[data-attempt]').filter({ hasText: ATTEMPT }).waitFor();
	await kofi.findNetwork();
	await settled(kofi);
}

/** All that two share stands at one of them, once, after the app started anew. @param {Phone} phone @param {string} other @param {string} [pin] */
async function expectAllOnce(phone, other, pin) {
	const { page } = phone;
	await page.reload();
	if (pin) await typePin(phone, pin);
	await writeTo(phone, other);
	for (const said of [TO_KOFI, TO_AMINA]) await expectCount(page.locator('[data-key]').filter({ hasText: said }), 1, `"${said}"`);
	await openToolkit(phone);
	await expectCount(strategy(phone, WAY.title), 1, 'what helps');
	await openKeep(phone);
	await expectCount(kept(page, TOGETHER), 1, 'what both took on');
	await kept(page, TOGETHER).getByRole('link').first().tap();
	await expectCount(page.locator('[data-attempt]').filter({ hasText: ATTEMPT }), 1, 'attempts');
}

scene('a member’s first days: she comes in, notes how she is, writes to one, plans, commits, and takes it all along', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const kofi = await world.member('Kofi');
	const amina = await world.phone('Amina');
	await enrol(amina, world.server.links.member);
	for (const phone of [amina, kofi]) await expectPeople(phone, ['Ruth', 'Kofi', 'Amina']);
	await settled(amina);

	// The network goes, and stays away for days.
	await amina.loseNetwork();
	await firstEvening(amina);
	await plan(amina);
	await phq4(amina);
	await commit(amina);
	const before = await takeRecord(amina);
	assert.deepEqual(tally(before), { journal: 2, thread: 1, toolkit: 1, plan: 2, commitments: 2, between: 1 });
	assert.deepEqual(new Set(before.map(({ state }) => state)), new Set(['here']));
	const [noted] = before.filter(({ of }) => of?.entry === 'checkIn');
	assert.deepEqual([noted?.of.mood, noted?.of.sleep, noted?.of.note], [1, 1, CHECK_IN]);
	const results = before.filter(({ of }) => of?.entry === 'questionnaire').map(({ of }) => of.result.total);
	assert.deepEqual(results, [5]);

	// Kofi, who knows nothing of it, wrote as well, with no network either.
	await kofi.loseNetwork();
	await writeTo(kofi, 'Amina');
	await sayTo(kofi, TO_AMINA);
	await expectCount(kofi.page.getByText(TO_KOFI), 0, 'what has not left her phone');

	// It comes back: at hers first, in the middle of things, after the phone went off once more.
	await openCold(amina);
	await amina.findNetwork();
	await typePin(amina, PIN);
	await settled(amina);
	await kofi.findNetwork();
	await settled(kofi);
	await kofisMorning(kofi);
	await goTo(amina, 'Circle');
	await expectText(waits(amina), /Kofi left something for you to see/);
	await writeTo(amina, 'Kofi');
	await amina.page.locator('[data-key]').filter({ hasText: TO_AMINA }).waitFor();
	await settled(amina);

	await expectAllOnce(kofi, 'Amina');
	await expectAllOnce(amina, 'Kofi', PIN);
	assert.deepEqual(await takeRecord(amina), before, 'what she wrote, word for word, and nothing twice');

	// What was hers alone is nobody else's, and what was between two is not the leader's.
	for (const phone of [ruth, kofi]) {
		await openOwn(phone);
		await expectCount(entry(phone, ''), 0, 'entries of another');
	}
	await goTo(ruth, 'Talk');
	for (const said of [TO_KOFI, TO_AMINA]) await expectCount(ruth.page.getByText(said), 0, 'words between two at a third');
	await openKeep(ruth);
	await expectCount(ruth.page.locator('[data-kept]'), 0, 'what others took on');
	await openToolkit(ruth);
	await expectCount(strategy(ruth, WAY.title), 1, 'what helps, for all');
});
