// @ts-check
/**
 * Every screen from right to left, with sentences two fifths longer: in a language that is made of the English one, by a
 * build of its own. What stands there without brackets is in no catalogue.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */
/** @typedef {import('../harness/phone.mjs').Page} Page */

const WEB = fileURLToPath(new URL('../../../web', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'kith-pseudo-'));
after(() => rm(folder, { recursive: true, force: true }));
await promisify(execFile)('node', [join(WEB, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir'], {
	cwd: WEB,
	env: { ...process.env, KITH_PSEUDO: '1' },
});
// What the harness serves is read when it is loaded.
process.env['KITH_WEB_DIST'] = folder;
const acts = await import('../harness/acts.mjs');
const { audit } = await import('../harness/axe.mjs');
const { faultsOnScreen } = await import('../harness/sides.mjs');
const { scene } = await import('../harness/world.mjs');

const SIZES = [
	{ width: 360, height: 640 },
	{ width: 320, height: 640 },
];
/** What people wrote in this scene, and what `Intl` writes. */
const WRITTEN =
	/^(Ana|Ruth|Our circle|The dry season|We sat under|Good morning|We walk to|English|español|\P{L}+$)|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|20\d\d)/u;

/** The tag is for private use, so that it stands for nobody's language; the audit knows only those that somebody speaks. */
const NO_LANGUAGE = /^(html-lang-valid|valid-lang):/;

/** Goes over to another language, as the settings do. @param {Page} page @param {string} language */
async function speak(page, language) {
	await page.evaluate((one) => localStorage.setItem('kith.language', one), language);
}

/** Texts that no catalogue says; runs in the page. @returns {string[]} */
function bareTexts() {
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	/** @type {string[]} */
	const bare = [];
	for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
		const parent = text.parentElement;
		// What languages are called, each in itself, is the browser's.
		if (!parent?.checkVisibility() || parent.closest('bdi, time, script, style, [data-text="code"], .words, [data-languages]')) continue;
		const said = (text.nodeValue ?? '').trim();
		if (/\p{L}{2}/u.test(said) && !/[[\]]/.test(said)) bare.push(said);
	}
	return bare;
}

/**
 * Looks at the screens behind some addresses.
 * @param {Phone} phone
 * @param {string[]} hashes
 */
async function look(phone, hashes) {
	const { page } = phone;
	/** @type {string[]} */
	const faults = [];
	await speak(page, 'qps');
	for (const hash of hashes) {
		await page.goto('about:blank');
		await phone.open(`/${hash}`);
		await page.locator('h1').first().waitFor();
		await page.locator('main :is(section, form, ol, ul, p, .bubble):visible').first().waitFor();
		for (const size of SIZES) {
			await page.setViewportSize(size);
			const where = `${hash} at ${size.width} px`;
			faults.push(...(await page.evaluate(faultsOnScreen, 'rtl')).map((fault) => `${where}: ${fault}`));
		}
		faults.push(...(await audit(page)).filter((fault) => !NO_LANGUAGE.test(fault)).map((fault) => `${hash}: ${fault}`));
		const bare = (await page.evaluate(bareTexts)).filter((text) => !WRITTEN.test(text));
		faults.push(...bare.map((text) => `${hash}: in no catalogue: ${text}`));
	}
	return faults;
}

scene('p24 before a circle, every screen stands from right to left, in longer sentences', async (world) => {
	const ana = await world.phone('Ana');
	await ana.open('/');
	await ana.page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
	const join = new URL(world.server.links.member);
	const hashes = ['#/welcome', '#/in', '#/back', '#/found', '#/phone', '#/nowhere', join.pathname.slice(1) + join.search + join.hash];
	assert.deepEqual(await look(ana, hashes), []);
});

scene('p24 in a circle, every screen stands from right to left, in longer sentences', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	const { page } = ruth;
	await acts.expectPeople(ruth, ['Ana', 'Ruth']);
	await acts.openTodaysNote(ruth);
	await acts.setTitle(ruth, 'The dry season');
	await acts.writeBlock(ruth, 'We sat under the tree', 'To-do');
	const note = new URL(page.url()).hash;
	await acts.openTalk(ana);
	await acts.send(ana, 'Good morning');
	await acts.settled(ana);
	await acts.openTalk(ruth);
	await acts.message(ruth, 'Good morning').waitFor();
	await acts.send(ruth, 'We walk to the river');
	const thread = new URL(page.url()).hash;
	await acts.settled(ruth);
	const circle = /^#\/c\/[^/]+/.exec(note)?.[0] ?? '';
	const inside = ['', '/sessions', '/sessions/new', '/talk', '/safe', '/settings', '/people', '/invite', '/letin', '/paper', '/who', '/toolkit', '/plan', '/plan/all', '/plan/ask'];
	assert.deepEqual(await look(ruth, [...inside.map((one) => circle + one), note, thread, '#/phone', '#/phone/pin', '#/phone/leave', '#/found']), []);
});
