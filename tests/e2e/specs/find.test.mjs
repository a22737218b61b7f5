// @ts-check
/** Looking for words, on real phones: while one types, with no network, and what was taken back is not there. */
import assert from 'node:assert/strict';
import { expectPeople, goTo } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const WORDS = 'We met at the Café by the river.';

/** From the circle's screen. @param {Phone} phone */
async function openSearch(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: 'Search' }).tap();
	await phone.page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
}

/** @param {Phone} phone @param {string} words */
async function look({ page }, words) {
	await page.getByRole('searchbox').fill(words);
}

/** @param {Phone} phone */
const hits = ({ page }) => page.locator('a[data-hit]');

/** In the circle's thread. @param {Phone} phone @param {string} text */
async function say({ page }, text) {
	await page.getByRole('textbox').fill(text);
	await page.getByRole('button', { name: 'Send' }).tap();
	await page.getByText(text, { exact: true }).waitFor();
}

scene('words are found with no network, lead to their place, and are gone once they are taken back', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openSearch(ana);
	await gallery.show(ana, 'find-empty');
	await look(ana, 'river');
	await expectText(ana.page.locator('.page'), /Nothing has all of these words/);
	await gallery.show(ana, 'find-nothing');

	await goTo(ruth, 'Talk');
	await ruth.page.locator('a.item').first().tap();
	for (let at = 1; at <= 30; at++) await say(ruth, `Line ${at} before.`);
	await say(ruth, WORDS);
	for (let at = 1; at <= 30; at++) await say(ruth, `Line ${at} after.`);
	await until('the words have come', async () => {
		await openSearch(ana);
		await look(ana, 'cafe RIV');
		await ana.page.waitForTimeout(500);
		return (await hits(ana).count()) === 1;
	});
	await ana.loseNetwork();
	await expectText(hits(ana), /We met at the Café by the river\./);
	assert.deepEqual(await hits(ana).locator('mark').allTextContents(), ['Café', 'riv']);
	assert.equal(new URL(ana.page.url()).hash.includes('riv'), false, 'no word is in the address');
	await gallery.show(ana, 'find-found');
	await hits(ana).tap();
	const message = ana.page.locator('.message').filter({ hasText: WORDS });
	await until('the message is in sight', () => message.evaluate((/** @type {Element} */ it) => {
		const { top, bottom } = it.getBoundingClientRect();
		return top >= 0 && bottom <= window.innerHeight && it === document.activeElement;
	}));
	await ana.page.goBack();
	await expectCount(hits(ana), 0, 'results of a search that is over');
	assert.equal(await ana.page.getByRole('searchbox').inputValue(), '', 'the last search is not kept');
	await ana.findNetwork();

	const mine = ruth.page.locator('.message').filter({ hasText: WORDS });
	await mine.getByRole('button', { name: 'Reply or take back' }).tap();
	await ruth.page.getByRole('button', { name: 'Take back', exact: true }).tap();
	await ruth.page.getByRole('button', { name: 'Take it back' }).tap();
	await until('it is gone', async () => {
		await look(ana, 'cafe');
		await ana.page.waitForTimeout(500);
		return (await hits(ana).count()) === 0;
	});
});
