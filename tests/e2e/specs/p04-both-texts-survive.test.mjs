// @ts-check
import assert from 'node:assert/strict';
import {
	body,
	expectPeople,
	noteChip,
	openTodaysNote,
	readNote,
	setTitle,
	writeBlock,
	goTo,
} from '../harness/acts.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

const BOTH = 'Two people wrote this at the same time. Which should stay?';

scene('p04 a title written at the same time shows both, with names, until somebody chooses', async (world) => {
	// One after the other: of two that come in at the same moment, one may see the other's name only after the next
	// sync. That is a fault of its own, named in the changelog, and not what is tried here.
	const ana = await world.member('Ana');
	const ben = await world.member('Ben');
	const phones = [ana, ben];
	await Promise.all(phones.map((phone) => expectPeople(phone, ['Ana', 'Ben'])));
	await Promise.all(phones.map((phone) => phone.loseNetwork()));
	for (const [phone, title] of /** @type {const} */ ([
		[ana, 'On sleep'],
		[ben, 'The dry season'],
	])) {
		await openTodaysNote(phone);
		await setTitle(phone, title);
		await writeBlock(phone, `${phone.owner} wrote this paragraph.`);
		await expectSafety(noteChip(phone), 'On this phone');
	}
	for (const phone of phones) await phone.findNetwork();

	for (const phone of phones) {
		const choice = phone.page.getByRole('group', { name: BOTH });
		await expectText(choice, /On sleep by Ana/);
		await expectText(choice, /The dry season by Ben/);
		await expectText(body(phone), 'Ana wrote this paragraph.');
		await expectText(body(phone), 'Ben wrote this paragraph.');
	}
	await ben.page.getByRole('button', { name: 'On sleep' }).tap();
	for (const phone of phones) {
		await expectCount(phone.page.getByRole('group', { name: BOTH }), 0, 'open questions');
		await until('the chosen title', async () => (await readNote(phone)).title === 'On sleep');
		await expectSafety(noteChip(phone), 'Safe on the server');
	}
	assert.deepEqual(await readNote(ana), await readNote(ben));
	for (const phone of phones) {
		await goTo(phone, 'Sessions');
		await expectCount(phone.page.locator('main a.item'), 1, 'notes of that day');
	}
});

scene('p04 two people type in one paragraph while connected: no letter is lost', async (world) => {
	const ana = await world.member('Ana');
	const ben = await world.member('Ben');
	await openTodaysNote(ana);
	await writeBlock(ana, 'Middle');
	await expectSafety(noteChip(ana), 'Safe on the server');
	await openTodaysNote(ben);
	await expectText(body(ben), 'Middle');
	const front = [...'At the front: '];
	const end = [...' and at the end.'];
	await Promise.all([typeAt(ana, 'Control+Home', front), typeAt(ben, 'Control+End', end)]);
	for (const phone of [ana, ben]) await expectText(body(phone), 'At the front: Middle and at the end.');
	assert.deepEqual((await readNote(ana)).blocks, (await readNote(ben)).blocks);
});

/**
 * Types as people do, one key at a time, so that the other's words come in between.
 * @param {import('../harness/phone.mjs').Phone} phone
 * @param {string} place the key that goes there
 * @param {string[]} letters
 */
async function typeAt(phone, place, letters) {
	await body(phone).click();
	await phone.page.keyboard.press(place);
	await phone.page.keyboard.type(letters.join(''), { delay: 120 });
}
