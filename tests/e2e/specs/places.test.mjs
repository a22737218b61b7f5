// @ts-check
/** Going back, hiding, settings, and a screen with room. */
import assert from 'node:assert/strict';
import { goTo, message, openTalk, openTodaysNote, send, setPin, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** @param {Phone} phone @param {number} count */
async function startTalks({ page }, count) {
	for (let at = 0; at < count; at++) {
		await page.getByRole('button', { name: 'Start a conversation' }).click();
		await page.getByLabel('What is it about?').fill(`Talk number ${at + 1}`);
		await page.getByRole('button', { name: 'Start', exact: true }).click();
		await page.getByLabel('Write to the circle').waitFor();
		await page.getByRole('link', { name: 'Back', exact: true }).click();
		await page.getByRole('link', { name: new RegExp(`Talk number ${at + 1}\\b`) }).waitFor();
	}
}

scene('going back finds the place in a list, by the bar and by the browser, with the focus', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const { page } = ruth;
	await goTo(ruth, 'Talk');
	await startTalks(ruth, 14);
	for (const way of ['bar', 'browser']) {
		const line = page.getByRole('link', { name: /Talk number 3\b/ });
		await line.scrollIntoViewIfNeeded();
		await page.evaluate(() => window.scrollBy(0, 60));
		// The focus brings it out from behind the bar.
		await line.focus();
		const seen = [await line.boundingBox()];
		await until('the list stands still', async () => {
			seen.unshift(await line.boundingBox());
			return seen.length > 5 && seen.slice(0, 5).every((box) => box?.y === seen[0]?.y);
		});
		const [before] = seen;
		assert.ok(before && (await page.evaluate(() => window.scrollY)) > 100, 'the list is longer than the screen');
		// What came meanwhile may have drawn the list anew.
		await line.focus();
		await page.keyboard.press('Enter');
		await page.getByLabel('Write to the circle').waitFor();
		if (way === 'bar') await page.getByRole('link', { name: 'Back', exact: true }).click();
		else await page.goBack();
		await line.waitFor();
		await until(`the place is found again by the ${way}`, async () => {
			const after = await line.boundingBox();
			return after !== null && Math.abs(after.y - before.y) < 3;
		});
		await until(`the focus is found again by the ${way}`, () =>
			line.evaluate((element) => element === document.activeElement),
		);
	}
	await goTo(ruth, 'Saved');
	await goTo(ruth, 'Talk');
	assert.equal(await page.evaluate(() => window.scrollY), 0, 'who comes by the bar of places begins at the top');
});

scene('two quick taps on the way back go back once', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const { page } = ruth;
	await goTo(ruth, 'Talk');
	for (const way of ['a double tap', 'one that is slow', 'two taps in one task']) {
		await page.getByRole('link', { name: /^The whole circle/ }).click();
		await page.getByLabel('Write to the circle').waitFor();
		const back = page.getByRole('link', { name: 'Back', exact: true });
		if (way === 'a double tap') await back.dblclick();
		else if (way === 'one that is slow') await back.dblclick({ delay: 150 });
		else await back.evaluate((/** @type {HTMLElement} */ link) => (link.click(), link.click()));
		await page.getByRole('button', { name: 'Start a conversation' }).waitFor();
		await page.waitForTimeout(300);
		assert.match(page.url(), /\/talk$/, `${way} ends on the list`);
	}
});

scene('the focus stays on its row when the list is drawn in another order', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ben = await world.member('Ben');
	await goTo(ruth, 'Talk');
	await startTalks(ruth, 3);
	await settled(ruth);
	for (const title of ['Talk number 1', 'Talk number 2', 'Talk number 3', 'The whole circle']) {
		await openTalk(ben, title);
		await send(ben, `First in ${title}`);
	}
	await settled(ben);
	await goTo(ruth, 'Talk');
	const rows = ruth.page.locator('main ul a');
	for (const title of ['Talk number 2', 'Talk number 1', 'Talk number 3']) {
		const row = rows.filter({ hasText: title });
		await until('it is not the first row', async () => !(await rows.first().innerText()).includes(title));
		await row.focus();
		await openTalk(ben, title);
		await send(ben, `News in ${title}`);
		await until('it is the first row now', async () => (await rows.first().innerText()).includes(`News in ${title}`));
		assert.ok(await row.evaluate((element) => element === document.activeElement), `the focus is on ${title}`);
	}
	// Whoever left the row is not called back to it.
	await ruth.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
	await openTalk(ben, 'Talk number 2');
	await send(ben, 'Once more');
	await until('it is the first row now', async () => (await rows.first().innerText()).includes('Once more'));
	assert.ok(await ruth.page.evaluate(() => document.activeElement === document.body), 'the focus is nowhere');
});

