// @ts-check
/** What can't be drawn: a row says so in its place and the others stand; a screen says so and leads on. */
import assert from 'node:assert/strict';
import { beginTalk, body, goTo, markHere, message, openTalk, openTodaysNote, send, setTitle, writeBlock } from '../harness/acts.mjs';
import { audit } from '../harness/axe.mjs';
import { poison } from '../harness/poison.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

const ROW = 'This can’t be shown on this phone. It’s kept as it was written.';
const SCREEN = 'This page can’t be shown';

scene('one row that can’t be drawn says so once, in its place, among the others', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const ben = await world.member('Ben');
	const { page } = ana;
	await beginTalk([ana, ben]);
	// No word that a line beside it has as well: "On this phone" has "one" in it.
	for (const text of ['Marigold', 'Poisoned', 'Thistle']) await send(ana, text);
	await openTodaysNote(ana);
	await poison(ana, 'Poisoned');
	await openTalk(ana);
	for (const text of ['Marigold', 'Thistle']) await message(ana, text).waitFor();
	await expectCount(page.getByText(ROW), 1, 'sentences in the place of the message');
	await send(ana, 'Four');
	await send(ben, 'Five');
	await message(ana, 'Five').waitFor();
	await expectCount(page.getByText(ROW), 1, 'sentences after others came');
	assert.deepEqual(await audit(page), []);
	// The list of conversations, whose last word it is, once it is: a row there.
	await poison(ana, 'Five');
	await goTo(ana, 'Talk');
	await expectCount(page.getByText(ROW), 1, 'sentences in the list of conversations');
	await page.getByRole('button', { name: 'Start a conversation' }).waitFor();
	// A person whose name can't be drawn: the others are marked.
	await poison(ana, 'Ben');
	await openTodaysNote(ana);
	await markHere(ana, 'Ana');
	await expectCount(page.locator('details', { hasText: 'Who is here' }).getByText(ROW), 1, 'sentences among those who are here');
	await page.reload();
	await openTalk(ana);
	await message(ana, 'Poisoned').waitFor();
	assert.equal(await page.getByText(ROW).count(), 0, 'nothing is lost: another page shows it');
});

scene('a screen that can’t be drawn says so once, lets one go back, and be tried again', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const { page } = ana;
	await openTodaysNote(ana);
	await setTitle(ana, 'The long week');
	await writeBlock(ana, 'All came.');
	await goTo(ana, 'Sessions');
	await page.locator('main ul a').filter({ hasText: 'The long week' }).waitFor();
	await poison(ana, 'What we said we would do');
	await page.locator('main ul a').first().click();
	await page.getByRole('heading', { level: 1, name: SCREEN }).waitFor();
	await expectCount(page.getByText(SCREEN, { exact: true }), 1, 'sentences about the screen');
	await expectText(page.getByRole('alert'), 'Nothing is lost');
	assert.doesNotMatch(await page.locator('main').innerText(), /TypeError|undefined|can't draw/);
	assert.deepEqual(await audit(page), []);
	assert.ok(await page.locator('h1').evaluate((h1) => h1 === document.activeElement), 'a screen reader is told');
	await page.getByRole('button', { name: 'Try again' }).click();
	await page.getByRole('heading', { level: 1, name: SCREEN }).waitFor();
	await expectCount(page.getByText(SCREEN, { exact: true }), 1, 'sentences after another try');
	await page.getByRole('link', { name: 'Back', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
	await page.locator('main ul a').filter({ hasText: 'The long week' }).waitFor();
	// Every other screen stands, and by the browser's own way back too.
	await page.locator('main ul a').first().click();
	await page.getByRole('heading', { level: 1, name: SCREEN }).waitFor();
	await page.goBack();
	await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
	await openTalk(ana);
	await send(ana, 'Still here');
	await page.reload();
	await openTodaysNote(ana);
	await expectText(body(ana), 'All came.');
});
