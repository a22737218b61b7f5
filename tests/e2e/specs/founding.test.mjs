// @ts-check
/** A circle that a facilitator starts from the phone. */
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';
import { settled } from '../harness/acts.mjs';

scene('a circle that was started says one thing at a time, and that it is safe once the server has it', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const { page } = ruth;
	await settled(ruth);
	await ruth.loseNetwork();
	await ruth.open('/#/found');
	await page.getByLabel('What is the circle called?').fill('The river circle');
	await page.getByLabel('What should people call you?').fill('Ruth');
	await page.getByRole('button', { name: 'Start the circle' }).click();
	await page.getByText('The server will know once there’s a connection').waitFor();
	await expectCount(page.getByText(/All safe/), 0, 'words that all is safe');
	await ruth.findNetwork();
	await expectText(page.locator('[data-sync]'), /^All safe on the server$/);
	await expectCount(page.getByText('The server will know once there’s a connection'), 0, 'words that it is not known yet');
});
