// @ts-check
/** Somebody finds the phone, or shares it: what lies on it tells nothing. */
import assert from 'node:assert/strict';
import {
	body,
	enrol,
	invite,
	lock,
	message,
	openPhone,
	openTalk,
	openTodaysNote,
	send,
	setPin,
	setTitle,
	settled,
	typeMessage,
	typePin,
	writeBlock,
} from '../harness/acts.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { dump, files, search } from '../harness/storage.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */
/** @typedef {import('../harness/world.mjs').World} World */

const PIN = '493028';
const MESSAGE = 'Xylographer weeps on Thursdays';
const NOTE = 'Quinquereme of sorrow';
const TITLE = 'Vexillology evening';
const PLACE = 'Behind the yellow mill';
const DRAFT = 'Jabberwocky half begun';
const NAMES = ['Zebulina', 'Thelonius'];
const WORDS = [MESSAGE, NOTE, TITLE, PLACE, DRAFT, ...NAMES];

/** Opening of a sentence, as an excerpt or a piece of a word list would hold it. */
const SECRETS = [...WORDS, 'Xylographer', 'Quinquereme', 'Vexillology', 'yellow mill', 'Jabberwocky'];

/**
 * A phone with everything on it: sent and unsent, a note with title and place, words begun.
 * @param {World} world
 */
async function fullPhone(world) {
	const other = await world.member('Thelonius', 'facilitator');
	// Who comes in by the operator's link reads what is written from then on.
	const phone = await world.member('Zebulina');
	await setPin(phone, PIN, 'Boat');
	await openTalk(other);
	await send(other, 'Xylographer, hello');
	await settled(other);
	await openTalk(phone);
	await message(phone, 'Xylographer, hello').waitFor();
	await send(phone, MESSAGE);
	await openTodaysNote(phone);
	await setTitle(phone, TITLE);
	await phone.page.getByRole('textbox', { name: 'Place' }).fill(PLACE);
	await writeBlock(phone, NOTE);
	await settled(phone);
	await phone.loseNetwork();
	await openTalk(phone);
	await send(phone, `${MESSAGE}, unsent`);
	await typeMessage(phone, DRAFT);
	await expectDraftKept(phone);
	return phone;
}

/** Words that were begun are on the phone. @param {Phone} phone */
async function expectDraftKept(phone) {
	await until('the draft is kept', async () => {
		const kept = await dump(phone.page);
		return [...kept.keys()].some((where) => where.includes('/own'));
	});
}

scene('p20 neither an open nor a locked phone has a name, a note or a message in its storage', async (world) => {
	const phone = await fullPhone(world);
	const open = await dump(phone.page);
	assert.ok(open.size > 40, 'there is much on the phone');
	assert.deepEqual(search(open, SECRETS), []);
	await phone.page.evaluate((word) => localStorage.setItem('control', word), NOTE);
	assert.equal(search(await dump(phone.page), SECRETS).length, 2, 'the search finds what is there');
	await phone.page.evaluate(() => localStorage.removeItem('control'));

	await lock(phone);
	const locked = await dump(phone.page);
	assert.ok(locked.size > 40, 'there is as much on the locked phone');
	assert.deepEqual(search(locked, SECRETS), []);
	const keys = [...locked].filter(([, bytes]) => bytes.includes('CryptoKey, extractable'));
	assert.deepEqual(keys.map(([, bytes]) => bytes.toString()), ['CryptoKey, extractable: false']);
	const html = await phone.page.content();
	assert.deepEqual(SECRETS.filter((word) => html.includes(word)), [], 'nothing of it is in the page');

	await typePin(phone, PIN);
	await openTalk(phone);
	await message(phone, `${MESSAGE}, unsent`).waitFor();
	assert.equal(await phone.page.getByLabel('Write to the circle').inputValue(), DRAFT);
});

scene('p20 nor has anything else that the browser wrote to the disk', async (world) => {
	const phone = await fullPhone(world);
	await lock(phone);
	await phone.turnOff();
	const profile = await files(phone.profile);
	assert.notEqual(search(profile, ['kith-phone']).length, 0, 'the search finds what is there');
	assert.deepEqual(search(profile, SECRETS), []);
	await phone.turnOn();
	await phone.open('/');
	await phone.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	await phone.page.goto('about:blank');
});

