// @ts-check
/** The clock decides nothing: set it as you like, everything is delivered, dated rightly, and said once. */
import {
	body,
	message,
	noteChip,
	openTalk,
	openTodaysNote,
	send,
	settled,
	goTo,
	words,
	writeBlock,
} from '../harness/acts.mjs';
import assert from 'node:assert/strict';
import { setClock, wake } from '../harness/clock.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const YEAR_MS = 365 * DAY_MS;

scene('p28 what was typed is sent by itself after the clock was set back', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	for (const phone of [ruth, ana]) {
		await settled(phone);
		await openTodaysNote(phone);
	}
	for (const [minutes, ahead] of [
		[10, 10 * MINUTE_MS],
		[60, 60 * MINUTE_MS],
		['all', 2 * YEAR_MS],
	]) {
		await setClock(ana, Number(ahead));
		await writeBlock(ana, `Ahead by ${minutes}.`);
		await expectText(body(ruth), `Ahead by ${minutes}.`);
		await setClock(ana, 0);
		await writeBlock(ana, `Back from ${minutes}.`);
		await expectText(body(ruth), `Back from ${minutes}.`);
	}
	await expectSafety(noteChip(ana), 'Safe on the server');
});

scene('p28 a clock that is years off dates nothing, and its person is told once', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await settled(ana);
	await openTalk(ruth);
	await send(ruth, 'First');
	await openTalk(ana);
	await message(ana, 'First').waitFor();
	await setClock(ana, 2 * YEAR_MS);
	await send(ana, 'Second');
	await message(ruth, 'Second').waitFor();
	await send(ruth, 'Third');
	await message(ana, 'Third').waitFor();
	for (const phone of [ana, ruth]) assert.deepEqual(await words(phone), ['First', 'Second', 'Third']);

	await settled(ana);
	const card = ana.page.locator('[data-clock]');
	await expectText(card, 'about 2 years ahead');
	await card.getByRole('button', { name: 'All right' }).click();
	await expectCount(card, 0, 'the notice');
	await openTalk(ana);
	await send(ana, 'Fourth');
	await settled(ana);
	await expectCount(card, 0, 'the notice');
});

scene('p28 left open over midnight, today is another day', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	await openTodaysNote(ana);
	await writeBlock(ana, 'Begun before midnight.');
	await goTo(ana, 'Circle');
	const { page } = ana;
	await page.getByRole('link', { name: 'Open today’s note' }).waitFor();
	await settled(ana);
	// The page sleeps over midnight; the engine has not looked since.
	await page.evaluate((ms) => {
		const real = Date.now.bind(Date);
		Date.now = () => real() + ms;
	}, DAY_MS);
	await wake(ana);
	await page.getByRole('button', { name: 'Start today’s note' }).waitFor();
});
