// @ts-check
/**
 * P11: whichever file of the way in a cut takes, and whenever, a person who writes their name and taps once comes in. A
 * page of Chromium loads no failed module again, so each file is one that the page must mend, with the name in the field.
 * All files with `KITH_FULL`; without, those that come after the first paint, when somebody is typing already.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const ASSETS = fileURLToPath(new URL('../../../web/dist/assets', import.meta.url));
/** What the page asks for once it is painted; each stands for a place where it waits. */
const LATE = [/^bridge-/, /^fields-/, /^words-en-rooms-/, /^home-.*js/, /^pin-.*js/];
const CUT_MS = 500;
const LONGEST_MS = 15 * 60_000;

/** The files that a cut may take, in the order of their names. */
async function files() {
	const all = (await readdir(ASSETS)).filter((name) => /\.(js|css|pack|wasm)$/.test(name) && !/-es-|^more-|^codec-/.test(name));
	return process.env['KITH_FULL'] ? all : all.filter((name) => LATE.some((late) => late.test(name)));
}

/**
 * A cut takes a file: whatever asks for it in that moment gets nothing, its preload as well as its import.
 * @param {Phone} phone
 * @param {string} file a pattern
 */
async function cutOnce(phone, file) {
	const cut = { asked: 0, until: Infinity };
	await phone.context.route(file, async (route) => {
		if (cut.asked === 0) cut.until = performance.now() + CUT_MS;
		cut.asked += 1;
		await (performance.now() < cut.until ? route.abort('connectionreset') : route.continue());
	});
	return cut;
}

/**
 * Comes in with one tap on "join", however often the page begins anew.
 * @param {Phone} phone
 * @param {string} link
 */
async function comeIn(phone, link) {
	const page = await phone.open(link);
	const field = page.getByLabel('What should people call you?');
	const home = page.getByRole('heading', { level: 2, name: 'This week' });
	const noPin = page.getByRole('link', { name: 'Not now' });
	await field.fill(phone.owner);
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await until('the circle is on screen', async () => {
		if (await noPin.isVisible()) await noPin.tap({ timeout: 500 });
		return home.isVisible();
	});
}

scene(
	'p11 whichever file a cut takes, one who tapped once comes in',
	async (world) => {
		const names = await files();
		assert.ok(names.length >= LATE.length, names.join(', '));
		let cutAny = 0;
		for (const [at, name] of names.entries()) {
			const phone = await world.phone(`Ana ${at}`);
			const cut = await cutOnce(phone, `**/assets/${name}`);
			await comeIn(phone, world.server.links.member).catch((error) => {
				throw new Error(`cut: ${name}, asked for ${cut.asked} times`, { cause: error });
			});
			if (cut.asked > 0) cutAny += 1;
			await phone.turnOff();
		}
		assert.ok(cutAny >= LATE.length, `${cutAny} of ${names.length} files were asked for`);
	},
	LONGEST_MS,
);

scene('p11 a name that is not sent yet outlives the page that misses a file', async (world) => {
	const ana = await world.phone('Ana');
	let asked = 0;
	/** @type {() => void} */
	let cut = () => {};
	const typed = new Promise((resolve) => (cut = () => resolve(null)));
	await ana.context.route('**/assets/bridge-*.js', async (route) => {
		asked += 1;
		if (asked > 1) return route.continue();
		await typed;
		await route.abort('connectionreset');
	});
	const page = await ana.open(world.server.links.member);
	const field = page.getByLabel('What should people call you?');
	await field.fill('Ana');
	await page.evaluate(() => void (/** @type {any} */ (window).stays = true));
	cut();
	const anew = () => page.evaluate(() => !('stays' in window)).catch(() => false);
	await until('the page begins anew, since nothing could be done on it', anew);
	await until('the name is there again', async () => (await field.inputValue()) === 'Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.getByRole('link', { name: 'Not now' }).tap();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
});

scene('p11 whoever gives up leaves no name in the tab, and the same link then joins nobody by itself', async (world) => {
	const ana = await world.phone('Ana');
	await ana.context.route('**/v1/enrol', (route) => route.abort('connectionreset'));
	const page = await ana.open(world.server.links.member);
	const field = page.getByLabel('What should people call you?');
	await field.fill('Ana');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	const keeps = () => page.evaluate(() => sessionStorage.getItem('kith.begun.join') !== null);
	assert.ok(await keeps(), 'a page that begins anew goes on with it');
	await page.locator('[data-problem]').waitFor();
	await page.getByRole('link', { name: 'Cancel' }).tap();
	await page.getByRole('link', { name: 'No network? Come in with a code' }).waitFor();
	assert.ok(!(await keeps()));
	await ana.context.unroute('**/v1/enrol');
	await page.evaluate((link) => void (location.href = link), world.server.links.member);
	await field.waitFor();
	assert.equal(await field.inputValue(), '');
	await page.getByRole('button', { name: 'Join the circle', exact: true }).waitFor();
	await field.fill('Anna');
	await page.getByRole('button', { name: 'Join the circle' }).tap();
	await page.getByRole('link', { name: 'Not now' }).tap();
	await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	assert.ok(!(await keeps()), 'nor does whoever is in');
});
