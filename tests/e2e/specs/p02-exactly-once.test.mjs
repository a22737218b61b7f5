// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { chip, message, openTalk, typeMessage } from '../harness/acts.mjs';
import { expectCount, expectSafety } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/**
 * Taps Send, and strikes so many milliseconds later.
 * @param {Phone} phone
 * @param {string} text
 * @param {number} afterMs
 * @param {() => Promise<void>} strike
 */
async function sendAndDie(phone, text, afterMs, strike) {
	await typeMessage(phone, text);
	await phone.page.getByRole('button', { name: 'Send' }).tap();
	await pause(afterMs);
	await strike();
}

/** The browser is ended as by `kill -9`. The instants fall before, in and after the first try to send. */
const KILLED_AFTER_MS = [0, 60, 850, 1_200];
/** The page's process alone dies. */
const CRASHED_AFTER_MS = [0, 30, 900];

scene('p02 the browser is killed right after Send: one copy when it opens again', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	/** @type {string[]} */
	const texts = [];
	for (const [at, network] of /** @type {const} */ ([
		...KILLED_AFTER_MS.map((ms) => /** @type {const} */ ([ms, 'open'])),
		[0, 'down'],
		[60, 'down'],
	])) {
		const text = `killed ${at} ms after, network ${network}`;
		texts.push(text);
		ana.proxy.become(network);
		await ana.open('/');
		await openTalk(ana);
		await sendAndDie(ana, text, at, await ana.aimToKill());
		await ana.turnOn();
		await ana.open('/');
		await openTalk(ana);
		await expectCount(message(ana, text), 1, text);
	}
	await everyoneHasOne([ana, ruth], texts, ana);
});

scene('p02 the page crashes right after Send: one copy when it opens again', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	/** @type {string[]} */
	const texts = [];
	for (const at of CRASHED_AFTER_MS) {
		const text = `crashed ${at} ms after`;
		texts.push(text);
		await openTalk(ana);
		await sendAndDie(ana, text, at, () => ana.crashPage());
		await ana.open('/');
		await openTalk(ana);
		await expectCount(message(ana, text), 1, text);
	}
	await everyoneHasOne([ana, ruth], texts, ana);
});

scene('p02 the answer is lost again and again: still one copy', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await openTalk(ruth);
	await openTalk(ana);
	const texts = ['lost once', 'lost twice'];
	for (const text of texts) {
		ana.proxy.holdAnswers();
		await sendAndDie(ana, text, 0, async () => {});
		await expectCount(message(ruth, text), 1, text);
		// The server has it, the answer never comes.
		ana.proxy.become('down');
		ana.proxy.releaseAnswers();
		await expectSafety(chip(message(ana, text)), 'On this phone');
		ana.proxy.become('open');
		await ana.context.setOffline(true);
		await ana.context.setOffline(false);
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
		await expectCount(phone.page.locator('li[data-key]'), texts.length, `messages at ${phone.owner}`);
	}
}
