// @ts-check
/** What others write appears while one looks on. */
import { message, openTalk, send, settled } from '../harness/acts.mjs';
import { scene } from '../harness/world.mjs';

scene('the first message of a conversation appears on a phone that has it open', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await settled(ruth);
	await openTalk(ruth);
	await openTalk(ana);
	await send(ana, 'The very first');
	await message(ruth, 'The very first').waitFor({ timeout: 8_000 });
});
