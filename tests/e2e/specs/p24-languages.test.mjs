// @ts-check
/**
 * Every language on real phones: a hard day from beginning to end in Arabic, with no letter typed; and the screens in
 * Arabic and Spanish before the same judges as in English. All screens in both with `KITH_FULL`, else some in Arabic.
 */
import assert from 'node:assert/strict';
import { expectPeople, goTo, message, openTalk, openTodaysNote, send, setTitle, settled, writeBlock } from '../harness/acts.mjs';
import { catalogue } from '../harness/catalogue.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount } from '../harness/see.mjs';
import { faultsOnScreen } from '../harness/sides.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const FULL = Boolean(process.env['KITH_FULL']);
const first = catalogue('ar', 'first');
const rooms = catalogue('ar', 'rooms');
const pin = catalogue('ar', 'pin').pin;
const plan = catalogue('ar', 'plan');
const self = catalogue('ar', 'self');
const phoneWords = catalogue('ar', 'phone');

/** Screens of a circle that stand for the others in an ordinary run. */
const SOME = ['', '/talk', '/plan', '/me', '/settings'];
const ALL = [
	...SOME,
	...['/sessions', '/sessions/new', '/help', '/me/phq-4', '/me/safety', '/toolkit', '/adapt', '/plan/all', '/plan/ask'],
	...['/people', '/invite', '/letin', '/paper', '/who', '/safe', '/keep', '/together', '/stories', '/find', '/record', '/leaveCircle'],
];
const OUTSIDE = ['#/welcome', '#/in', '#/back', '#/found', '#/phone', '#/phone/pin', '#/phone/leave', '#/nowhere'];

/** @param {Phone} phone @param {string} language */
async function speak({ page }, language) {
	await page.evaluate((one) => localStorage.setItem('kith.language', one), language);
}

/**
 * Brings screens before the judges, in a language.
 * @param {Phone} phone
 * @param {string} language
 * @param {string[]} hashes
 */
async function look(phone, language, hashes) {
	const gallery = new Gallery();
	const { page } = phone;
	await speak(phone, language);
	for (const hash of hashes) {
		await page.goto('about:blank');
		await phone.open(`/${hash}`);
		await page.locator('h1').first().waitFor();
		await page.locator('main :is(section, form, ol, ul, p, .bubble):visible').first().waitFor();
		const name = `${language}-${hash.replace(/^#\/(c\/[^/]+\/?)?/, '').replace(/\W+/g, '-') || 'home'}`;
		const faults = await page.evaluate(faultsOnScreen, language === 'ar' ? 'rtl' : 'ltr');
		gallery.faults.push(...faults.map((fault) => `${name}: ${fault}`));
		await gallery.show(phone, name);
	}
	return gallery.faults;
}

scene('p24 a hard day in Arabic, with no letter typed: how one is, a word to somebody, a plan, a way to call', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const leila = await world.phone('ليلى', { locale: 'ar-EG' });
	const page = await leila.open(world.server.links.member);
	assert.deepEqual(
		await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang]),
		['rtl', 'ar-EG'],
	);
	await page.getByLabel(first.welcome.name).fill('ليلى');
	await page.getByRole('button', { name: first.welcome.join }).tap();
	await page.getByRole('link', { name: pin.later }).tap();
	await page.getByRole('link', { name: rooms.home.own }).waitFor();
	await expectPeople(ruth, ['ليلى', 'Ruth']);
	await leila.loseNetwork();

	await page.getByRole('link', { name: rooms.home.own }).tap();
	const { mood, craving } = self.questions;
	for (const question of [mood, craving])
		await page.getByRole('radiogroup', { name: question.ask }).getByRole('radio', { name: question.answers[1], exact: true }).check({ force: true });
	await page.getByRole('button', { name: self.own.keep }).first().tap();
	await page.getByText(self.own.kept).waitFor();

	await page.locator('summary', { hasText: self.word.title }).or(page.getByRole('button', { name: self.word.title })).first().tap();
	await page.getByRole('button', { name: 'Ruth' }).tap();
	await page.getByRole('button', { name: self.turn.send, exact: true }).tap();
	await page.getByText(self.turn.waits).waitFor();

	await page.getByRole('link', { name: first.nav.back }).tap();
	await page.getByRole('link', { name: rooms.home.hard }).tap();
	await page.getByText(plan.emptyNow).waitFor();
	await page.getByRole('link', { name: plan.begin }).tap();
	// What others begin with is there until it is taken, one tap each.
	for (const starter of plan.parts.signs.starters) {
		await page.getByRole('button', { name: starter }).tap();
		await page.getByRole('button', { name: plan.edit.add, exact: true }).tap();
		await page.locator('li[data-key]').filter({ hasText: starter }).waitFor();
		await expectCount(page.getByRole('button', { name: starter, exact: true }), 0, 'offers of what is in the plan');
	}
	await page.getByRole('link', { name: plan.edit.done }).tap();
	await page.getByText(plan.parts.signs.starters[2]).waitFor();

	await leila.findNetwork();
	await openTalkWith(ruth, 'ليلى');
	await message(ruth, self.word.message).waitFor();
	const bubble = message(ruth, self.word.message);
	assert.equal(await bubble.evaluate((one) => getComputedStyle(one.querySelector('.bubble') ?? one).direction), 'rtl');
});

