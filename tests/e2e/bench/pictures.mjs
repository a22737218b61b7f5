// @ts-check
/**
 * The README's pictures, of the demo circle on the phone of one who came back: her home, a talk between two, how she was
 * over the weeks; light and dark. Written to `docs/pictures/`.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goTo, settled } from '../harness/acts.mjs';
import { DemoWorld } from '../harness/demo.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const TO = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

/** What is shown, and how one gets there. @type {Record<string, (phone: Phone) => Promise<void>>} */
const PICTURES = {
	home: async (phone) => {
		await settled(phone);
		await phone.page.getByRole('region', { name: 'How Kith works' }).getByRole('button', { name: 'Not now' }).tap();
		// Hers is a phone that she came back on: all of it would be new to her.
		await phone.page.getByRole('button', { name: 'I’ve seen this' }).tap();
		await phone.page.getByRole('region', { name: 'Waiting for you' }).waitFor();
		await phone.page.evaluate(() => scrollTo(0, 0));
	},
	talk: async (phone) => {
		await goTo(phone, 'Talk');
		await phone.page.getByRole('link', { name: /Kofi/ }).tap();
		await phone.page.getByText('Here I am. Do you want me to call').waitFor();
		// All of it is new to this phone: whoever went to the first of them reads on at the end.
		const first = phone.page.getByRole('button', { name: /Go to the first/ });
		await first.tap();
		await first.waitFor({ state: 'hidden' });
		await phone.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
	},
	weeks: async (phone) => {
		await goTo(phone, 'Circle');
		await phone.page.getByRole('link', { name: 'How I am' }).tap();
		const weeks = phone.page.getByRole('heading', { level: 2, name: 'Over the weeks' });
		await weeks.waitFor();
		// The bar stays above what is scrolled to.
		await weeks.evaluate((heading) => scrollTo(0, heading.getBoundingClientRect().top + scrollY - 80));
	},
};

const world = new DemoWorld(await mkdtemp(join(tmpdir(), 'kith-pictures-')));
try {
	await mkdir(TO, { recursive: true });
	await world.begin();
	const phone = await world.amina({ dense: true });
	for (const [name, go] of Object.entries(PICTURES)) {
		await go(phone);
		for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
			await phone.page.emulateMedia({ colorScheme });
			await phone.picture(join(TO, `${name}-${colorScheme}.png`));
		}
		console.log(`docs/pictures/${name}-light.png and ${name}-dark.png`);
	}
} finally {
	await world.end();
}
