// @ts-check
/**
 * Two years of a circle on one phone, with the processor as it is and six times slower: seconds from a tap to what was
 * tapped for, the work of a key in a note and in a talk, a search from its last key to what it found and in the engine
 * alone, and the memory of the engine. The phone is that of a member who came back with her printed code: the circle's
 * notes, talks and stories, her plan, her journal, what she takes on, and what she says to others alone.
 * `phone.mjs --weeks 20` takes a smaller circle, `--rounds 5` more rounds; the table has medians.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goTo, settled } from '../harness/acts.mjs';
import { DemoWorld } from '../harness/demo.mjs';
import { wasmBytes } from '../harness/memory.mjs';
import { slowDown } from '../harness/slow.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const { values: said } = parseArgs({
	options: { weeks: { type: 'string', default: '104' }, rounds: { type: 'string', default: '3' } },
});
const [WEEKS, ROUNDS] = [said.weeks, said.rounds].map(Number);
if (!WEEKS || !ROUNDS) throw new Error('--weeks and --rounds are whole numbers from 1 on');
const SLOWER = [1, 6];
/** Keys that are typed. */
const KEYS = 'We walk again, and each step is one that was not there before. '.repeat(2);
/** What is looked for. */
const WORDS = ['river', 'brother', 'slept', 'shop', 'thursday', 'kitchen', 'morning'];
const LONGEST_MS = 10 * 60_000;

/** From the app being closed to the circle's screen. @param {Phone} phone */
async function open(phone) {
	await phone.closePage();
	return took(async () => {
		const page = await phone.open('/');
		await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	});
}

/** From the list of talks back home. @param {Phone} phone */
async function home(phone) {
	await goTo(phone, 'Talk');
	return took(async () => {
		await phone.page.getByRole('navigation').getByRole('link', { name: 'Circle' }).tap();
		await phone.page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	});
}

/** The circle's own talk, from the list. @param {Phone} phone */
async function thread(phone) {
	await goTo(phone, 'Talk');
	return took(async () => {
		await phone.page.getByRole('link', { name: /The whole circle/ }).tap();
		await phone.page.locator('li[data-key] .bubble > p').first().waitFor();
	});
}

/** The newest session's note, from the list. @param {Phone} phone */
async function note(phone) {
	await goTo(phone, 'Sessions');
	return took(async () => {
		await phone.page.locator('a[href*="/note/"]').first().tap();
		await phone.page.locator('[contenteditable="true"]').first().waitFor();
	});
}

/** How one was over two years. @param {Phone} phone */
async function plots(phone) {
	await goTo(phone, 'Circle');
	return took(async () => {
		await phone.page.getByRole('link', { name: 'How I am' }).tap();
		await phone.page.getByRole('heading', { level: 2, name: 'Over the weeks' }).waitFor();
	});
}

/** What she takes on. @param {Phone} phone */
async function commitments(phone) {
	await goTo(phone, 'Circle');
	return took(async () => {
		await phone.page.getByRole('link', { name: 'What I take on', exact: true }).tap();
		await phone.page.locator('[data-kept]').first().waitFor();
	});
}

/** All that she tried, from what she takes on. @param {Phone} phone */
async function timeline(phone) {
	await commitments(phone);
	return took(async () => {
		await phone.page.getByRole('link', { name: 'All that I tried' }).tap();
		await phone.page.locator('[data-attempt]').first().waitFor();
	});
}

/** What was told. @param {Phone} phone */
async function stories(phone) {
	await goTo(phone, 'Circle');
	return took(async () => {
		await phone.page.getByRole('link', { name: 'Stories and milestones', exact: true }).tap();
		await phone.page.getByText('The Tuesday bus').waitFor();
	});
}

/** The first search after the app was opened: from the tap on it to what was found. @param {Phone} phone */
async function find(phone) {
	await goTo(phone, 'Circle');
	return took(async () => {
		await phone.page.getByRole('link', { name: 'Search' }).tap();
		await phone.page.getByRole('searchbox').pressSequentially('kettle');
		await phone.page.locator('mark').filter({ hasText: /^kettle/i }).first().waitFor();
	});
}

/** Waits until all that is on the phone can be searched: a phone of two years has been at rest before. @param {Phone} phone */
async function atRest(phone) {
	await find(phone);
	await phone.page.getByText('Still looking').waitFor({ state: 'hidden' });
}

/** Milliseconds of each search: from its last key until what it found is laid out, and from asking the engine to its answer. @param {Phone} phone @param {number} times */
async function searches(phone, times) {
	await find(phone);
	const { page } = phone;
	const box = page.getByRole('searchbox');
	/** @type {number[]} */
	const shown = [];
	/** @type {number[]} */
	const answered = [];
	for (const word of WORDS) {
		await box.fill('');
		const fast = await slowDown(phone, times);
		try {
			await box.pressSequentially(word);
			await page.locator('mark').filter({ hasText: new RegExp(`^${word}`, 'i') }).first().waitFor();
		} finally {
			await fast();
		}
		const said = await page.evaluate(() => /** @type {any} */ (globalThis).search);
		shown.push(said.shown - said.typed);
		answered.push(said.answered - said.asked);
	}
	return { shown, answered };
}

