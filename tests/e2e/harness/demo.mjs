// @ts-check
/** The demo circle on a server of its own, and a member of it who comes back with her printed code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DEMO } from './env.mjs';
import { World } from './world.mjs';

/** @typedef {import('./world.mjs').Looks} Looks */

/** Two years of links take a phone a while to read. */
const LONG_MS = 10 * 60_000;

export class DemoWorld extends World {
	/** Amina's printed code. */
	code = '';

	/**
	 * Founds the circle and starts the server.
	 * @param {number} [weeks] that it has met; the demo's own number when none is said
	 */
	async begin(weeks) {
		const args = ['--data', join(this.folder, 'data'), ...(weeks ? ['--weeks', String(weeks)] : [])];
		const child = spawn(DEMO, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		let printed = '';
		child.stdout.on('data', (/** @type {Buffer} */ bytes) => (printed += bytes));
		const [code] = await once(child, 'close');
		this.code = /printed code: {2}(\S+)/.exec(printed)?.[1] ?? '';
		if (code !== 0 || !this.code) throw new Error(`no demo circle: ${printed}`);
		await this.server.start();
		const link = (/** @type {RegExp} */ named) => named.exec(printed)?.[1] ?? '';
		this.server.links = { facilitator: link(/facilitator,.*?(http\S+)/), member: link(/members,.*?(http\S+)/) };
	}

	/**
	 * Amina's new phone: her code is typed, and all of hers is here.
	 * @param {Looks} [looks]
	 */
	async amina(looks) {
		const phone = await this.phone('Amina', looks);
		const page = await phone.open('/');
		page.setDefaultTimeout(LONG_MS);
		await page.getByRole('link', { name: 'I lost my phone' }).click();
		await page.getByLabel('Printed code').fill(this.code);
		await page.getByRole('button', { name: 'Come back' }).click();
		await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
		await page.evaluate(async () => void (await navigator.serviceWorker.ready));
		return phone;
	}
}
