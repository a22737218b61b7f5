// @ts-check
import {
	beginTalk,
	body,
	chip,
	message,
	noteChip,
	openTalk,
	openTodaysNote,
	send,
	settled,
	typeMessage,
	writeBlock,
} from '../harness/acts.mjs';
import { expectCount, expectSafety, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene, World } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const NOTE = 'Written while there was room.';
/** Room for a few long messages. */
const LITTLE_BYTES = 50_000;
/** What there is never room for. */
const TOO_MUCH_BYTES = 500_000;
const LONG = 'and so on '.repeat(385);
const LONG_MAX = 60;
/** How often the browser is told anew that there is no room. */
const ATTEMPTS_MAX = 5;

/** So often the browser is started until it keeps to what it was told. */
const TRIES_MAX = 5;

/**
 * The browser gives the app so many bytes more, as long as the session lives. It starts anew for that: one that
 * runs goes on for a while with the room that it once found.
 * @param {Phone} phone
 * @param {number} moreBytes
 */
async function leaveRoom(phone, moreBytes) {
	for (let tries = 0; tries < TRIES_MAX; tries += 1) {
		await phone.turnOff();
		await phone.turnOn();
		// In a page of its own: where the app's page goes, the override does not always follow.
		const beside = await phone.context.newPage();
		await beside.goto(`${phone.proxy.origin}/icon.svg`);
		const used = await beside.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
		const session = await phone.context.newCDPSession(beside);
		const quotaSize = Math.max(1, used + moreBytes);
		await session.send('Storage.overrideQuotaForOrigin', { origin: phone.proxy.origin, quotaSize });
		if (await takes(beside, TOO_MUCH_BYTES)) continue;
		await phone.open('/');
		return session;
	}
	throw new Error('the browser does not keep to a quota');
}

/**
 * Whether the browser would keep so many bytes; none stay.
 * @param {import('playwright-core').Page} page
 * @param {number} bytes
 */
function takes(page, bytes) {
	return page.evaluate(
		(bytes) =>
			new Promise((resolve) => {
				const name = 'room';
				const end = (/** @type {boolean} */ taken) => {
					opening.result?.close?.();
					indexedDB.deleteDatabase(name).onsuccess = () => resolve(taken);
				};
				const opening = indexedDB.open(name, 1);
				opening.onupgradeneeded = () => opening.result.createObjectStore('bytes');
				opening.onerror = () => resolve(false);
				opening.onsuccess = () => {
					const transaction = opening.result.transaction('bytes', 'readwrite');
					transaction.objectStore('bytes').put(new Uint8Array(bytes), 1);
					transaction.oncomplete = () => end(true);
					transaction.onabort = () => end(false);
				};
			}),
		bytes,
	);
}

/** @param {World} world */
async function circleWithWords(world) {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await beginTalk([ana, ruth]);
	await openTodaysNote(ana);
	await writeBlock(ana, NOTE);
	await expectSafety(noteChip(ana), 'Safe on the server');
	await settled(ana);
	return { ruth, ana };
}

scene('p06 a phone that gets full says what to do, gives the words back and goes on reading', async (world) => {
	const { ruth, ana } = await circleWithWords(world);
	const full = await leaveRoom(ana, LITTLE_BYTES);
	await openTalk(ana);
	const refused = ana.page.locator('form [role="alert"]');
	let kept = 0;
	await until('the phone is full', async () => {
		if (kept > LONG_MAX) throw new Error(`there was room for ${kept} long messages`);
		const text = `Long ${kept + 1}: ${LONG}`;
		await typeMessage(ana, text);
		await ana.page.getByRole('button', { name: 'Send' }).tap();
		const here = message(ana, `Long ${kept + 1}:`).locator('[data-safety]:not([data-safety="saving"])');
		await here.or(refused).first().waitFor();
		if (await refused.isVisible()) return true;
		kept += 1;
		return false;
	});
	await expectText(refused, 'Your words are back in the box below.');
	await expectText(ana.page.locator('[data-problem="storage-full"]').first(), 'Delete photos, videos or apps');
	await until('the words are in the box', async () =>
		(await ana.page.getByLabel('Write to the circle').inputValue()).startsWith(`Long ${kept + 1}:`),
	);
	await expectCount(message(ana, `Long ${kept + 1}:`), 0, 'messages that were not kept');
	await message(ana, 'Good morning').waitFor();
	await openTodaysNote(ana);
	await expectText(body(ana), NOTE);

	await full.detach();
	await ana.turnOff();
	await ana.turnOn();
	await ana.open('/');
	await openTalk(ana);
	for (let number = 1; number <= kept; number += 1) {
		await expectSafety(chip(message(ana, `Long ${number}:`)), 'Safe on the server');
	}
	await send(ana, 'There is room again');
	await message(ruth, 'There is room again').waitFor();
	await expectCount(message(ruth, `Long ${kept + 1}:`), 0, 'messages that were not kept');
});

scene('p06 a phone without any room opens, reads, and loses nothing that was safe', async (world) => {
	const { ruth, ana } = await circleWithWords(world);
	let full = await leaveRoom(ana, -1e9);
	await openTodaysNote(ana);
	await expectText(body(ana), NOTE);
	await openTalk(ana);
	await message(ana, 'Good morning').waitFor();
	// What others write can't be kept; it is not lost by that.
	await openTalk(ruth);
	const problem = ana.page.locator('[data-problem="storage-full"]').first();
	/** @type {string[]} */
	const sent = [];
	// The override does not always reach the worker's writes: then what came was kept, and it is tried anew.
	for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
		const text = `Are you there, ${attempt}?`;
		sent.push(text);
		await send(ruth, text);
		const became = await until('refused or kept', async () => {
			if (await problem.isVisible()) return 'refused';
			return (await message(ana, text).isVisible()) ? 'kept' : null;
		});
		if (became === 'refused') break;
		await full.detach();
		full = await leaveRoom(ana, -1e9);
		await openTalk(ana);
	}
	await expectText(problem, 'Delete photos, videos or apps');

	await full.detach();
	await ana.turnOff();
	await ana.turnOn();
	await ana.open('/');
	await openTalk(ana);
	await message(ana, 'Good morning').waitFor();
	for (const text of sent) await message(ana, text).waitFor();
	await settled(ana);
});