/** Notes when a search was typed, asked, answered and shown; runs in each page. */
function watchSearches() {
	const times = { typed: 0, asked: 0, answered: 0, shown: 0 };
	let id = '';
	Object.assign(globalThis, { search: times });
	const Plain = BroadcastChannel;
	const watched = class extends Plain {
		/** @param {string} name */
		constructor(name) {
			super(name);
			this.addEventListener('message', ({ data }) => {
				if (data.kind === 'reply' && data.id === id) times.answered = performance.now();
			});
		}

		/** @param {any} message */
		postMessage(message) {
			if (message.kind === 'ask' && message.command.cmd === 'search') {
				id = message.id;
				times.asked = performance.now();
			}
			super.postMessage(message);
		}
	};
	globalThis.BroadcastChannel = watched;
	addEventListener('input', () => (times.typed = performance.now()), true);
	new MutationObserver(() => {
		if (document.querySelector('mark') === null || times.answered < times.typed) return;
		void document.body.offsetHeight;
		times.shown = performance.now();
	}).observe(document, { subtree: true, childList: true, characterData: true });
}

/** The note that is open newest, or the circle's talk, ready to be typed in. @type {Record<string, (phone: Phone) => Promise<import('playwright-core').Locator>>} */
const TYPED = {
	note: async (phone) => {
		await note(phone);
		return phone.page.locator('[contenteditable="true"]').first();
	},
	talk: async (phone) => {
		await thread(phone);
		return phone.page.getByLabel('Write to the circle');
	},
};

/** Milliseconds that each key takes until the page is laid out anew; the frame that it waits for is not in it. @param {Phone} phone @param {string} where @param {number} times */
async function keys(phone, where, times) {
	const field = await TYPED[where]?.(phone);
	const { page } = phone;
	const session = await phone.context.newCDPSession(page);
	await field?.tap();
	await page.evaluate(() => {
		const took = /** @type {number[]} */ ([]);
		Object.assign(globalThis, { took });
		let begun = 0;
		addEventListener('keydown', () => (begun = performance.now()), true);
		addEventListener('input', () => {
			queueMicrotask(() => {
				void document.body.offsetHeight;
				took.push(performance.now() - begun);
			});
		});
	});
	await session.send('Emulation.setCPUThrottlingRate', { rate: times });
	for (const key of KEYS) await page.keyboard.press(key === ' ' ? 'Space' : key);
	await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
	await session.detach();
	const all = await page.evaluate(() => /** @type {any} */ (globalThis).took);
	if (all.length !== KEYS.length) throw new Error(`${all.length} of ${KEYS.length} keys were measured`);
	await page.goBack();
	// What is not sent yet would have the browser ask whether to leave.
	await field?.waitFor({ state: 'detached' });
	await page.reload();
	return /** @type {number[]} */ (all);
}

/** @param {() => Promise<unknown>} act */
async function took(act) {
	const begun = performance.now();
	await act();
	return (performance.now() - begun) / 1_000;
}

/** @param {number[]} values @param {number} part */
function quantile(values, part) {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

const world = new DemoWorld(await mkdtemp(join(tmpdir(), 'kith-bench-')));
try {
	await world.begin(WEEKS);
	const phone = await world.amina();
	phone.context.setDefaultTimeout(LONGEST_MS);
	await settled(phone);
	await atRest(phone);
	await phone.context.addInitScript(watchSearches);
	const steps = { open, home, thread, note, plots, commitments, timeline, stories, find };
	/** @type {Record<string, number[][]>} */
	const seconds = Object.fromEntries(Object.keys(steps).map((name) => [name, SLOWER.map(() => [])]));
	/** @type {Record<string, number[]>} */
	const ms = { 'a key of a note, 95th percentile': [], 'a key of a message, 95th percentile': [], 'a search, from its last key': [], 'a search, in the engine, 95th percentile': [] };
	/** @param {string} name @param {number} value */
	const measured = (name, value) => ms[name]?.push(value);
	let bytes = 0;
	for (const [at, times] of SLOWER.entries()) {
		for (let round = 0; round < ROUNDS; round += 1) {
			for (const [name, step] of Object.entries(steps)) {
				const fast = await slowDown(phone, times);
				try {
					seconds[name]?.[at]?.push(await step(phone));
				} finally {
					await fast();
				}
			}
		}
		measured('a key of a note, 95th percentile', quantile(await keys(phone, 'note', times), 0.95));
		measured('a key of a message, 95th percentile', quantile(await keys(phone, 'talk', times), 0.95));
		const { shown, answered } = await searches(phone, times);
		measured('a search, from its last key', quantile(shown, 0.5));
		measured('a search, in the engine, 95th percentile', quantile(answered, 0.95));
		bytes = Math.max(bytes, await wasmBytes(phone));
	}
	console.log(`A circle of ${WEEKS} weeks, ${WEEKS} notes, ${WEEKS * 40} messages; medians of ${ROUNDS}\n`);
	console.log(`| | as it is | ${SLOWER[1]} times slower |\n| --- | ---: | ---: |`);
	for (const [name, of] of Object.entries(seconds)) {
		console.log(`| ${name} | ${of.map((one) => `${quantile(one, 0.5).toFixed(2)} s`).join(' | ')} |`);
	}
	for (const [name, of] of Object.entries(ms)) console.log(`| ${name} | ${of.map((one) => `${one.toFixed(1)} ms`).join(' | ')} |`);
	console.log(`\nMemory of the engine: ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
} finally {
	await world.end();
}
