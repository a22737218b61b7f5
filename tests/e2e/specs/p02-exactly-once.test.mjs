// @ts-check
/**
 * Send is done when the message no longer says "Saving": from then on one copy, whatever dies. A death before that
 * may lose what was not yet taken, and never doubles it.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { beginTalk, chip, message, openTalk, settled, typeMessage } from '../harness/acts.mjs';
import { expectCount, expectSafety } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */
/**
 * The instant of death: right after the tap, or so many milliseconds after the message was said to be kept. They
 * fall before, in and after the first try to send it.
 * @typedef {'tap' | number} Instant
 */
/** @type {{ instant: Instant, network: 'open' | 'down' }[]} */
const DEATHS = [
	{ instant: 'tap', network: 'open' },
	{ instant: 0, network: 'open' },
	{ instant: 820, network: 'open' },
	{ instant: 1_200, network: 'open' },
	{ instant: 'tap', network: 'down' },
	{ instant: 0, network: 'down' },
];

/**
 * Taps Send, and strikes.
 * @param {Phone} phone
 * @param {string} text
 * @param {Instant} instant
 * @param {() => Promise<void>} strike
 */
async function sendAndDie(phone, text, instant, strike) {
	const { page } = phone;
	await typeMessage(phone, text);
	await page.getByRole('button', { name: 'Send' }).tap();
	if (instant !== 'tap') {
		await page.waitForFunction(
			(text) => {
				const items = [...document.querySelectorAll('li[data-key]')];
				const chip = items.find((item) => item.textContent?.includes(text))?.querySelector('[data-safety]');
				return chip && chip.getAttribute('data-safety') !== 'saving';
			},
			text,
			{ polling: 'raf' },
		);
		await pause(instant);
	}
	await strike();
}

/**
 * Opens the app again, and sees that there is one copy.
 * @param {Phone} phone
 * @param {string} text
 * @param {Instant} instant
 * @returns {Promise<boolean>} whether there is
 */
async function hasOne(phone, text, instant) {
	await phone.open('/');
	await openTalk(phone);
	await message(phone, 'Good morning').waitFor();
	if (instant !== 'tap') {
		await expectCount(message(phone, text), 1, text);
		return true;
	}
	const count = await message(phone, text).count();
	assert.ok(count <= 1, `${count} of ${text}`);
	return count === 1;
}

for (const [how, strikeAt] of /** @type {const} */ ([
	['the browser is killed', killed],
	['the page crashes', crashed],
])) {
	scene(`p02 ${how} right after Send: one copy when it opens again`, async (world) => {
		const ruth = await world.member('Ruth', 'facilitator');
		const ana = await world.member('Ana');
		await beginTalk([ana, ruth]);
		/** @type {string[]} */
		const texts = [];
		for (const { instant, network } of DEATHS) {
			const text = `died at ${instant}, network ${network}`;
			ana.proxy.become(network);
			await strikeAt(ana, text, instant);
			if (await hasOne(ana, text, instant)) texts.push(text);
		}
		await everyoneHasOne([ana, ruth], texts, ana);
	});
}

/** @type {(phone: Phone, text: string, instant: Instant) => Promise<void>} */
async function killed(phone, text, instant) {
	await sendAndDie(phone, text, instant, await phone.aimToKill());
	await phone.turnOn();
}

/** @type {(phone: Phone, text: string, instant: Instant) => Promise<void>} */
async function crashed(phone, text, instant) {
	await sendAndDie(phone, text, instant, () => phone.crashPage());
}

scene('p02 the answer is lost again and again: still one copy', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await beginTalk([ana, ruth]);
	const texts = ['lost once', 'lost twice'];
	for (const text of texts) {
		await settled(ana);
		await openTalk(ana);
		ana.proxy.holdAnswers();
		await sendAndDie(ana, text, 0, async () => {});
		await expectCount(message(ruth, text), 1, text);
		// The server has it, the answer never comes.
		await ana.loseNetwork();
		ana.proxy.releaseAnswers();
		await expectSafety(chip(message(ana, text)), 'On this phone');
		await ana.findNetwork();
		await expectSafety(chip(message(ana, text)), 'Safe on the server');
	}
	await everyoneHasOne([ana, ruth], texts, ana);
});

/**
 * @param {Phone[]} phones
 * @param {string[]} texts
 * @param {Phone} author
 */
async function everyoneHasOne(phones, texts, author) {
	await author.findNetwork();
	for (const text of texts) await expectSafety(chip(message(author, text)), 'Safe on the server');
	for (const phone of phones) {
		await openTalk(phone);
		for (const text of texts) await expectCount(message(phone, text), 1, `${text} at ${phone.owner}`);
		// "Good morning" is the one more.
		await expectCount(phone.page.locator('li[data-key]'), texts.length + 1, `messages at ${phone.owner}`);
	}
}
