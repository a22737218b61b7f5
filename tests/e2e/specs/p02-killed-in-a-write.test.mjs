// @ts-check
/**
 * A browser that is killed while it writes leaves half a record in the log under its databases. Chromium passes over it,
 * writes on behind it, and at the start after that deletes all that the app has.
 */
import { beginTalk, chip, message, openTalk, send } from '../harness/acts.mjs';
import { expectSafety } from '../harness/see.mjs';
import { tearLog } from '../harness/torn.mjs';
import { scene } from '../harness/world.mjs';

scene('p02 a browser that was killed in a write has everything, also at the start after the next', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	await beginTalk([ana]);
	for (const text of ['after the first kill', 'after the second']) {
		await ana.turnOff();
		await tearLog(ana);
		await ana.turnOn();
		await ana.open('/');
		await openTalk(ana);
		await send(ana, text);
		await expectSafety(chip(message(ana, text)), 'Safe on the server');
	}
	await ana.turnOff();
	await ana.turnOn();
	await ana.open('/');
	await openTalk(ana);
	for (const text of ['Good morning', 'after the first kill', 'after the second']) await message(ana, text).waitFor();
});
