// @ts-check
/** A saved file that is older than the phone it came from: what was written since comes back, and the phone speaks. */
import { readFile } from 'node:fs/promises';
import { message, openPhone, openTalk, send, setPin, settled, typePin } from '../harness/acts.mjs';
import { expectCount } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

scene('p27 a phone opened from an older saved file takes back what it wrote since, speaks again, and says so once', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await setPin(ana, '493028', 'Leaf');
	await openTalk(ana);
	await send(ana, 'Before the file');
	await settled(ana);
	await openPhone(ana);
	await ana.page.getByRole('link', { name: 'Leave this phone' }).click();
	await ana.page.getByRole('heading', { level: 1, name: 'Leave this phone' }).waitFor();
	const downloading = ana.page.waitForEvent('download');
	await ana.page.getByRole('button', { name: 'Save a sealed file' }).click();
	const bytes = await readFile(await (await downloading).path());
	await ana.page.getByRole('link', { name: 'Stay' }).click();
	await openTalk(ana);
	await send(ana, 'After the file');
	await settled(ana);
	await ana.turnOff();

	const other = await world.phone('Other');
	const page = await other.open('/');
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	await page.locator('summary', { hasText: 'Open a saved file' }).click();
	await page
		.getByLabel('Choose the file')
		.setInputFiles({ name: 'notes.sealed', mimeType: 'application/octet-stream', buffer: bytes });
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	await typePin(other, '493028');
	const told = page.getByRole('heading', { name: 'This phone is up to date again' });
	await told.waitFor();
	await page.getByRole('button', { name: 'I’ve read this' }).click();
	await expectCount(told, 0, 'what was read');
	await openTalk(other);
	await message(other, 'After the file').waitFor();
	await send(other, 'Here again');
	await settled(other);
	await openTalk(ruth);
	for (const text of ['Before the file', 'After the file', 'Here again']) {
		await message(ruth, text).waitFor();
		await expectCount(message(ruth, text), 1, text);
	}
});
