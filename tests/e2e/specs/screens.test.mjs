// @ts-check
/** What the circle's screens say and offer, in the states that people come to them in. */
import assert from 'node:assert/strict';
import {
	enrol,
	expectPeople,
	goTo,
	invite,
	message,
	openPeople,
	openTalk,
	openTodaysNote,
	send,
	setTitle,
	settled,
	takeBack,
	takeOut,
	writeBlock,
} from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';
import { until } from '../harness/until.mjs';

scene('p18 whoever was taken out is told kindly, once a screen, reads on, and is offered nothing that fails', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const kofi = await world.member('Kofi');
	const { page } = kofi;
	await expectPeople(ruth, ['Ruth', 'Kofi']);
	await openTodaysNote(ruth);
	await setTitle(ruth, 'The dry season');
	await writeBlock(ruth, 'We sat under the tree');
	await settled(ruth);
	await openTalk(kofi);
	await send(kofi, 'Good morning');
	await settled(kofi);
	await takeOut(ruth, 'Kofi');
	await settled(ruth);
	await goTo(kofi, 'Saved');
	await page.getByRole('button', { name: 'Send now' }).or(page.locator('[data-out]')).first().waitFor();
	const now = page.getByRole('button', { name: 'Send now' });
	if (await now.isVisible()) await now.tap().catch(() => {});
	await page.locator('[data-out]').waitFor();
	await expectCount(now, 0, 'ways to send');
	await expectCount(page.locator('[data-problem]'), 0, 'problems');
	await gallery.show(kofi, 'out-saved');
	await goTo(kofi, 'Circle');
	await page.getByRole('heading', { name: 'You are no longer in this circle' }).waitFor();
	await expectText(page.locator('[data-out]'), 'speak to Ruth');
	await expectCount(page.getByText('You are no longer in this circle'), 1, 'times that it is said');
	await expectCount(page.locator('[data-sync]'), 0, 'lines about the server');
	await expectCount(page.getByRole('button', { name: /today’s note/ }), 0, 'ways to start a note');
	await gallery.show(kofi, 'out-home');
	await goTo(kofi, 'Sessions');
	await expectCount(page.getByRole('link', { name: 'New session' }), 0, 'ways to a new session');
	await page.getByRole('link', { name: /The dry season/ }).tap();
	await page.getByText('We sat under the tree').waitFor();
	await expectCount(page.getByRole('textbox'), 0, 'fields');
	await gallery.show(kofi, 'out-note');
	await goTo(kofi, 'Talk');
	await expectCount(page.getByRole('button', { name: 'Start a conversation' }), 0, 'ways to start to talk');
	await page.getByRole('link').filter({ hasText: 'The whole circle' }).tap();
	await message(kofi, 'Good morning').waitFor();
	await expectCount(page.getByRole('textbox'), 0, 'boxes to write in');
	await expectCount(page.getByRole('button', { name: 'Reply or take back' }), 0, 'things to do about a message');
	await expectCount(page.getByText('Not accepted'), 0, 'refusals');
	await gallery.show(kofi, 'out-thread');
	await openPeople(kofi);
	await expectCount(page.getByRole('link', { name: 'Invite someone' }), 0, 'ways to invite');
	await kofi.open(page.url().replace(/people$/, 'invite'));
	await page.getByRole('heading', { name: 'You are no longer in this circle' }).waitFor();
	assert.deepEqual(gallery.faults, []);
});

scene('a conversation opens at its end again, shows one’s own words, and leads to the newest', async (world) => {
	const ana = await world.member('Ana');
	const { page } = ana;
	await openTalk(ana);
	for (let at = 0; at < 24; at++) await send(ana, `Message ${at}. ${'We walked along the river and spoke of the rain. '.repeat(4)}`);
	const gap = () => page.evaluate(() => document.documentElement.scrollHeight - window.scrollY - window.innerHeight);
	await goTo(ana, 'Talk');
	await openTalk(ana);
	await until('the end is in sight', async () => (await gap()) < 4);
	await page.waitForTimeout(400);
	assert.ok((await gap()) < 4, `${await gap()} px above the end`);
	await expectCount(page.getByRole('button', { name: 'To the newest messages' }), 0, 'ways to where one is');
	await page.mouse.wheel(0, -3000);
	await page.getByRole('button', { name: 'To the newest messages' }).waitFor();
	await send(ana, 'And then home');
	const own = await message(ana, 'And then home').boundingBox();
	assert.ok(own && own.y > 0 && own.y + own.height < 640, JSON.stringify(own));
	await page.mouse.wheel(0, -3000);
	const ruth = await world.member('Ruth', 'facilitator');
	await openTalk(ruth);
	await send(ruth, 'I was there too');
	await page.getByRole('button', { name: '1 new message' }).tap();
	await message(ana, 'I was there too').waitFor();
	await until('the end is in sight', async () => (await gap()) < 4);
});

scene('an empty conversation shows its sentence whole', async (world) => {
	const ana = await world.member('Ana');
	await openTalk(ana);
	const bar = await ana.page.locator('header').first().boundingBox();
	const said = await ana.page.getByText('Nobody has written here yet').boundingBox();
	assert.ok(bar && said && said.y >= bar.y + bar.height, JSON.stringify({ bar, said }));
});

scene('the list of conversations says who spoke last, and what stands', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await openTalk(ana);
	await send(ana, 'There is always a chair');
	await openTalk(ruth);
	await message(ruth, 'There is always a chair').waitFor();
	await send(ruth, 'I should not have said this');
	await goTo(ruth, 'Talk');
	const line = ruth.page.getByRole('link').filter({ hasText: 'The whole circle' });
	await expectText(line, 'You: I should not have said this');
	await openTalk(ruth);
	await takeBack(ruth, 'I should not have said this');
	await goTo(ruth, 'Talk');
	await expectText(line, 'Ana: There is always a chair');
});

scene('whoever comes new opens at the present, with one line for what is closed, or the way back to it', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await openTalk(ruth);
	for (let at = 0; at < 44; at++) await send(ruth, `Message ${at}, about the river`);
	await settled(ruth);
	const { link } = await invite(ruth, { past: true });
	await settled(ruth);
	const kofi = await world.phone('Kofi');
	await enrol(kofi, link);
	await settled(kofi);
	await openTalk(kofi);
	await message(kofi, 'Message 43,').waitFor();
	const gap = () => kofi.page.evaluate(() => document.documentElement.scrollHeight - window.scrollY - window.innerHeight);
	await until('the present is in sight', async () => (await gap()) < 4);
	await kofi.page.getByRole('button', { name: '44 new messages. Go to the first of them' }).tap();
	await until('the first is in sight', async () => {
		const box = await message(kofi, 'Message 0,').boundingBox();
		return box !== null && box.y > 0 && box.y < 600;
	});
	await kofi.page.getByText('New from here').waitFor();

	const ben = await world.member('Ben');
	await settled(ben);
	await openTalk(ben);
	await expectText(ben.page.getByRole('log'), /44 messages of .* were written before you joined/);
	await expectCount(ben.page.locator('[data-body="before"]'), 1, 'lines about what is closed');
});
