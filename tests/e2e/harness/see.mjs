// @ts-check
/** What must be seen: each waits for it, and says what was there instead. */
import { until } from './until.mjs';

/** @typedef {import('playwright-core').Locator} Locator */

/**
 * @param {Locator} place
 * @param {string | RegExp} wanted
 * @param {number} [patienceMs]
 */
export async function expectText(place, wanted, patienceMs) {
	let seen = '';
	const found = async () => {
		seen = (await place.innerText({ timeout: 1_000 })).replace(/\s+/g, ' ').trim();
		return typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen);
	};
	await until(`${wanted} is seen`, found, patienceMs).catch((error) => {
		throw new Error(`${error.message}; there is: ${JSON.stringify(seen)}`, { cause: error });
	});
}

/**
 * Exactly so many of them, now and a moment later.
 * @param {Locator} place
 * @param {number} count
 * @param {string} what
 */
export async function expectCount(place, count, what) {
	await until(`${count} of ${what}`, async () => (await place.count()) === count).catch(async (error) => {
		throw new Error(`${error.message}; there are ${await place.count()}`, { cause: error });
	});
}

/**
 * Where an item is, in the words that people read.
 * @param {Locator} chip
 * @param {'On this phone' | 'Sending' | 'Safe on the server' | 'Not accepted'} words
 * @param {number} [patienceMs]
 */
export async function expectSafety(chip, words, patienceMs) {
	await expectText(chip, words, patienceMs);
}

/**
 * Records what a chip says over time, from now on, as a person who looks at it would see; the chip may come later.
 * @param {import('playwright-core').Page} page
 * @param {{ inside: string, having?: string }} where a selector, and a text that the element has
 * @returns {Promise<() => Promise<string[]>>} what it said so far, in order, without repetition
 */
export async function watchChip(page, { inside, having = '' }) {
	const log = await page.evaluateHandle(
		([selector, text]) => {
			/** @type {string[]} */
			const seen = [];
			const look = () => {
				const places = [...document.querySelectorAll(selector)];
				const place = places.find((one) => one.textContent?.includes(text));
				// Its text and not what is drawn of it: days that are not in sight yet are not drawn.
				const now = place?.querySelector('[data-safety]')?.textContent?.trim();
				if (now && now !== seen.at(-1)) seen.push(now);
			};
			look();
			const observer = new MutationObserver(look);
			observer.observe(document.body, { subtree: true, childList: true, characterData: true });
			return seen;
		},
		/** @type {const} */ ([inside, having]),
	);
	return () => log.jsonValue();
}

/**
 * That words came in this order, whatever came between.
 * @param {() => Promise<string[]>} said what was seen so far
 * @param {string[]} wanted
 */
export async function expectInOrder(said, wanted) {
	/** @type {string[]} */
	let seen = [];
	const inOrder = async () => {
		seen = await said();
		let at = 0;
		for (const one of seen) if (one === wanted[at]) at += 1;
		return at === wanted.length;
	};
	await until(wanted.join(', then '), inOrder).catch((error) => {
		throw new Error(`${error.message}; seen: ${JSON.stringify(seen)}`, { cause: error });
	});
}
