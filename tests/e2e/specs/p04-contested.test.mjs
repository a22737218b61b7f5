// @ts-check
/** What one types beside values that people wrote at the same time: a draft like any other, theirs to keep. */
import assert from 'node:assert/strict';
import { goTo, noteChip, openTodaysNote, setTitle, settled } from '../harness/acts.mjs';
import { audit } from '../harness/axe.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

/** What is typed is a draft after so long. */
const DRAFT_MS = 1_000;

/** @param {Phone} phone */
const title = ({ page }) => page.getByRole('textbox', { name: 'Title' });

/** Two people give one note two titles, each with no network. @param {Phone} ana @param {Phone} ben */
async function disagree(ana, ben) {
	await openTodaysNote(ana);
	await settled(ana);
	for (const phone of [ana, ben]) await openTodaysNote(phone);
	for (const phone of [ana, ben]) await phone.loseNetwork();
	for (const phone of [ana, ben]) {
		await setTitle(phone, phone === ana ? 'How we sleep' : 'Nights');
		await until('it is kept', async () => (await noteChip(phone).getAttribute('data-safety')) !== 'saving');
	}
	for (const phone of [ana, ben]) await phone.findNetwork();
	for (const phone of [ana, ben]) {
		await phone.page.getByRole('button', { name: 'How we sleep by Ana' }).waitFor();
		await phone.page.getByRole('button', { name: 'Nights by Ben' }).waitFor();
	}
}

scene('p04 what is typed in a contested field stays when one goes elsewhere and when the page dies', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const ben = await world.member('Ben');
	await disagree(ana, ben);
	const { page } = ana;
	await title(ana).fill('How we sleep and wake');
	await page.getByText('What you typed is kept on this phone until you choose.').waitFor();
	await goTo(ana, 'Talk');
	await openTodaysNote(ana);
	await until('it is there after going elsewhere', async () => (await title(ana).inputValue()) === 'How we sleep and wake');
	await title(ana).press('End');
	await page.keyboard.type(' now');
	await page.waitForTimeout(DRAFT_MS);
	await ana.crashPage();
	await ana.open('/');
	await openTodaysNote(ana);
	await until('it is there on a new page', async () => (await title(ana).inputValue()) === 'How we sleep and wake now');
	assert.equal(await ben.page.getByRole('button', { name: 'How we sleep by Ana' }).count(), 1, 'nothing was chosen by the way');

	// Another value is chosen: what was typed is put aside, also for a new page, until it is used.
	await ana.page.getByRole('button', { name: 'Nights by Ben' }).click();
	await until('the choice stands', async () => (await title(ben).inputValue()) === 'Nights');
	await ana.page.getByText('How we sleep and wake now').waitFor();
	assert.deepEqual(await audit(ana.page), []);
	await ana.page.waitForTimeout(DRAFT_MS);
	await ana.page.reload();
	await ana.page.getByText('How we sleep and wake now').waitFor();
	await ana.page.getByRole('button', { name: 'Put it in the field' }).click();
	await until('Ben has it', async () => (await title(ben).inputValue()) === 'How we sleep and wake now');
	assert.equal(await ana.page.getByText('You had also typed').count(), 0);
});

scene('p04 what is typed in a contested field is saved by itself once somebody else chose', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const ben = await world.member('Ben');
	await disagree(ana, ben);
	const shown = await title(ana).inputValue();
	await title(ana).press('End');
	await ana.page.keyboard.type(' again');
	await ben.page.getByRole('button', { name: shown === 'Nights' ? 'Nights by Ben' : 'How we sleep by Ana' }).click();
	await until('Ben has what Ana typed', async () => (await title(ben).inputValue()) === `${shown} again`);
});
