// @ts-check
/** What a member does day by day, by what they see: how they are, what helps, what they take on, a talk between two, and their own record. */
import { readFile } from 'node:fs/promises';
import { goTo } from './acts.mjs';
import { expectText } from './see.mjs';
import { until } from './until.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */

/** From the circle's screen, one tap. @param {Phone} phone */
export async function openOwn(phone) {
	await openRoom(phone, 'How I am');
}

/** From the circle's screen, one tap. @param {Phone} phone */
export async function openToolkit(phone) {
	await openRoom(phone, 'What helps');
}

/** From the circle's screen, one tap. @param {Phone} phone */
export async function openKeep(phone) {
	await openRoom(phone, 'What I take on');
}

/** @param {Phone} phone @param {string} title */
async function openRoom(phone, title) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: title, exact: true }).tap();
	await phone.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** An answer of the check-in. @param {Phone} phone @param {string} question @param {string} answer */
export function picture({ page }, question, answer) {
	return page.getByRole('radiogroup', { name: question }).first().getByRole('radio', { name: answer, exact: true });
}

/** What one noted of a day. @param {Phone} phone @param {string} text */
export function entry({ page }, text) {
	return page.locator('li[data-entry]').filter({ hasText: text });
}

/** The button under the check-in, and not one of an entry that is being changed. @param {Phone} phone */
export async function keepCheckIn({ page }) {
	await page.getByRole('button', { name: 'Keep it' }).first().tap();
	await page.getByText('Kept. Only you can read it.').waitFor();
}

/** Opens a questionnaire from one's own screen. @param {Phone} phone @param {RegExp} name */
export async function openQuestionnaire(phone, name) {
	await openOwn(phone);
	await phone.page.getByRole('link', { name }).tap();
}

/** Fills in the questionnaire that is open. @param {Phone} phone @param {(string | null)[]} answers null: skipped */
export async function fillIn({ page }, answers) {
	for (const [at, answer] of answers.entries()) {
		await page.getByText(`Question ${at + 1} of ${answers.length}`).waitFor();
		if (answer !== null) await page.getByRole('radio', { name: answer, exact: true }).check();
		const last = at + 1 === answers.length;
		await page.getByRole('button', { name: last ? 'See what it says' : answer === null ? 'Skip this one' : 'Next' }).tap();
	}
}

/** One of the toolkit's. @param {Phone} phone @param {string} title */
export function strategy({ page }, title) {
	return page.locator('a[data-key]').filter({ hasText: title });
}

/** Fills the form that is open, and shares. @param {Phone} phone @param {{ title: string, text: string, moments?: string[], word?: string }} written */
export async function shareStrategy({ page }, { title, text, moments = [], word = '' }) {
	await page.getByLabel('What do you call it?').fill(title);
	await page.getByLabel('What do you do?').fill(text);
	for (const moment of moments) await page.getByRole('button', { name: moment, exact: true }).tap();
	if (word !== '') await page.getByLabel('Another moment, in your words').fill(word);
	await page.getByRole('button', { name: 'Share it with the circle' }).tap();
	await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Writes down what helps. @param {Phone} phone @param {Parameters<typeof shareStrategy>[1]} written */
export async function writeStrategy(phone, written) {
	await openToolkit(phone);
	await phone.page.getByRole('link', { name: 'Write down what helps you' }).tap();
	await shareStrategy(phone, written);
}

/** Takes something on, from the list. @param {Phone} phone @param {string} words @param {string} [partner] */
export async function takeOn({ page }, words, partner) {
	await page.getByRole('link', { name: 'Take something on' }).tap();
	await page.getByRole('textbox', { name: 'What will you do?' }).fill(words);
	if (partner) await page.getByRole('radio', { name: partner }).check();
	await page.getByRole('button', { name: 'I take it on' }).tap();
	await kept(page, words).waitFor();
}

/** What one took on, in the list. @param {import('playwright-core').Page} page @param {string} words */
export function kept(page, words) {
	return page.locator('[data-kept]').filter({ hasText: words });
}

/** How it went today, from the list. @param {Phone} phone @param {string} words @param {string} outcome */
export async function noteOutcome({ page }, words, outcome) {
	await kept(page, words).getByRole('button', { name: outcome, exact: true }).tap();
	await kept(page, words).getByText(`Noted for today: ${outcome}`).waitFor();
}

/** What waits, on the circle's screen. @param {Phone} phone */
export function waits({ page }) {
	return page.getByRole('region', { name: 'Waiting for you' });
}

/** Coming back opens it by itself, maybe just before the tap that then closes it. @param {Phone} phone @param {import('playwright-core').Locator} link */
export async function unfoldTo({ page }, link) {
	const fold = page.locator('details', { hasText: 'Write to one person' });
	await until('it is unfolded', async () => {
		if ((await fold.getAttribute('open')) === null) await fold.locator('summary').tap();
		return link.isVisible();
	});
}

/** Unfolds whom one can write to, and takes one of them. @param {Phone} phone @param {string} name */
export async function writeTo(phone, name) {
	await goTo(phone, 'Talk');
	const { page } = phone;
	const link = page.getByRole('link', { name, exact: true });
	await unfoldTo(phone, link);
	await link.tap();
	await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Says something in the talk between two that is open. @param {Phone} phone @param {string} text */
export async function sayTo({ page }, text) {
	await page.getByRole('textbox', { name: 'Write to' }).fill(text);
	await page.getByRole('button', { name: 'Send' }).tap();
	await page.locator('[data-key]').filter({ hasText: text }).waitFor();
}

/** From the settings. @param {Phone} phone @param {'Take along what I wrote' | 'Leave this circle'} link */
export async function openGoing(phone, link) {
	await goTo(phone, 'Settings');
	await phone.page.getByRole('link', { name: link, exact: true }).tap();
	const title = link === 'Leave this circle' ? 'Leave circle' : 'What I wrote';
	await phone.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** The button of each form in which one's own record is saved. */
export const RECORD = { page: /^Save a page/, data: /^Save as data/ };

/** Saves what one wrote, as whoever holds the file reads it. @param {Phone} phone @param {RegExp} way */
export async function takeAlong({ page }, way) {
	const coming = page.waitForEvent('download');
	await page.getByRole('button', { name: way }).tap();
	const file = await coming;
	await expectText(page.getByRole('status').filter({ hasText: 'handed' }), 'Check that it’s where you want it.');
	return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}