scene('p20 a link that the browser keeps in its history opens nothing once it was used', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { link } = await invite(ruth);
	await settled(ruth);
	const secret = link.slice(link.indexOf('#') + 3);
	const ana = await world.phone('Ana');
	await enrol(ana, link);
	await settled(ana);
	assert.ok(!ana.page.url().includes(secret), 'it is not in the address bar');
	await ana.turnOff();
	const kept = search(await files(ana.profile), [secret]);
	assert.ok(kept.some((place) => place.includes('History')), 'no page can take it out of there');
	const own = /IndexedDB|Local Storage|Session Storage|Service Worker|WebStorage/;
	assert.deepEqual(kept.filter((place) => own.test(place)), [], 'Kith itself keeps it nowhere');
	await ana.turnOn();
	const eve = await world.phone('Eve');
	const page = await eve.open(link);
	await page.getByLabel('What should people call you?').fill('Eve');
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.locator('[data-problem="link-used"]').waitFor();
});

scene('p20 a link that was opened and not used, and the name beside it, lie nowhere that Kith keeps', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { link } = await invite(ruth);
	await settled(ruth);
	const secret = link.slice(link.indexOf('#') + 3);
	const phone = await world.phone('Ana');
	const page = await phone.open(link);
	const field = page.getByLabel('What should people call you?');
	await field.fill('Zebulina');
	const own = /IndexedDB|Local Storage|Session Storage|Service Worker|WebStorage/;
	// The browser writes what a tab keeps some seconds later.
	await until('what the tab keeps is on the disk', async () =>
		search(await files(phone.profile), ['kith.begun.join']).some((place) => place.includes('Session Storage')),
	);
	const pads = await page.evaluate(() =>
		Object.values(JSON.parse(window.name.slice(5))).map((/** @type {number[]} */ pad) => pad.join(',')),
	);
	assert.ok(pads.length >= 2, 'the link and the name have one each');
	await page.reload();
	await until('nothing is lost by a reload', async () => (await field.inputValue()) === 'Zebulina');
	await phone.turnOff();
	const kept = search(await files(phone.profile), [secret, 'Zebulina']);
	assert.deepEqual(kept.filter((place) => own.test(place)), []);
	assert.deepEqual(search(await files(phone.profile), pads), [], 'the pads are on no disk');
	await phone.turnOn();
	await phone.open('/');
});

scene('p20 two people on one phone: neither sees what the other has', async (world) => {
	const phone = await fullPhone(world);
	const [thelonius] = world.phones;
	assert.ok(thelonius);
	const { link } = await invite(thelonius, { past: true });
	await phone.findNetwork();
	await settled(phone);
	await phone.loseNetwork();
	await openTodaysNote(phone);
	await writeBlock(phone, 'For nobody else');
	await lock(phone);
	await phone.findNetwork();

	const { page } = phone;
	await page.locator('summary', { hasText: 'Someone else on this phone' }).click();
	await page.getByRole('button', { name: 'Start as someone new' }).click();
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	assert.equal(await page.evaluate(() => document.body.innerText.includes('Zebulina')), false);
	phone.owner = 'Boniface';
	await page.goto('about:blank');
	await phone.open(link);
	// Two are on the phone now: it asks which.
	await page.getByText('Which sign is yours?').waitFor();
	await page.getByRole('button', { name: /^(?!Boat).*/ }).and(page.locator('.sign')).click();
	await enrolHere(phone);
	await openTalk(phone);
	await message(phone, MESSAGE).first().waitFor();
	assert.equal(await page.getByLabel('Write to the circle').inputValue(), '', 'no words that another began');
	await openTodaysNote(phone);
	await expectText(body(phone), NOTE);
	await expectCount(body(phone).getByText('For nobody else'), 0, 'unsent words of another');
	await page.getByRole('link', { name: 'Back', exact: true }).click();
	await setPin(phone, '750219', 'Moon');
	await lock(phone);
	assert.deepEqual(search(await dump(page), [...SECRETS, 'Boniface', 'For nobody else']), []);

	await page.getByRole('button', { name: 'Boat' }).click();
	await typePin(phone, '750219');
	await page.getByText('That’s not right.').waitFor();
	await typePin(phone, PIN);
	await openTodaysNote(phone);
	await expectText(body(phone), 'For nobody else');
});

