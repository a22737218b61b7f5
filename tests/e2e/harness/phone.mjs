// @ts-check
/** One person's phone: a browser profile of its own on disk, behind a network of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { cameraFlags } from './camera.mjs';
import { CHROMIUM, CHROMIUM_FLAGS } from './env.mjs';
import { Proxy } from './proxy.mjs';
import { until, PATIENCE_MS } from './until.mjs';
import { Witness } from './witness.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').BrowserContext} Context */

/**
 * `dense`: two points of the screen for each; `flags`: more of the browser's; `settings`: of its profile, as its own settings page would write them.
 * @typedef {{
 *   viewport?: { width: number, height: number },
 *   dark?: boolean,
 *   dense?: boolean,
 *   camera?: boolean,
 *   locale?: string,
 *   flags?: string[],
 *   settings?: object,
 * }} Looks
 */

export const SMALL = { width: 360, height: 640 };

export class Phone {
	/** @type {Context | null} */
	#context = null;
	/** @type {Page | null} */
	#page = null;
	/** What its pages and workers asked for and complained of, over all starts. */
	witness = new Witness();

	/**
	 * @param {string} owner whose it is, as others will read it
	 * @param {string} folder
	 * @param {() => number} serverPort
	 * @param {Looks} [looks]
	 */
	constructor(owner, folder, serverPort, looks = {}) {
		this.owner = owner;
		this.profile = join(folder, `phone-${owner}`);
		this.looks = looks;
		/** What its camera sees, if it has one; see `holdBefore`. */
		this.film = join(folder, `film-${owner}.y4m`);
		this.proxy = new Proxy(serverPort);
	}

	/** The page on screen. */
	get page() {
		if (!this.#page) throw new Error(`${this.owner}'s phone shows no page`);
		return this.#page;
	}

	get context() {
		if (!this.#context) throw new Error(`${this.owner}'s phone is off`);
		return this.#context;
	}

	/** The phone is taken out of its box. */
	async start() {
		await mkdir(join(this.profile, 'Default'), { recursive: true });
		if (this.looks.settings) {
			await writeFile(join(this.profile, 'Default', 'Preferences'), JSON.stringify(this.looks.settings));
		}
		await this.proxy.start();
		await this.turnOn();
	}

	/** The browser starts; no page is open yet. */
	async turnOn() {
		const context = await chromium.launchPersistentContext(this.profile, {
			executablePath: CHROMIUM,
			headless: true,
			args: [
				...CHROMIUM_FLAGS,
				...(this.looks.camera ? cameraFlags(this.film) : []),
				// Pages take the context's language; the service worker has the browser's own.
				...(this.looks.locale ? [`--lang=${this.looks.locale}`, `--accept-lang=${this.looks.locale}`] : []),
				...(this.looks.flags ?? []),
			],
			viewport: this.looks.viewport ?? SMALL,
			deviceScaleFactor: this.looks.dense ? 2 : 1,
			hasTouch: true,
			isMobile: true,
			locale: this.looks.locale ?? 'en-GB',
			timezoneId: 'Africa/Kampala',
			colorScheme: this.looks.dark ? 'dark' : 'light',
			reducedMotion: 'reduce',
		});
		context.setDefaultTimeout(PATIENCE_MS);
		this.#context = context;
		await this.witness.watch(context);
	}

	/**
	 * Opens an address of the app, such as a link that somebody sent: its path and hash count, the origin is this
	 * phone's way to the server.
	 * @param {string} [address]
	 */
	async open(address = '/') {
		const { pathname, search, hash } = new URL(address, this.proxy.origin);
		const page = this.#page ?? this.context.pages()[0] ?? (await this.context.newPage());
		this.#page = page;
		await page.goto(this.proxy.origin + pathname + search + hash, { waitUntil: 'commit' });
		return page;
	}

	/** Closes the app's page; the browser stays. */
	async closePage() {
		const page = this.#page;
		this.#page = null;
		// A browser without a page would end.
		await this.context.newPage();
		await page?.close();
	}

	/** The page's process dies, as when memory runs out. */
	async crashPage() {
		const page = this.page;
		this.#page = null;
		const crashed = new Promise((resolve) => page.once('crash', () => resolve(null)));
		const session = await this.context.newCDPSession(page);
		// It never answers.
		session.send('Page.crash').catch(() => {});
		await crashed;
		await this.context.newPage();
		await page.close();
	}

	/** Closes the browser as people do. */
	async turnOff() {
		const context = this.#context;
		this.#context = this.#page = null;
		await context?.close();
	}

	/** Prepares to end the browser without warning, so that the instant can be chosen. @returns the blow */
	async aimToKill() {
		const browser = this.context.browser();
		if (!browser) throw new Error('no browser to kill');
		const session = await browser.newBrowserCDPSession();
		const { processInfo } = await session.send('SystemInfo.getProcessInfo');
		const id = processInfo.find(({ type }) => type === 'browser')?.id;
		if (!id) throw new Error('the browser does not say its process');
		const closed = new Promise((resolve) => browser.once('disconnected', () => resolve(null)));
		return async () => {
			process.kill(id, 'SIGKILL');
			await closed;
			this.#context = this.#page = null;
			await until('the browser has ended', () => !isAlive(id));
		};
	}

	/** No network at all, and the browser knows. */
	async loseNetwork() {
		this.proxy.become('down');
		await this.context.setOffline(true);
	}

	/** @param {{ kbitPerS: number, roundTripMs: number } | null} [link] */
	async findNetwork(link = null) {
		this.proxy.shape(link);
		this.proxy.become('open');
		await this.context.setOffline(false);
	}

	/**
	 * Takes a picture of the screen.
	 * @param {string} path
	 */
	async picture(path) {
		await this.page.screenshot({ path, timeout: 5_000 });
	}

	/** For the end of a test. */
	async throwAway() {
		await this.turnOff();
		await this.proxy.stop();
	}
}

/** @param {number} id */
function isAlive(id) {
	try {
		process.kill(id, 0);
		return true;
	} catch {
		return false;
	}
}
