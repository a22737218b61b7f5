// @ts-check
/** Each screen in each state is brought before the same judges: the audit, the narrow phone, and a picture. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { audit } from './axe.mjs';
import { SCREENSHOTS } from './env.mjs';
import { SMALL } from './phone.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */

/** Large text of one who does not see well, on the narrowest phone. */
const NARROW = { width: 320, height: 640 };
const LARGE = '200%';

export class Gallery {
	/** What was found wrong, by screen. @type {string[]} */
	faults = [];
	/** @type {string[]} */
	seen = [];

	/**
	 * Judges what is on screen. The phone looks as before when it returns.
	 * @param {Phone} phone
	 * @param {string} name
	 */
	async show(phone, name) {
		const { page } = phone;
		this.seen.push(name);
		for (const colorScheme of /** @type {const} */ (['dark', 'light'])) {
			await page.emulateMedia({ colorScheme });
			for (const fault of await audit(page)) this.faults.push(`${name}, ${colorScheme}: ${fault}`);
			await this.#picture(phone, `${name}-${colorScheme}`, false);
		}
		for (const word of await page.evaluate(brokenWords)) this.faults.push(`${name}: "${word}" is broken in two`);
		await page.setViewportSize(NARROW);
		await page.evaluate((size) => (document.documentElement.style.fontSize = size), LARGE);
		const wide = await page.evaluate(() => {
			const { scrollWidth, clientWidth } = document.documentElement;
			if (scrollWidth <= clientWidth) return null;
			const out = [...document.querySelectorAll('body *')].filter(
				(element) => element.getBoundingClientRect().right > clientWidth + 1,
			);
			return `${scrollWidth} px wide: ${out.slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join('; ')}`;
		});
		if (wide) this.faults.push(`${name}, 320 px and 200 % text: ${wide}`);
		await this.#picture(phone, `${name}-narrow`, true);
		await page.evaluate(() => (document.documentElement.style.fontSize = ''));
		await page.setViewportSize(phone.looks.viewport ?? SMALL);
	}

	/**
	 * @param {Phone} phone
	 * @param {string} name
	 * @param {boolean} fullPage
	 */
	async #picture(phone, name, fullPage) {
		if (SCREENSHOTS === null) return;
		await mkdir(SCREENSHOTS, { recursive: true });
		const number = String(this.seen.length).padStart(2, '0');
		await phone.page.screenshot({ path: join(SCREENSHOTS, `${number}-${name}.png`), fullPage });
	}
}

/**
 * The everyday words that one sees half of on one line and half on the next; runs in the page. What a computer reads
 * (`data-text="code"`: a link, a fingerprint) has no words, and breaks where it may.
 */
function brokenWords() {
	const longest = 16;
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	/** @type {string[]} */
	const broken = [];
	const range = document.createRange();
	for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
		if (text.parentElement?.checkVisibility() !== true) continue;
		if (text.parentElement.closest('[data-text="code"]')) continue;
		for (const { 0: word, index } of (text.nodeValue ?? '').matchAll(/\p{L}+/gu)) {
			if (word.length > longest) continue;
			range.setStart(text, index);
			range.setEnd(text, index + word.length);
			const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)));
			if (lines.size > 1) broken.push(word);
		}
	}
	return broken;
}
