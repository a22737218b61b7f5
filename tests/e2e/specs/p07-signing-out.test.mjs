// @ts-check
/** Who leaves a phone is first told what only that phone has. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { message, openPhone, openTalk, send, setPin, settled, typePin } from '../harness/acts.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** @param {Phone} phone */
async function beginToLeave(phone) {
	await openPhone(phone);
	await phone.page.getByRole('link', { name: 'Leave this phone' }).click();
	await phone.page.getByRole('heading', { level: 1, name: 'Leave this phone' }).waitFor();
}

scene('p07 signing out counts what is unsent, and offers to send it, to save it, or to stay', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const { page } = ana;
	await settled(ana);
	await ana.loseNetwork();
	await openTalk(ana);
	await send(ana, 'Not sent yet');
	await beginToLeave(ana);
	await expectText(page.locator('main'), '1 thing is only on this phone.');
	await expectText(page.locator('main'), 'Sealing a file takes a PIN');

	// Staying changes nothing.
	await page.getByRole('link', { name: 'Stay' }).click();
	await openTalk(ana);
	await message(ana, 'Not sent yet').waitFor();

	await beginToLeave(ana);
	await page.getByRole('button', { name: 'Send it now' }).click();
	await expectText(page.locator('main'), 'It couldn’t be sent just now.');
	// One tap does not lose it.
	await page.getByRole('button', { name: 'Leave, and lose what was not sent' }).click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await ana.findNetwork();
	await expectText(page.locator('main'), /Send it now|Everything you wrote is safe/);
	const again = page.getByRole('button', { name: 'Send it now' });
	if (await again.isVisible()) await again.click();
	await expectText(page.locator('main'), 'Everything you wrote is safe on the server.');
	await openTalk(ruth);
	await message(ruth, 'Not sent yet').waitFor();
	await page.getByRole('button', { name: 'Leave this phone' }).click();
	await page.getByRole('button', { name: 'Leave this phone' }).click();
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
});

scene('p07 a saved file brings everything to another phone, the unsent too, and opens with its PIN alone', async (world) => {
	const ana = await world.member('Ana');
	await setPin(ana, '493028', 'Leaf');
	await ana.loseNetwork();
	await openTalk(ana);
	await send(ana, 'Only in the file');
	await beginToLeave(ana);
	const downloading = ana.page.waitForEvent('download');
	await ana.page.getByRole('button', { name: 'Save a sealed file' }).click();
	const path = await (await downloading).path();
	const bytes = await readFile(path);
	for (const word of ['Only in the file', 'Ana'])
		for (const encoding of /** @type {const} */ (['utf8', 'utf16le']))
			assert.ok(!bytes.includes(Buffer.from(word, encoding)), `${word} is not in the file`);
	await ana.page.getByRole('button', { name: 'Leave this phone' }).click();
	await ana.findNetwork();
	await ana.page.getByRole('button', { name: 'Leave this phone' }).click();
	await ana.page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();

	const other = await world.phone('Other');
	const page = await other.open('/');
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	const damaged = Buffer.from(bytes);
	damaged[bytes.length >> 1] = (damaged[bytes.length >> 1] ?? 0) ^ 1;
	const file = (/** @type {Buffer} */ buffer) => ({ name: 'notes.sealed', mimeType: 'application/octet-stream', buffer });
	await page.locator('summary', { hasText: 'Open a saved file' }).click();
	await page.getByLabel('Choose the file').setInputFiles(file(damaged));
	await page.getByText('This is damaged').waitFor();
	await page.getByLabel('Choose the file').setInputFiles(file(bytes));
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	await typePin(other, '493029');
	await page.getByText('That’s not right.').waitFor();
	await typePin(other, '493028');
	await openTalk(other);
	await message(other, 'Only in the file').waitFor();
	await expectCount(message(other, 'Only in the file'), 1, 'the message');
	await settled(other);
});
