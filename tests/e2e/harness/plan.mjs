// @ts-check
/** What people do with their plan for hard moments, by what they see. */
import { goTo, openPhone, readInvitation } from './acts.mjs';
import { expectText } from './see.mjs';
import { until } from './until.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */

export const TITLE = 'My plan for hard moments';

/** From the circle's screen, one tap. @param {Phone} phone */
export async function openPlan(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: 'A hard moment' }).tap();
	await phone.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
}

/** Opens one part of the plan, to be written. @param {Phone} phone @param {string} part */
export async function openPart(phone, part) {
	await openPlan(phone);
	const { page } = phone;
	await page.getByRole('link', { name: 'Change my plan' }).or(page.getByRole('link', { name: 'Write my plan' })).tap();
	const list = page.getByRole('heading', { level: 1, name: 'Change my plan' });
	const heading = page.getByRole('heading', { level: 1, name: part });
	// An empty plan begins with its first part.
	await list.or(page.getByRole('link', { name: /^Next: / })).first().waitFor();
	if (!(await list.isVisible()) && !(await heading.isVisible())) await page.getByRole('link', { name: 'Back', exact: true }).tap();
	if (!(await heading.isVisible())) await page.getByRole('link', { name: part }).tap();
	await heading.waitFor();
}

/** A line of the part that is open. @param {Phone} phone @param {string} text */
export function line({ page }, text) {
	return page.locator('li[data-key]').filter({ hasText: text });
}

/** Writes a line of a part. @param {Phone} phone @param {string} part @param {string} text @param {string} [number] */
export async function writeLine(phone, part, text, number = '') {
	await openPart(phone, part);
	const { page } = phone;
	await page.getByLabel('In your own words').fill(text);
	if (number !== '') await page.getByLabel('Number to call, if there is one').fill(number);
	await page.getByRole('button', { name: 'Add it' }).tap();
	await line(phone, text).waitFor();
}

/** Has the plan open without the PIN, from the screen of the plan. @param {Phone} phone */
export async function keepOpen(phone) {
	await openPlan(phone);
	const { page } = phone;
	await page.getByRole('button', { name: 'Open it without my PIN' }).tap();
	await expectText(page.locator('main'), 'Whoever holds this phone can then read your plan');
	await page.getByRole('button', { name: 'Yes, whoever holds the phone can read it' }).tap();
	await expectText(page.locator('[data-open="true"]'), 'opens from the lock screen');
}

/** Closes it again. @param {Phone} phone */
export async function closeAgain(phone) {
	await openPlan(phone);
	await phone.page.getByRole('button', { name: 'Close it behind my PIN' }).tap();
	await expectText(phone.page.locator('[data-open="false"]'), 'opens with your PIN only');
}

/** What the lock screen offers without a PIN. @param {Phone} phone */
export function lockedPlan({ page }) {
	return page.getByRole('button', { name: TITLE });
}

/**
 * Another phone of a person who is in: what their first one makes lets it in.
 * @param {Phone} first
 * @param {Phone} other
 */
export async function addPhone(first, other) {
	await openPhone(first);
	await first.page.getByRole('link', { name: 'Add another phone' }).click();
	await first.page.getByRole('button', { name: 'Make the invitation' }).click();
	const { link } = await readInvitation(first);
	const page = await other.open(link);
	await page.getByLabel('What should people call you?').fill(first.owner);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
	await until('the first phone is back in the circle', async () => {
		await goTo(first, 'Circle');
		return true;
	});
}
