// @ts-check
/** A person comes in at a session where no phone has a network. */
import assert from 'node:assert/strict';
import {
	enrol,
	expectPeople,
	goTo,
	message,
	openPeople,
	openTalk,
	send,
	settled,
	showOwnCode,
	shownCode,
	sixWords,
	typeCode,
} from '../harness/acts.mjs';
import { holdBefore } from '../harness/camera.mjs';
import { expectText } from '../harness/see.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */
/** @typedef {import('../harness/world.mjs').World} World */

/**
 * A facilitator who was online once, and someone new whose phone has the app; then the network is gone.
 * @param {World} world
 * @param {boolean} camera
 */
async function atTheSession(world, camera) {
	const ruth = await world.phone('Ruth', { camera });
	await enrol(ruth, world.server.links.facilitator);
	await settled(ruth);
	const kofi = await world.phone('Kofi', { camera });
	const page = await kofi.open('/');
	await page.getByRole('link', { name: 'No network? Come in with a code' }).waitFor();
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
	await Promise.all([ruth.loseNetwork(), kofi.loseNetwork()]);
	await openPeople(ruth);
	await ruth.page.getByRole('link', { name: 'Let in with no network' }).click();
	await ruth.page.getByRole('button', { name: 'Scan their code' }).waitFor();
	return { ruth, kofi };
}

/**
 * Both see the same words, say yes, and the new phone is in.
 * @param {Phone} ruth
 * @param {Phone} kofi
 */
async function compareAndGoIn(ruth, kofi) {
	await ruth.page.getByRole('button', { name: 'They scanned it' }).click();
	assert.deepEqual(await sixWords(kofi), await sixWords(ruth));
	const gallery = new Gallery();
	await gallery.show(ruth, 'six-words');
	assert.deepEqual(gallery.faults, []);
	for (const { page } of [ruth, kofi]) await page.getByRole('button', { name: 'Yes, the same' }).click();
	await ruth.page.getByRole('heading', { name: 'Kofi is in.' }).waitFor();
	await kofi.page.getByText('You’re in. The server will know once there’s a connection.').waitFor();
}

scene('p15 with no network two cameras let a person in, and what they write reaches the circle later', async (world) => {
	const { ruth, kofi } = await atTheSession(world, true);
	await showOwnCode(kofi);
	await holdBefore(kofi.page, ruth.film);
	await ruth.page.getByRole('button', { name: 'Scan their code' }).click();
	await ruth.page.getByRole('heading', { name: 'Let them scan this' }).waitFor();
	await holdBefore(ruth.page, kofi.film);
	await kofi.page.getByRole('button', { name: 'They scanned it' }).click();
	await compareAndGoIn(ruth, kofi);

	await openTalk(kofi);
	await send(kofi, 'My first words, with no network');
	await kofi.findNetwork();
	await ruth.findNetwork();
	await settled(kofi);
	await settled(ruth);
	await expectPeople(ruth, ['Ruth', 'Kofi']);
	await expectText(kofi.page.locator('main'), /^(?!.*The server will know)/s);
	await openTalk(ruth);
	await message(ruth, 'My first words, with no network').waitFor();
});

scene('p15 without a camera the codes are typed, and the facilitator alone may go online first', async (world) => {
	const { ruth, kofi } = await atTheSession(world, false);
	await showOwnCode(kofi);
	await ruth.page.getByRole('button', { name: 'Scan their code' }).click();
	await typeCode(ruth, 'HELLO');
	await ruth.page.locator('[data-problem="code-invalid"]').waitFor();
	await typeCode(ruth, await shownCode(kofi));
	await ruth.page.getByRole('heading', { name: 'Let them scan this' }).waitFor();
	await kofi.page.getByRole('button', { name: 'They scanned it' }).click();
	await typeCode(kofi, await shownCode(ruth));
	await compareAndGoIn(ruth, kofi);
	await ruth.findNetwork();
	await settled(ruth);
	// Kofi's own phone is what tells the circle their name.
	await expectPeople(ruth, ['Ruth', 'Someone new']);
	await kofi.findNetwork();
	await settled(kofi);
	await expectPeople(kofi, ['Ruth', 'Kofi']);
	await expectPeople(ruth, ['Ruth', 'Kofi']);
});

scene('p15 when the words differ, who was let in is taken out again', async (world) => {
	const { ruth, kofi } = await atTheSession(world, false);
	await showOwnCode(kofi);
	await ruth.page.getByRole('button', { name: 'Scan their code' }).click();
	await typeCode(ruth, await shownCode(kofi));
	await ruth.page.getByRole('button', { name: 'They scanned it' }).click();
	await ruth.page.getByRole('button', { name: 'No, not the same' }).click();
	await expectText(ruth.page.getByRole('alert'), 'has been taken out again.');
	await ruth.page.getByRole('link', { name: 'To the people' }).click();
	const out = ruth.page.locator('[data-standing="removed"]');
	await out.waitFor();
	await ruth.findNetwork();
	await settled(ruth);
	await goTo(ruth, 'Circle');
	await openPeople(ruth);
	// Kofi's phone, which alone could have told the circle their name, was turned away.
	await expectText(ruth.page.locator('li', { has: out }), 'Someone new');
});
