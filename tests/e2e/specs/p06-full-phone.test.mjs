// @ts-check
import { body, beginTalk, chip, message, openTalk, openTodaysNote, send, settled, typeMessage, writeBlock, noteChip, goTo } from '../harness/acts.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/**
 * The browser gives the app so much room; null: as much as there is.
 * @param {import('../harness/phone.mjs').Phone} phone
 * @param {number | null} bytes
 */
async function room(phone, bytes) {
	const session = await phone.context.newCDPSession(phone.page);
	const { origin } = phone.proxy;
	await session.send('Storage.overrideQuotaForOrigin', bytes === null ? { origin } : { origin, quotaSize: bytes });
	await session.detach();
}

scene('p06 a full phone says what to do, goes on reading and loses nothing that was safe', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await beginTalk([ana, ruth]);
	await openTodaysNote(ana);
	await writeBlock(ana, 'Written while there was room.');
	await expectSafety(noteChip(ana), 'Safe on the server');
	await settled(ana);
	await openTalk(ana);

	await room(ana, 1);
	await typeMessage(ana, 'There is no room for this');
	await ana.page.getByRole('button', { name: 'Send' }).tap();
	await expectText(ana.page.locator('main, .banners').locator('[data-problem="storage-full"]').first(), /This phone is full|space|room/i);
	await expectText(ana.page.locator('[data-problem="storage-full"]').first(), 'Delete photos, videos or apps that you do not need');
	await expectText(ana.page.locator('form [role="alert"]'), 'Your words are back in the box below.');
	await expectText(ana.page.locator('main'), 'Good morning');
	await expectCount(message(ana, 'There is no room for this'), 0, 'messages that were not kept');
	// What others write can't be kept either; no answer is lost by that.
	await send(ruth, 'Are you there?');
	await expectSafety(chip(message(ruth, 'Are you there?')), 'Safe on the server');

	await openTodaysNote(ana);
	await expectText(body(ana), 'Written while there was room.');
	await ana.page.reload();
	await expectText(body(ana), 'Written while there was room.');
	await goTo(ana, 'Saved');

	await room(ana, null);
	await openTalk(ana);
	await message(ana, 'Good morning').waitFor();
	await send(ana, 'There is room again');
	await expectSafety(chip(message(ana, 'There is room again')), 'Safe on the server');
	await message(ana, 'Are you there?').waitFor();
	await message(ruth, 'There is room again').waitFor();
	await expectCount(message(ruth, 'There is no room for this'), 0, 'messages that were not kept');
});
