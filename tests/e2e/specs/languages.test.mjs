// @ts-check
/** The app in the person's language: taken from the phone, chosen in the settings, and downloaded alone. */
import assert from 'node:assert/strict';
import { goTo, message, openTalk } from '../harness/acts.mjs';
import { catalogue } from '../harness/catalogue.mjs';
import { scene } from '../harness/world.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const first = catalogue('es', 'first');
const rooms = catalogue('es', 'rooms');
const pin = catalogue('es', 'pin').pin;
const choice = catalogue('es', 'phone').language;

/** @param {Phone} phone */
const lang = ({ page }) => page.evaluate(() => document.documentElement.lang);
/** The languages whose words anything in a phone's browser asked for. @param {Phone} phone */
const fetched = ({ witness }) =>
	[...new Set([...witness.addresses].map((one) => /words-(\w+)-\w+-[^/]*\.js/.exec(one)?.[1] ?? []).flat())].sort();
/** Those that the service worker keeps. @param {Phone} phone */
const kept = async ({ page }) => {
	const names = await page.evaluate(async () =>
		(await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
			.flat()
			.map(({ url }) => /words-(\w+)-\w+-[^/]*\.js/.exec(url)?.[1] ?? ''),
	);
	return [...new Set(names.filter((name) => name !== ''))].sort();
};

/** @param {Phone} phone @param {string} link */
async function comeIn(phone, link) {
	const page = await phone.open(link);
	await page.getByLabel(first.welcome.name).fill(phone.owner);
	await page.getByRole('button', { name: first.welcome.join }).tap();
	await page.getByRole('link', { name: pin.later }).tap();
	await page.getByRole('heading', { level: 2, name: rooms.home.thisWeek }).waitFor();
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** @param {Phone} phone @param {string} place */
async function go(phone, place) {
	await phone.page.getByRole('link', { name: new RegExp(`^${place}`) }).last().tap();
}

scene('p24 a phone in Spanish comes in, writes, changes to English and back, and downloads one language at a time', async (world) => {
	const rosa = await world.phone('Rosa', { locale: 'es-MX' });
	await comeIn(rosa, world.server.links.member);
	const { page } = rosa;
	assert.equal(await lang(rosa), 'es-MX');
	assert.equal(await page.evaluate(() => document.documentElement.dir), 'ltr');

	await go(rosa, first.nav.threads);
	await page.getByRole('link').filter({ hasText: rooms.threads.untitled }).tap();
	await page.getByLabel(rooms.thread.write).fill('Buenos días, ¿cómo amanecieron?');
	await page.getByRole('button', { name: rooms.thread.send }).tap();
	await message(rosa, 'Buenos días').waitFor();
	await page.getByRole('link', { name: first.nav.back }).tap();
	await go(rosa, first.nav.home);
	await page.getByRole('button', { name: rooms.home.startToday }).tap();
	await page.getByRole('textbox', { name: rooms.note.bodyLabel }).click();
	await page.keyboard.type('Nos sentamos bajo el árbol');
	await page.getByText('Nos sentamos bajo el árbol').waitFor();
	await page.getByRole('link', { name: first.nav.back }).tap();
	await until('the words are kept', async () => (await kept(rosa)).length > 0);
	assert.deepEqual(fetched(rosa), ['es']);
	assert.deepEqual(await kept(rosa), ['es']);

	await go(rosa, first.nav.settings);
	await page.getByLabel(choice.label).selectOption('en');
	await until('the page is in English', async () => (await lang(rosa).catch(() => '')) === 'en');
	await openTalk(rosa);
	await message(rosa, 'Buenos días').waitFor();
	await goTo(rosa, 'Circle');
	await page.getByRole('link', { name: 'Open today’s note' }).waitFor();

	// With no network both are here by now.
	await rosa.loseNetwork();
	await goTo(rosa, 'Settings');
	await page.getByLabel('Language of Kith on this phone').selectOption('es');
	await until('the page is in Spanish', async () => (await lang(rosa).catch(() => '')) === 'es-MX');
	await page.getByRole('heading', { level: 1, name: first.nav.settings }).waitFor();
});

scene('p24 a phone in English downloads no other language, and one in a language without words is in English', async (world) => {
	const ana = await world.member('Ana');
	const juma = await world.member('Juma', 'member', { locale: 'sw-KE' });
	for (const phone of [ana, juma]) {
		await until('the words are kept', async () => (await kept(phone)).length > 0);
		assert.deepEqual([fetched(phone), await kept(phone)], [['en'], ['en']]);
	}
	assert.equal(await lang(juma), 'en');
});

scene('p24 a language that cannot be fetched is not gone over to', async (world) => {
	const ana = await world.member('Ana');
	await goTo(ana, 'Settings');
	await ana.loseNetwork();
	const select = ana.page.getByLabel('Language of Kith on this phone');
	await select.selectOption('es');
	await ana.page.getByText(catalogue('en', 'phone').language.failed).waitFor();
	assert.equal(await select.inputValue(), '');
	await ana.page.reload();
	await ana.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
	assert.equal(await lang(ana), 'en-GB');
});

scene('p24 what is outside of the app is in Spanish, too: the page that hides it, and its line in a menu', async (world) => {
	const outside = catalogue('es', 'outside');
	const rosa = await world.phone('Rosa', { locale: 'es-MX' });
	const page = await rosa.open('/');
	await page.getByRole('button', { name: first.nav.hideAll }).waitFor();
	const manifest = await page.evaluate(async () => {
		const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="manifest"]'));
		return (await fetch(link?.href ?? '')).json();
	});
	assert.deepEqual([manifest.lang, manifest.description, manifest.id], ['es', outside.description, '/']);
	await page.getByRole('button', { name: first.nav.hideAll }).tap();
	await page.waitForURL('**/notes.html');
	await page.getByRole('textbox', { name: outside.notes }).waitFor();
	assert.deepEqual([await page.title(), await lang(rosa)], [outside.notes, 'es-MX']);
	assert.doesNotMatch(await page.content(), /kith|<script/i);
});
