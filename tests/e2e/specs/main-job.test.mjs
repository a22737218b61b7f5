// @ts-check
/** A rural session, end to end. */
import assert from 'node:assert/strict';
import {
	body,
	chip,
	enrol,
	expectPeople,
	goTo,
	invite,
	markHere,
	message,
	noteChip,
	openTalk,
	openTodaysNote,
	readNote,
	send,
	setTitle,
	words,
	writeBlock,
} from '../harness/acts.mjs';
import { expectCount, expectInOrder, expectSafety, expectText, watchChip } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const SLOW = { kbitPerS: 200, roundTripMs: 400 };
const HEADING = 'What helps at night';
const TODO = 'Ben brings the breathing sheet';
const PARAGRAPH = 'We sat under the tree, nine of us, and spoke about sleep.';
const FROM_ANA = ['The road was washed out, I walked.', 'Thank you for today.'];
const FROM_BEN = ['I slept five hours.', 'See you on Tuesday.'];

scene('the main job: written offline on two phones, one note and each message once, safe and seen so', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const ben = await world.member('Ben');
	await Promise.all([ruth, ana, ben].map((phone) => expectPeople(phone, ['Ruth', 'Ana', 'Ben'])));

	await Promise.all([ana.loseNetwork(), ben.loseNetwork()]);
	await Promise.all([
		(async () => {
			await openTodaysNote(ana);
			await setTitle(ana, 'Sleep');
			await writeBlock(ana, HEADING, 'Heading');
			await writeBlock(ana, TODO, 'To-do');
			await expectSafety(noteChip(ana), 'On this phone');
			await openTalk(ana);
			for (const text of FROM_ANA) await send(ana, text);
		})(),
		(async () => {
			await openTodaysNote(ben);
			await writeBlock(ben, PARAGRAPH);
			await markHere(ben, 'Ana');
			await markHere(ben, 'Ben');
			await expectSafety(noteChip(ben), 'On this phone');
			await openTalk(ben);
			for (const text of FROM_BEN) await send(ben, text);
		})(),
	]);
	for (const text of FROM_ANA) await expectSafety(chip(message(ana, text)), 'On this phone');

	// Ben closes the app, the whole browser even, and opens it again with no network.
	await ben.turnOff();
	await ben.turnOn();
	await ben.loseNetwork();
	await ben.open('/');
	await openTalk(ben);
	for (const text of FROM_BEN) await expectSafety(chip(message(ben, text)), 'On this phone');
	await openTodaysNote(ben);
	await expectText(body(ben), PARAGRAPH);
	await expectSafety(noteChip(ben), 'On this phone');

	// One after the other they come back over a slow link, and watch.
	const said = await watchChip(ana.page, { inside: 'li[data-key]', having: FROM_ANA[1] });
	await ana.findNetwork(SLOW);
	for (const text of FROM_ANA) await expectSafety(chip(message(ana, text)), 'Safe on the server');
	await expectInOrder(said, ['On this phone', 'Safe on the server']);
	const noteSaid = await watchChip(ben.page, { inside: 'header' });
	await ben.findNetwork(SLOW);
	await expectSafety(noteChip(ben), 'Safe on the server');
	await expectInOrder(noteSaid, ['On this phone', 'Safe on the server']);
	for (const phone of [ana, ben]) {
		await goTo(phone, 'Saved');
		await expectText(phone.page.locator('main'), 'Everything is safe on the server.');
	}
	const all = [...FROM_ANA, ...FROM_BEN];
	const note = await sameForAll([ana, ben, ruth], all);
	assert.equal(note.title, 'Sleep');
	const at = (/** @type {string} */ text) => note.blocks.findIndex((block) => block.includes(text));
	assert.ok(at(HEADING) >= 0 && at(TODO) > at(HEADING) && at(PARAGRAPH) >= 0, note.blocks.join('\n'));
	assert.deepEqual(note.people.map((line) => /Here/.test(line)), [true, true, false], note.people.join());

	// Who comes in later reads what was written before, if their invitation says so.
	const { link } = await invite(ruth, { past: true });
	await serverDies(world, [ana, ben], all, link);
});

/**
 * `kill -9` in the middle of further edits. What a phone called safe must come back from the server's disk alone.
 * @param {import('../harness/world.mjs').World} world
 * @param {[Phone, Phone]} phones
 * @param {string[]} before
 * @param {string} link for who comes later
 */
async function serverDies(world, phones, before, link) {
	const { server } = world;
	const [ana, ben] = phones;
	for (const phone of phones) phone.proxy.shape(null);
	await Promise.all(phones.map((phone) => openTalk(phone)));
	const sent = [...before];
	const write = async (/** @type {Phone} */ phone, /** @type {number} */ number) => {
		const text = `${phone.owner} goes on, ${number}`;
		await send(phone, text);
		sent.push(text);
	};
	for (let number = 1; number <= 3; number += 1) await Promise.all(phones.map((phone) => write(phone, number)));
	await expectSafety(chip(message(ana, 'Ana goes on, 1')), 'Safe on the server');
	await Promise.all([write(ana, 4), write(ben, 4), server.kill()]);
	await Promise.all(phones.map((phone) => write(phone, 5)));
	await expectSafety(chip(message(ana, 'Ana goes on, 5')), 'On this phone');
	await Promise.all(phones.map((phone) => phone.loseNetwork()));
	const acknowledged = (await Promise.all(phones.map(safeWords))).flat();
	assert.ok(acknowledged.includes('Ana goes on, 1'));

	await server.start();
	const dora = await world.phone('Dora');
	await enrol(dora, link);
	await openTalk(dora);
	for (const text of acknowledged) await expectCount(message(dora, text), 1, text);

	await Promise.all(phones.map((phone) => phone.findNetwork()));
	await expectSafety(chip(message(ana, 'Ana goes on, 5')), 'Safe on the server');
	await expectSafety(chip(message(ben, 'Ben goes on, 5')), 'Safe on the server');
	await sameForAll([dora, ana, ben], sent);
}

/** One's own words in the open conversation that are said to be safe. @param {Phone} phone */
function safeWords(phone) {
	return phone.page.locator('li[data-key]:has([data-safety="safe"]) .bubble > p').allInnerTexts();
}

/**
 * All phones show the same note, and exactly these messages in one order.
 * @param {Phone[]} phones
 * @param {string[]} texts
 */
async function sameForAll(phones, texts) {
	await Promise.all(phones.map((phone) => openTodaysNote(phone)));
	const notes = () => Promise.all(phones.map((phone) => readNote(phone)));
	const note = await until('all show the same note with both people’s words', async () => {
		const [first, ...others] = await notes();
		for (const other of others) assert.deepEqual(other, first);
		const whole = [HEADING, TODO, PARAGRAPH].every((text) => first?.blocks.join('\n').includes(text));
		return whole ? first : undefined;
	});
	await Promise.all(phones.map((phone) => openTalk(phone)));
	await until('all show the same messages, each once', async () => {
		const [first, ...others] = await Promise.all(phones.map((phone) => words(phone)));
		for (const other of others) assert.deepEqual(other, first);
		assert.deepEqual([...(first ?? [])].sort(), [...texts].sort());
		return true;
	});
	return note;
}
