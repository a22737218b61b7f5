/**
 * The app over its stand-in, in a page of a small phone: what browser-level tests of single screens import. Each file that
 * does has one page, which is there before its first test and gone after its last.
 */
import { createServer, type ViteDevServer } from 'vite';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { FakeBridge } from '../src/testing/fake';
import { Phone } from './browser';

declare global {
	var kithFake: FakeBridge;
}

const TARGET_MIN_PX = 44;

const phone = new Phone();
let server: ViteDevServer;
/** The page; {@link look} opens screens in it. */
export let page: Page;

beforeAll(async () => {
	process.env['VITE_FAKE'] = '1';
	const root = `${import.meta.dirname}/..`;
	server = await createServer({ root, logLevel: 'error', server: { port: 0 } });
	await server.listen();
	page = await phone.open('about:blank');
});
afterAll(async () => {
	await phone.end();
	await server.close();
});

/** Opens a screen anew on a phone of 360 by 640, or on a narrower one with text twice as large; nothing of the one before is kept. */
export async function look(hash: string, large = false, language = ''): Promise<void> {
	const origin = server.resolvedUrls?.local[0];
	await page.setViewportSize({ width: large ? 320 : 360, height: 640 });
	await page.goto(`${origin}icon.svg`);
	await page.evaluate((chosen) => (localStorage['kith.language'] = chosen), language);
	await page.goto(`${origin}${hash}`);
	await page.waitForFunction(() => 'kithFake' in globalThis);
	await page.locator('h1').waitFor();
	if (large) await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
}

/** Pixels that one would have to move sideways for. */
export function hiddenSideways(): Promise<number> {
	return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Keeps pictures of the screen, light and dark, where `KITH_SCREENSHOTS` names a folder for them. */
export async function picture(name: string): Promise<void> {
	const folder = process.env['KITH_SCREENSHOTS'];
	if (!folder) return;
	const file = `${folder}/${name.replace(/\W+/g, '-')}`;
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		await page.screenshot({ path: `${file}-${colorScheme}.png` });
	}
	await page.emulateMedia({ colorScheme: null });
}

/** What is tapped and is smaller than a finger. */
export function smallTargets(): Promise<string[]> {
	return page.evaluate((least) => {
		const all = [...document.querySelectorAll('main button, main a, main label, main summary')];
		const boxes = all.map((one) => [one.textContent.trim(), one.getBoundingClientRect()] as const);
		return boxes.filter(([, { width, height }]) => width < least || height < least).map(([name]) => name);
	}, TARGET_MIN_PX);
}
