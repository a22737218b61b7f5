// @ts-check
/** What people do on their phones, by what they see: labels, buttons, words. */
import { expectText } from './see.mjs';
import { until } from './until.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */

/** What can't be tapped for so long may be gone. */
const TAP_MS = 2_000;

/**
 * Opens a link, writes a name and comes in, without a PIN.
 * @param {Phone} phone
 * @param {string} link
 */
export async function enrol(phone, link) {
	const page = await phone.open(link);
	await page.getByLabel('What should people call you?').fill(phone.owner);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	// What makes the app start with no network is here once its service worker is.
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/**
 * Gives Kith a PIN, from the circle's screen.
 * @param {Phone} phone
 * @param {string} pin
 * @param {string} sign
 */
export async function setPin(phone, pin, sign) {
	await goTo(phone, 'Circle');
	const { page } = phone;
	await page.getByRole('link', { name: 'Set a PIN' }).click();
	await page.getByLabel('New PIN or passphrase').fill(pin);
	await page.getByLabel('Type it again').fill(pin);
	await page.locator('label').filter({ hasText: sign }).click();
	await page.getByRole('button', { name: 'Set the PIN' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
}

/** Goes to the settings. @param {Phone} phone */
export async function openPhone(phone) {
	await goTo(phone, 'Settings');
	await phone.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
}

/** Locks Kith. @param {Phone} phone */
export async function lock(phone) {
	await openPhone(phone);
	await phone.page.getByRole('button', { name: 'Lock now' }).click();
	await phone.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
}

/**
 * Types a PIN on the lock screen and taps Open.
 * @param {Phone} phone
 * @param {string} pin
 */
export async function typePin(phone, pin) {
	await phone.page.getByLabel('PIN or passphrase').fill(pin);
	await phone.page.getByRole('button', { name: 'Open', exact: true }).click();
}

/**
 * Waits until the circle's screen names these people, and no others.
 * @param {Phone} phone
 * @param {string[]} names
 */
export async function expectPeople(phone, names) {
	await goTo(phone, 'Circle');
	const list = phone.page.locator('details', { hasText: 'People' });
	if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
	await until(`${names} are in ${phone.owner}'s circle`, async () => {
		const lines = await list.locator('li').allInnerTexts();
		return lines.length === names.length && names.every((name) => lines.some((line) => line.includes(name)));
	});
}

/**
 * Goes to one of the places by the bar at the bottom, from wherever the person is.
 * @param {Phone} phone
 * @param {'Circle' | 'Sessions' | 'Talk' | 'Saved' | 'Settings'} place
 */
export async function goTo(phone, place) {
	const { page } = phone;
	const bar = page.getByRole('navigation', { name: 'Main' });
	const back = page.getByRole('link', { name: 'Back', exact: true });
	await bar.or(back).first().waitFor();
	while (!(await bar.isVisible())) {
		const from = page.url();
		let tappedAt = -Infinity;
		// The circle's screen may come just now, in the place of one that had a way back, which is then tapped to no end.
		await until('the screen before is back', async () => {
			if (page.url() !== from || (await bar.isVisible())) return true;
			if (Date.now() - tappedAt < TAP_MS) return false;
			if (await back.click({ timeout: TAP_MS }).then(() => true, () => false)) tappedAt = Date.now();
			return false;
		});
		await bar.or(back).first().waitFor();
	}
	const link = bar.getByRole('link', { name: new RegExp(`^${place}`) });
	await link.click();
	await until(`${place} is on screen`, async () => (await link.getAttribute('aria-current')) === 'page');
}

/**
 * Opens today's note from the circle's screen, making it if there is none on this phone.
 * @param {Phone} phone
 */
export async function openTodaysNote(phone) {
	await goTo(phone, 'Circle');
	const { page } = phone;
	const start = page.getByRole('button', { name: 'Start today’s note' });
	const open = page.getByRole('link', { name: 'Open today’s note' });
	await start.or(open).click();
	await body(phone).waitFor();
}

/** The text of the open note. @param {Phone} phone */
export function body(phone) {
	return phone.page.getByRole('textbox', { name: 'Notes of the session' });
}

/**
 * Writes a new block at the end of the open note.
 * @param {Phone} phone
 * @param {string} text
 * @param {'Heading' | 'To-do' | 'List' | null} kind
 */
export async function writeBlock(phone, text, kind = null) {
	const { page } = phone;
	await body(phone).click();
	await page.keyboard.press('Control+End');
	if (((await body(phone).textContent()) ?? '').trim() !== '') await page.keyboard.press('Enter');
	if (kind) {
		const button = page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: kind });
		if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
	}
	await page.keyboard.type(text);
	await expectText(body(phone), text);
}

/**
 * Sets the open note's title.
 * @param {Phone} phone
 * @param {string} title
 */
export async function setTitle(phone, title) {
	const field = phone.page.getByRole('textbox', { name: 'Title' });
	await field.fill(title);
	await field.blur();
}

/**
 * Notes that somebody is here.
 * @param {Phone} phone
 * @param {string} name
 */
export async function markHere(phone, name) {
	const { page } = phone;
	const list = page.locator('details', { hasText: 'Who is here' });
	if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
	const person = attendee(phone, name);
	await person.click();
	await until(`${name} is here`, async () => (await person.getAttribute('aria-pressed')) === 'true');
}

/**
 * The line of a person in the open note's attendance.
 * @param {Phone} phone
 * @param {string} name
 */
export function attendee(phone, name) {
	const list = phone.page.locator('details', { hasText: 'Who is here' });
	return list.locator('button[aria-pressed]').filter({ hasText: name });
}

/**
 * Opens a conversation.
 * @param {Phone} phone
 * @param {string} [title]
 */
export async function openTalk(phone, title = 'The whole circle') {
	await goTo(phone, 'Talk');
	await phone.page.getByRole('link').filter({ hasText: title }).click();
	await phone.page.getByLabel('Write to the circle').waitFor();
}

/**
 * Writes a message in the open conversation and taps Send; returns when it is on this phone.
 * @param {Phone} phone
 * @param {string} text
 */
export async function send(phone, text) {
	await typeMessage(phone, text);
	await phone.page.getByRole('button', { name: 'Send' }).click();
	await until(`"${text}" is kept on the phone`, async () => {
		const safety = await chip(message(phone, text)).getAttribute('data-safety');
		return safety !== 'saving';
	});
}

/**
 * @param {Phone} phone
 * @param {string} text
 */
export async function typeMessage(phone, text) {
	await phone.page.getByLabel('Write to the circle').fill(text);
}

/**
 * A message in the open conversation.
 * @param {Phone} phone
 * @param {string} text
 */
export function message(phone, text) {
	return phone.page.locator('li[data-key]').filter({ hasText: text });
}

/** What says where an item is. @param {import('playwright-core').Locator} place */
export function chip(place) {
	return place.locator('[data-safety]');
}

/** What says where the open note is. @param {Phone} phone */
export function noteChip(phone) {
	return phone.page.locator('header [data-safety]');
}

/**
 * The circle begins to talk: each phone shows the conversation with a first message in it, and all is safe.
 * @param {Phone[]} phones the first one's owner writes
 */
export async function beginTalk(phones) {
	const [first, ...others] = phones;
	if (!first) return;
	await openTalk(first);
	await send(first, 'Good morning');
	await settled(first);
	await openTalk(first);
	for (const other of others) {
		await openTalk(other);
		await message(other, 'Good morning').waitFor();
	}
}

/**
 * Waits until everything is safe and nothing is under way, as the circle's screen says.
 * @param {Phone} phone
 */
export async function settled(phone) {
	await goTo(phone, 'Circle');
	await expectText(phone.page.locator('[data-sync]'), /^All safe on the server$/);
}

/** All words of the open conversation, in order. @param {Phone} phone */
export function words(phone) {
	return phone.page.locator('li[data-key] .bubble > p').allInnerTexts();
}

/** The open note as it reads: title, attendance, and the body block by block. @param {Phone} phone */
export async function readNote(phone) {
	const { page } = phone;
	const people = await page.locator('details', { hasText: 'Who is here' }).locator('li').allTextContents();
	const blocks = await body(phone).evaluate((element) =>
		[...element.children].map((block) => `${block.tagName} ${block.className} ${block.textContent}`.trim()),
	);
	return {
		title: await page.getByRole('textbox', { name: 'Title' }).inputValue(),
		people: people.map((line) => line.replace(/\s+/g, ' ').trim()).sort(),
		blocks,
	};
}

/** Goes from anywhere to the circle's people and phones. @param {Phone} phone */
export async function openPeople(phone) {
	await goTo(phone, 'Circle');
	const { page } = phone;
	const list = page.locator('details', { hasText: 'People' });
	const link = page.getByRole('link', { name: 'People and phones' });
	// Coming back opens it by itself, maybe just before the tap that then closes it.
	await until('the people are unfolded', async () => {
		if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
		return link.isVisible();
	});
	await link.click();
	await page.getByRole('heading', { name: 'Who is in the circle' }).waitFor();
}

/**
 * A facilitator invites from the phone.
 * @param {Phone} phone
 * @param {{ role?: 'Member' | 'Facilitator', past?: boolean, uses?: number }} [invitation]
 * @returns {Promise<{ link: string, code: string }>}
 */
export async function invite(phone, { role = 'Member', past = false, uses = 1 } = {}) {
	await openPeople(phone);
	const { page } = phone;
	await page.getByRole('link', { name: 'Invite someone' }).click();
	await page.getByRole('radio', { name: role }).check();
	await page.getByRole('radio', { name: past ? /^Yes, what was written before/ : /^No, only what comes/ }).check();
	await page.getByRole('group', { name: 'For how many people?' }).getByRole('radio', { name: `${uses}`, exact: true }).check();
	await page.getByRole('button', { name: 'Make the invitation' }).click();
	return readInvitation(phone);
}

/** What the invitation on screen says. @param {Phone} phone */
export async function readInvitation({ page }) {
	const link = await page.locator('p.link').innerText();
	const code = await page.getByRole('group', { name: 'Code to type' }).innerText();
	return { link: link.trim(), code: code.replace(/\s+/g, ' ').trim() };
}

/**
 * Comes in by a code that was read out.
 * @param {Phone} phone
 * @param {string} code
 */
export async function enrolByCode(phone, code) {
	const page = await phone.open('/');
	await page.getByLabel('Or paste the link here').fill(code);
	await page.getByRole('button', { name: 'Use this link or code' }).click();
	await page.getByLabel('What should people call you?').fill(phone.owner);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
}

/**
 * The part of the people's screen that is about one person, opened.
 * @param {Phone} phone
 * @param {string} name
 */
export async function openPerson(phone, name) {
	await openPeople(phone);
	// Inside, others are named as well: whoever let them in.
	const own = phone.page.locator('summary', { hasText: name });
	const person = phone.page.locator('details[name="person"]', { has: own });
	if ((await person.getAttribute('open')) === null) await person.locator('summary').click();
	return person;
}

/**
 * Takes a person out of the circle.
 * @param {Phone} phone
 * @param {string} name
 */
export async function takeOut(phone, name) {
	const person = await openPerson(phone, name);
	await person.getByRole('button', { name: `Take ${name} out of the circle` }).click();
	await phone.page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
	await expectText(phone.page.getByRole('status').filter({ hasText: name }), `${name} was taken out.`);
}

/**
 * Brings back a person who was taken out.
 * @param {Phone} phone
 * @param {string} name
 */
export async function bringBack(phone, name) {
	const person = await openPerson(phone, name);
	await person.getByRole('button', { name: `Bring ${name} back` }).click();
	await phone.page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
	await expectText(phone.page.getByRole('status').filter({ hasText: name }), `${name} is back.`);
}

/**
 * Makes a member a facilitator.
 * @param {Phone} phone
 * @param {string} name
 */
export async function promote(phone, name) {
	const person = await openPerson(phone, name);
	await person.getByRole('button', { name: `Make ${name} a facilitator` }).click();
	await phone.page.getByRole('dialog').getByRole('button', { name: 'Make facilitator' }).click();
	await expectText(phone.page.getByRole('status').filter({ hasText: name }), `${name} is a facilitator now.`);
}

/**
 * An invitation in the list of those that are still good.
 * @param {Phone} phone
 * @param {string} words
 */
export function openInvitation({ page }, words) {
	return page.locator('section', { hasText: 'Open invitations' }).locator('li').filter({ hasText: words });
}

/**
 * Takes back a message of one's own in the open conversation.
 * @param {Phone} phone
 * @param {string} text
 */
export async function takeBack(phone, text) {
	const { page } = phone;
	const one = message(phone, text);
	const key = await one.getAttribute('data-key');
	await one.getByRole('button', { name: 'Reply or take back' }).click();
	await one.getByRole('button', { name: 'Take back', exact: true }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
	await page.locator(`li[data-key="${key}"] [data-body="gone"]`).waitFor();
}

/**
 * With no network: the new phone says who its owner is and shows its code.
 * @param {Phone} guest its start screen is open
 */
export async function showOwnCode({ page, owner }) {
	await page.getByRole('link', { name: 'No network? Come in with a code' }).click();
	await page.getByLabel('What should people call you?').fill(owner);
	await page.getByRole('button', { name: 'Show my code' }).click();
	await page.locator('[data-qr] canvas').waitFor();
}

/** The code on screen, as text. @param {Phone} phone */
export async function shownCode({ page }) {
	const code = await page.locator('[data-qr]').getAttribute('data-qr');
	if (!code) throw new Error('no code on screen');
	return code;
}

/**
 * Types the other phone's code where it would be scanned.
 * @param {Phone} phone
 * @param {string} code
 */
export async function typeCode({ page }, code) {
	const fold = page.locator('details', { hasText: 'Type or paste the code instead' });
	// Where there is no camera it opens by itself.
	await page.locator('[data-camera]:not([data-camera="starting"])').waitFor();
	if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
	await page.getByLabel('The code from the other phone').fill(code);
	await page.getByRole('button', { name: 'Use this code' }).click();
}

/** The six words on screen. @param {Phone} phone */
export async function sixWords({ page }) {
	const list = page.getByRole('list', { name: 'The six words' }).getByRole('listitem');
	await until('six words are on screen', async () => (await list.count()) === 6);
	return list.allInnerTexts();
}