/** @param {Phone} phone @param {string} name */
async function openTalkWith(phone, name) {
	await goTo(phone, 'Talk');
	await phone.page.getByRole('link').filter({ hasText: name }).first().tap();
}

scene('p24 the language and the size of the text are chosen before anything is entered, and stay', async (world) => {
	const ana = await world.phone('Ana');
	const page = await ana.open(world.server.links.member);
	await page.locator('[data-languages]').getByRole('button', { name: 'العربية' }).tap();
	await page.getByRole('button', { name: first.welcome.join }).waitFor();
	assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
	await page.goto('about:blank');
	await ana.open('/#/phone');
	await page.getByRole('radio', { name: /200|٢٠٠/ }).check({ force: true });
	const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
	assert.equal(await size(), '32px');
	await page.reload();
	await page.getByText(phoneWords.size.label).waitFor();
	assert.equal(await size(), '32px');
	await page.getByRole('radio', { name: phoneWords.size.asPhone }).check({ force: true });
	assert.equal(await size(), '16px');
});

scene('p24 a PIN is the same in whichever digits a keyboard has', async (world) => {
	const ana = await world.member('Ana');
	await ana.open('/#/phone/pin');
	const { page } = ana;
	await page.getByLabel('New PIN or passphrase').fill('٤٩٣٠٢٨');
	await page.getByLabel('Type it again').fill('493028');
	await page.getByRole('button', { name: 'Set the PIN' }).tap();
	await goTo(ana, 'Settings');
	await page.getByRole('button', { name: 'Lock now' }).tap();
	await page.getByLabel('PIN or passphrase').fill('۴۹۳۰۲۸');
	await page.getByRole('button', { name: 'Open', exact: true }).tap();
	await page.getByRole('button', { name: 'Lock', exact: true }).waitFor();
});

scene('p24 the screens in other languages pass the audit, narrow and with large text', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ana', 'Ruth']);
	await openTodaysNote(ruth);
	await setTitle(ruth, 'The dry season');
	await writeBlock(ruth, 'We sat under the tree', 'To-do');
	const note = new URL(ruth.page.url()).hash;
	await openTalk(ana);
	await send(ana, 'Good morning');
	await settled(ana);
	await openTalk(ruth);
	await message(ruth, 'Good morning').waitFor();
	await send(ruth, 'نمشي إلى النهر معًا');
	const thread = new URL(ruth.page.url()).hash;
	await settled(ruth);
	const circle = /^#\/c\/[^/]+/.exec(note)?.[0] ?? '';
	const inside = (FULL ? ALL : SOME).map((one) => circle + one);
	assert.deepEqual(await look(ruth, 'ar', FULL ? [...inside, note, thread, ...OUTSIDE] : inside), []);
	if (FULL) assert.deepEqual(await look(ruth, 'es', [...inside, note, thread, ...OUTSIDE]), []);
});
