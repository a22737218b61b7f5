// @ts-check
/** P17, on the screen: of a note that several people write, everyone can see who wrote each word. */
import assert from 'node:assert/strict';
import { body, expectPeople, noteChip, openTodaysNote, writeBlock } from '../harness/acts.mjs';
import { expectSafety, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

scene('p17 a joint note shows who wrote each word, and says so anew while people write', async (world) => {
	const ana = await world.member('Ana');
	const ben = await world.member('Ben');
	await expectPeople(ana, ['Ana', 'Ben']);
	await openTodaysNote(ana);
	await writeBlock(ana, 'We met at the wel.');
	await expectSafety(noteChip(ana), 'Safe on the server');
	await openTodaysNote(ben);
	await expectText(body(ben), 'We met at the wel.');
	await body(ben).tap();
	for (const key of ['Control+End', 'ArrowLeft']) await ben.page.keyboard.press(key);
	await ben.page.keyboard.type('l');
	await expectText(body(ana), 'We met at the well.');
	for (const phone of [ana, ben]) await phone.page.getByText(/^Written by /).tap();
	for (const phone of [ana, ben]) {
		await until('both are named', async () => shown(await wrote(phone)) === 'Ana: We met at the | Ben: well.');
	}

	await ben.page.keyboard.press('Control+End');
	await body(ben).press('Control+End');
	await ben.page.keyboard.type(' It rained.');
	for (const phone of [ana, ben]) {
		const now = 'Ana: We met at the | Ben: well. It rained.';
		await until('what was added is named', async () => shown(await wrote(phone)) === now);
	}
	assert.deepEqual([...ana.witness.complaints, ...ben.witness.complaints], []);
});

/** What stands under "Written by": who, and their words. @param {Phone} phone @returns {Promise<[string, string][]>} */
async function wrote({ page }) {
	return page.locator('details[open] p:has(> b)').evaluateAll((passages) =>
		passages.map((one) => [one.querySelector('b')?.textContent ?? '', one.querySelector('span')?.textContent ?? '']),
	);
}

/** @param {[string, string][]} passages */
function shown(passages) {
	const people = (/** @type {string} */ names) => names.split(' and ').sort().join('+');
	return passages.map(([names, text]) => `${people(names)}: ${text}`).join(' | ');
}
