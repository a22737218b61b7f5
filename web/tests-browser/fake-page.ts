/** The app over its stand-in, in a page of a small phone: what browser-level tests of single screens begin with. */
import { createServer, type ViteDevServer } from 'vite';
import type { Page } from 'playwright-core';
import type { FakeBridge } from '../src/testing/fake';
import { Phone } from './browser';

declare global {
	var kithFake: FakeBridge;
}

const TARGET_MIN_PX = 44;

/** A page that opens any screen, with nothing kept of the one before. */
export class FakePage {
	private constructor(
		readonly page: Page,
		private readonly phone: Phone,
		private readonly server: ViteDevServer,
	) {}

	/** Starts the server and the browser. */
	static async begin(): Promise<FakePage> {
		process.env['VITE_FAKE'] = '1';
		const root = `${import.meta.dirname}/..`;
		const server = await createServer({ root, logLevel: 'error', server: { port: 0 } });
		await server.listen();
		const phone = new Phone();
		return new FakePage(await phone.open('about:blank'), phone, server);
	}

	async end(): Promise<void> {
		await this.phone.end();
		await this.server.close();
	}

	/** Opens a screen anew on a phone of 360 by 640, or on a narrower one with text twice as large. */
	async look(hash: string, large = false, language = ''): Promise<void> {
		const { page } = this;
		const origin = this.server.resolvedUrls?.local[0];
		await page.setViewportSize({ width: large ? 320 : 360, height: 640 });
		await page.goto(`${origin}icon.svg`);
		await page.evaluate((chosen) => (localStorage['kith.language'] = chosen), language);
		await page.goto(`${origin}${hash}`);
		await page.waitForFunction(() => 'kithFake' in globalThis);
		await page.locator('h1').waitFor();
		if (large) await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
	}

	/** Pixels that one would have to move sideways for. */
	hiddenSideways(): Promise<number> {
		return this.page.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
		);
	}

	/** Keeps pictures of the screen, light and dark, where `KITH_SCREENSHOTS` names a folder for them. */
	async picture(name: string): Promise<void> {
		const folder = process.env['KITH_SCREENSHOTS'];
		if (!folder) return;
		const file = `${folder}/${name.replace(/\W+/g, '-')}`;
		for (const colorScheme of ['light', 'dark'] as const) {
			await this.page.emulateMedia({ colorScheme });
			await this.page.screenshot({ path: `${file}-${colorScheme}.png` });
		}
		await this.page.emulateMedia({ colorScheme: null });
	}

	/** What is tapped and is smaller than a finger. */
	smallTargets(): Promise<string[]> {
		return this.page.evaluate((least) => {
			const all = [...document.querySelectorAll('main button, main a, main label, main summary')];
			const boxes = all.map((one) => [one.textContent.trim(), one.getBoundingClientRect()] as const);
			return boxes.filter(([, { width, height }]) => width < least || height < least).map(([name]) => name);
		}, TARGET_MIN_PX);
	}
}
