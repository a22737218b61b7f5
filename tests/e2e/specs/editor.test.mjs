// @ts-check
/** The note's body on the whole app: left in the middle of a word, with bold that ends, and with more than it holds. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { body, goTo, openTodaysNote, settled, writeBlock } from '../harness/acts.mjs';
import { SCREENSHOTS } from '../harness/env.mjs';
import { expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** Letters that a keyboard composes, and has not handed over. @param {Phone} phone @param {string} word */
async function composing({ page }, word) {
	const session = await page.context().newCDPSession(page);
	for (let end = 1; end <= word.length; end++)
		await session.send('Input.imeSetComposition', { text: word.slice(0, end), selectionStart: end, selectionEnd: end });
}

/** What is bold in the open note. @param {Phone} phone */
const bold = (phone) => body(phone).locator('strong').allInnerTexts();

scene('p02 a note that is left while a keyboard composes keeps the word, and nothing fails', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const { page } = ana;
	/** @type {string[]} */
	const faults = [];
	page.on('pageerror', (error) => faults.push(String(error)));
	await openTodaysNote(ana);
	await writeBlock(ana, 'We said:');
	/** @type {(() => Promise<unknown>)[]} */
	const ways = [
		() => page.getByRole('link', { name: 'Back', exact: true }).click(),
		() => page.evaluate(() => history.back()),
		() => page.evaluate(() => void (location.hash = location.hash.replace(/note.*/, 'talk'))),
	];
	const words = ['hola', 'mañana', 'ぎゅうにゅう'];
	for (const [nth, way] of ways.entries()) {
		await body(ana).click();
		await page.keyboard.press('Control+End');
		await composing(ana, words[nth] ?? '');
		await way();
		await body(ana).waitFor({ state: 'detached' });
		await openTodaysNote(ana);
		await expectText(body(ana), words[nth] ?? '');
	}
	await settled(ana);
	await page.reload();
	await openTodaysNote(ana);
	for (const word of words) await expectText(body(ana), word);
	assert.deepEqual(faults, []);
	assert.deepEqual(ana.witness.complaints, []);
});

scene('p17 bold ends where its person ended it, on every phone, whatever is written behind it', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const ben = await world.member('Ben');
	await openTodaysNote(ana);
	await writeBlock(ana, 'Bring');
	await ana.page.keyboard.type(' ');
	const button = ana.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Bold' });
	await button.click();
	await ana.page.keyboard.type('tea');
	await button.click();
	await ana.page.keyboard.type(' and cups.');
	await writeBlock(ana, 'Then we walk.');
	await settled(ana);
	for (const phone of [ana, ben]) {
		await openTodaysNote(phone);
		await expectText(body(phone), 'Then we walk.');
		assert.deepEqual(await bold(phone), ['tea'], phone.owner);
	}
	await writeBlock(ben, 'And sing.');
	await expectText(body(ana), 'And sing.');
	for (const phone of [ana, ben]) assert.deepEqual(await bold(phone), ['tea'], `${phone.owner}, once more`);
	// A bold end of the note: what another writes behind it is not.
	await body(ana).click();
	await ana.page.keyboard.press('Control+End');
	await button.click();
	await ana.page.keyboard.type(' Loud!');
	await expectText(body(ben), 'Loud!');
	await writeBlock(ben, 'Softly.');
	await expectText(body(ana), 'Softly.');
	for (const phone of [ana, ben]) {
		await goTo(phone, 'Circle');
		await openTodaysNote(phone);
		await until(`${phone.owner}'s bold ends`, async () => {
			const all = (await bold(phone)).map((one) => one.trim());
			return all.join() === 'tea,Loud!';
		});
	}
});

scene('a paste beyond what a note holds is said in a sentence, and its words are kept', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const { page } = ana;
	await openTodaysNote(ana);
	await writeBlock(ana, 'Before.');
	await page.keyboard.press('Enter');
	await page.evaluate((long) => {
		const clipboard = new DataTransfer();
		clipboard.setData('text/plain', long);
		const init = { clipboardData: clipboard, bubbles: true, cancelable: true };
		document.querySelector('.body')?.dispatchEvent(new ClipboardEvent('paste', init));
	}, 'z'.repeat(200_010));
	const alert = page.locator('main [data-problem]');
	await expectText(alert, 'more than one note can hold');
	await expectText(alert, 'Your words stay here');
	const box = await alert.boundingBox();
	assert.ok(box && box.y > 0 && box.y + box.height < 600, `it is in sight, above the buttons: ${JSON.stringify(box)}`);
	assert.doesNotMatch(await alert.innerText(), /there are already|of characters/);
	if (SCREENSHOTS !== null) await ana.picture(join(SCREENSHOTS, 'note-full.png'));
	await page.waitForTimeout(1_500);
	await page.reload();
	await body(ana).waitFor();
	await until('the words are there again', async () => ((await body(ana).textContent()) ?? '').length > 200_000);
});