/** @param {Phone} phone */
async function enrolHere(phone) {
	const { page } = phone;
	await page.getByLabel('What should people call you?').fill(phone.owner);
	await page.getByRole('button', { name: 'Join the circle' }).click();
	await page.getByRole('link', { name: 'Not now' }).click();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
}

scene('p20 wrong PINs make one wait, and starting anew does not shorten it', async (world) => {
	const phone = await world.member('Zebulina');
	await setPin(phone, PIN, 'Boat');
	await lock(phone);
	const { page } = phone;
	const wait = page.getByText('Too many wrong tries');
	const over = () => until('the wait is over', async () => !(await wait.isVisible()));
	for (const wrong of ['000001', '000002', '000003', '000004', '000005', '000006']) {
		await over();
		await typePin(phone, wrong);
		await until('it was tried', async () => (await page.getByLabel('PIN or passphrase').inputValue()) === '');
	}
	await expectText(page.locator('form'), /try again in \d+ seconds?/);
	await phone.open('/');
	await wait.waitFor();
	await page.getByLabel('PIN or passphrase').fill(PIN);
	await page.keyboard.press('Enter');
	assert.ok(await wait.isVisible(), 'the right one is not tried either');
	await over();
	await typePin(phone, PIN);
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
});

scene('p20 one tap hides it all, in every window', async (world) => {
	const phone = await fullPhone(world);
	const { page } = phone;
	const second = await phone.context.newPage();
	await second.goto(`${phone.proxy.origin}/`);
	await second.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await page.getByRole('button', { name: 'Hide Kith now' }).tap();
	for (const one of [page, second]) {
		await one.waitForURL('**/notes.html');
		assert.equal(await one.title(), 'Notes');
		const html = await one.content();
		assert.deepEqual([...SECRETS, 'Kith'].filter((word) => html.includes(word)), []);
	}
	await page.goBack();
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
	assert.deepEqual(search(await dump(page), SECRETS), []);
	// What was typed in the last moment was kept all the same.
	await typePin(phone, PIN);
	await openTalk(phone);
	assert.equal(await page.getByLabel('Write to the circle').inputValue(), DRAFT);
});

scene('p20 nobody touches it, and it locks; another window that is in use keeps it open', async (world) => {
	const phone = await world.member('Zebulina');
	await setPin(phone, PIN, 'Boat');
	await openPhone(phone);
	const { page } = phone;
	await page.getByLabel('Lock automatically').selectOption({ label: 'After 1 minute' });
	await until('it is kept', async () => {
		const all = await dump(page);
		return [...all].some(([where, bytes]) => where.includes('autoLockMin') && bytes.toString() === '1');
	});
	await page.clock.install();
	await page.clock.fastForward(50_000);
	await page.getByRole('heading', { level: 1, name: 'Settings' }).tap();
	await page.clock.fastForward(50_000);
	await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
	await page.clock.fastForward(70_000);
	await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
});

scene('p20 removing everything leaves no key, no row and no file', async (world) => {
	const phone = await fullPhone(world);
	await openPhone(phone);
	const { page } = phone;
	await page.getByRole('button', { name: 'Remove everything now' }).click();
	await phone.findNetwork();
	await page.getByRole('button', { name: 'Yes, remove it all' }).click();
	await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	const left = await page.evaluate(async () => ({
		databases: (await indexedDB.databases()).map(({ name }) => name),
		storage: { ...localStorage, ...sessionStorage },
	}));
	// The page that came after it began a new, empty vault.
	assert.equal(left.databases.length, 2, `${left.databases}`);
	assert.deepEqual(left.storage, {});
	const rows = [...(await dump(page))];
	const vaults = rows.filter(([where]) => where.startsWith('kith-phone/vaults.id'));
	assert.equal(vaults.length, 1);
	assert.deepEqual(search(new Map(rows), SECRETS), []);
});
