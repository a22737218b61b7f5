// @ts-check
import assert from 'node:assert/strict';
import { beginTalk, chip, goTo, message, openTalk, send, settled, typeMessage } from '../harness/acts.mjs';
import { expectCount, expectInOrder, expectSafety, expectText, watchChip } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** The line on the circle's screen that says how things stand. @param {import('../harness/phone.mjs').Phone} phone */
const line = (phone) => phone.page.locator('[data-sync]');

scene('p01 safe is said after the acknowledgement came, not when the server has it', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await beginTalk([ana, ruth]);

	ana.proxy.holdAnswers();
	const said = await watchChip(ana.page, { inside: 'li[data-key]', having: 'Held back' });
	await send(ana, 'Held back');
	// It is on the server, and even on Ruth's phone; Ana's can't know.
	await expectCount(message(ruth, 'Held back'), 1, 'the message on the other phone');
	assert.ok(!(await said()).includes('Safe on the server'), (await said()).join(', then '));
	await goTo(ana, 'Saved');
	await expectText(ana.page.locator('main'), /Being sent now The whole circle Sending/);
	await openTalk(ana);
	assert.notEqual(await chip(message(ana, 'Held back')).innerText(), 'Safe on the server');

	ana.proxy.releaseAnswers();
	await expectSafety(chip(message(ana, 'Held back')), 'Safe on the server');
	await expectInOrder(said, ['On this phone', 'Safe on the server']);
});

scene('p01 an answer that breaks off is no acknowledgement', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await beginTalk([ana, ruth]);
	ana.proxy.holdAnswers();
	await send(ana, 'Half an answer');
	await expectCount(message(ruth, 'Half an answer'), 1, 'the message on the other phone');
	await ana.loseNetwork();
	ana.proxy.releaseAnswers();
	await expectSafety(chip(message(ana, 'Half an answer')), 'On this phone');
	await ana.findNetwork();
	await expectSafety(chip(message(ana, 'Half an answer')), 'Safe on the server');
	await expectCount(message(ruth, 'Half an answer'), 1, 'the message on the other phone');
});

scene('p01 every failed sync changes what the person reads', async (world) => {
	const ana = await world.member('Ana');
	await settled(ana);

	await ana.loseNetwork();
	await expectText(line(ana), 'No connection. All safe on the server');
	await openTalk(ana);
	await send(ana, 'Kept here');
	await goTo(ana, 'Circle');
	await expectText(line(ana), '1 thing on this phone, waiting for a connection');
	await goTo(ana, 'Saved');
	await expectText(ana.page.locator('main'), '1 thing is only on this phone');

	await ana.findNetwork();
	await expectText(ana.page.locator('main'), 'Everything is safe on the server.');
	await settled(ana);

	for (const [mode, problem] of /** @type {const} */ ([
		['trouble', 'server-error'],
		['login', 'not-our-server'],
	])) {
		ana.proxy.become(mode);
		await openTalk(ana);
		await typeMessage(ana, `During ${mode}`);
		await ana.page.getByRole('button', { name: 'Send' }).click();
		await goTo(ana, 'Circle');
		await expectText(line(ana), 'Could not send 1 thing');
		await goTo(ana, 'Saved');
		await ana.page.locator(`[data-problem="${problem}"]`).waitFor();
		ana.proxy.become('open');
		await ana.page.getByRole('button', { name: 'Send now' }).click();
		await expectText(ana.page.locator('main'), 'Everything is safe on the server.');
	}
});