scene('p20 without a PIN, going back after hiding shows nothing of Kith; opening it anew does', async (world) => {
	const ana = await world.member('Ana');
	const { page } = ana;
	await openTalk(ana);
	await send(ana, 'Only for us');
	await goTo(ana, 'Saved');
	await page.getByRole('button', { name: 'Hide', exact: true }).tap();
	await page.waitForURL('**/notes.html');
	for (let steps = 0; steps < 5; steps++) {
		await page.goBack({ waitUntil: 'load' }).catch(() => null);
		if (page.url() === 'about:blank') break;
		await page.waitForURL('**/notes.html');
		assert.equal(await page.title(), 'Notes');
		const html = await page.content();
		assert.deepEqual(['Kith', 'Only for us', 'Saved'].filter((word) => html.includes(word)), []);
	}
	await ana.open('/');
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
});

scene('settings stand in one place, and one’s name is changed there', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana');
	const other = await world.phone('Ana2');
	const { page } = ana;
	await settled(ana);
	await goTo(ana, 'Settings');
	for (const heading of ['You in this circle', 'Your phones', 'PIN and lock', 'Data on this phone', 'Leaving this phone'])
		await page.getByRole('heading', { name: heading }).waitFor();
	await page.getByRole('link', { name: 'Printed code' }).waitFor();
	await gallery.show(ana, 'settings');
	await page.getByRole('button', { name: 'Change my name' }).click();
	await page.getByLabel('Your name in this circle').fill('Anita');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expectText(page.locator('main'), 'Your name in this circle: Anita');
	await goTo(ana, 'Circle');
	await expectCount(page.getByRole('button', { name: 'Change my name' }), 0, 'ways to change it elsewhere');
	const guest = await other.open(world.server.links.member);
	await guest.getByLabel('What should people call you?').fill('Anita');
	await guest.getByRole('button', { name: 'Join the circle' }).click();
	await guest.getByRole('link', { name: 'Not now' }).click();
	await guest.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await goTo(other, 'Settings');
	await expectText(guest.locator('main'), 'Someone else here has the same name, so others see: Anita (2)');
	assert.deepEqual(gallery.faults, []);
});

for (const width of [768, 1280]) {
	scene(`p24 at ${width} px the list stands beside what is open`, async (world) => {
		const gallery = new Gallery();
		const ruth = await world.member('Ruth', 'facilitator', { viewport: { width, height: 800 } });
		const { page } = ruth;
		await gallery.show(ruth, `wide-${width}-home`);
		await goTo(ruth, 'Talk');
		await startWide(ruth, 'Rides and roads');
		const list = page.getByRole('complementary');
		await list.getByRole('link', { name: /The whole circle/ }).click();
		await send(ruth, 'Good morning');
		await list.locator('a[aria-current="page"]').filter({ hasText: 'Good morning' }).waitFor();
		await message(ruth, 'Good morning').waitFor();
		const [side, open] = [await list.boundingBox(), await message(ruth, 'Good morning').boundingBox()];
		assert.ok(side && open && side.x + side.width <= open.x + 1, JSON.stringify({ side, open }));
		await gallery.show(ruth, `wide-${width}-thread`);
		await openTodaysNote(ruth);
		await list.locator('a[aria-current="page"]').waitFor();
		await gallery.show(ruth, `wide-${width}-note`);
		await page.setViewportSize({ width: 360, height: 640 });
		await expectCount(list, 0, 'lists beside the page of a phone');
		assert.deepEqual(gallery.faults, []);
	});
}

/** @param {Phone} phone @param {string} title */
async function startWide({ page }, title) {
	await page.getByRole('button', { name: 'Start a conversation' }).click();
	await page.getByLabel('What is it about?').fill(title);
	await page.getByRole('button', { name: 'Start', exact: true }).click();
	await page.getByLabel('Write to the circle').waitFor();
}

scene('the lock screen and the first say what the crossed-out eye does', async (world) => {
	const ana = await world.phone('Ana');
	const page = await ana.open('/');
	await page.getByText('The crossed-out eye hides Kith at once.').waitFor();
	const ben = await world.member('Ben');
	await setPin(ben, '493028', 'Boat');
	await goTo(ben, 'Settings');
	await ben.page.getByRole('button', { name: 'Lock now' }).click();
	await ben.page.getByText('The crossed-out eye hides Kith at once.').waitFor();
});
