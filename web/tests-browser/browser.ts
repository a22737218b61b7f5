/** A real Chromium with a profile of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page, type Worker } from 'playwright-core';
import type { Command, KithProblem, Notice, Reply } from '../src/bridge/contract';

const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** A phone: one profile, which outlives its browser. */
export class Phone {
	readonly #profile = mkdtempSync(join(tmpdir(), 'kith-browser-'));
	#context: BrowserContext | null = null;

	/** `args`: what its browser is started with beside what all are, such as a film in a camera's place. */
	constructor(private readonly args: readonly string[] = []) {}

	/** The running browser; started when there is none. */
	async context(): Promise<BrowserContext> {
		this.#context ??= await chromium.launchPersistentContext(this.#profile, {
			executablePath: process.env['KITH_CHROMIUM'] ?? '/usr/bin/chromium',
			headless: true,
			args: [...ARGS, ...this.args],
		});
		return this.#context;
	}

	/** Opens a page in a new tab. */
	async open(address: string): Promise<Page> {
		const page = await (await this.context()).newPage();
		await page.goto(address);
		return page;
	}

	/** Ends the browser, as a phone does that needs the memory. */
	async stop(): Promise<void> {
		await this.#context?.close();
		this.#context = null;
	}

	/** Ends the browser and forgets the profile. */
	async end(): Promise<void> {
		await this.stop();
		rmSync(this.#profile, { recursive: true, force: true });
	}
}

/** Asks the engine through a page's bridge. */
export function ask<C extends Command['cmd']>(
	page: Page,
	command: Extract<Command, { cmd: C }>,
): Promise<Reply<C>> {
	return page.evaluate((asked) => globalThis.kith.ask(asked), command as Command) as Promise<Reply<C>>;
}

/** The value of a reply that must be good. */
export async function must<C extends Command['cmd']>(
	page: Page,
	command: Extract<Command, { cmd: C }>,
): Promise<Extract<Reply<C>, { ok: true }>['value']> {
	const reply = await ask<C>(page, command);
	if (!reply.ok) throw new Error(`${command.cmd}: ${reply.problem.code}: ${reply.problem.why}`);
	return reply.value as Extract<Reply<C>, { ok: true }>['value'];
}

/** The problem of a reply that must not be good. */
export async function refused<C extends Command['cmd']>(
	page: Page,
	command: Extract<Command, { cmd: C }>,
): Promise<KithProblem> {
	const reply = await ask<C>(page, command);
	if (reply.ok) throw new Error(`${command.cmd} went well`);
	return reply.problem;
}

/** What a page has heard so far. */
export function notices(page: Page): Promise<Notice[]> {
	return page.evaluate(() => globalThis.kith.notices);
}

/** Waits until a page has heard a notice. */
export async function heard(page: Page, test: (notice: Notice) => boolean): Promise<Notice> {
	for (;;) {
		const found = (await notices(page)).findLast(test);
		if (found) return found;
		await page.waitForTimeout(20);
	}
}

/** The page's worker that has the engine. */
export async function engineWorker(page: Page): Promise<Worker> {
	await heard(page, (notice) => notice.notice === 'engine' && notice.state === 'ready');
	const worker = page.workers()[0];
	if (!worker) throw new Error('the page has no worker');
	return worker;
}
