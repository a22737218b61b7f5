// @ts-check
/** All that matters, with no finger on the screen. */
import { body, chip, message } from '../harness/acts.mjs';
import { expectSafety, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** No screen has more stops. */
const STOPS_MAX = 60;

/**
 * Presses Tab until the focus is on what has that name, as a screen reader would say it.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} wanted
 */
async function tabTo(page, wanted) {
	await wanted.waitFor();
	for (let stop = 0; stop < STOPS_MAX; stop += 1) {
		if (await wanted.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`no way to ${wanted} by Tab`);
}

scene('p24 by keyboard alone: come in, open the note, write, send a message', async (world) => {
	const ana = await world.phone('Ana');
	const page = await ana.open(world.server.links.member);
	const press = async (/** @type {import('playwright-core').Locator} */ target) => {
		await tabTo(page, target);
		await page.keyboard.press('Enter');
	};
	await tabTo(page, page.getByLabel('What should people call you?'));
	await page.keyboard.type('Ana');
	await page.keyboard.press('Enter');
	await press(page.getByRole('link', { name: 'Not now' }));
	await press(page.getByRole('button', { name: 'Start today’s note' }));

	await tabTo(page, page.getByRole('textbox', { name: 'Title' }));
	await page.keyboard.type('By keyboard');
	const list = page.locator('details', { hasText: 'Who is here' });
	await press(list.locator('summary'));
	await tabTo(page, list.locator('button[aria-pressed]').filter({ hasText: 'Ana' }));
	await page.keyboard.press('Space');
	await expectText(list, 'Here');
	await tabTo(page, body(ana));
	await page.keyboard.type('# A heading');
	await page.keyboard.press('Enter');
	await page.keyboard.type('and a paragraph');
	await expectText(body(ana), /A heading.*and a paragraph/);
	await body(ana).getByRole('heading', { name: 'A heading' }).waitFor();
	// The editor does not keep the focus.
	await press(page.getByRole('button', { name: 'To-do' }));
	await press(page.getByRole('link', { name: 'Back', exact: true }));

	await press(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Talk' }));
	await press(page.getByRole('link').filter({ hasText: 'The whole circle' }));
	await tabTo(page, page.getByLabel('Write to the circle'));
	await page.keyboard.type('Sent by keyboard');
	await press(page.getByRole('button', { name: 'Send' }));
	await expectSafety(chip(message(ana, 'Sent by keyboard')), 'Safe on the server');
});
