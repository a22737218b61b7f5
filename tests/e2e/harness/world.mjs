// @ts-check
/** A server, the phones of a circle, and a folder that goes with them. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { enrol } from './acts.mjs';
import { Phone } from './phone.mjs';
import { Server } from './server.mjs';

/** @typedef {ConstructorParameters<typeof Phone>[3]} Looks */

/** No scene takes longer. */
const LONGEST_MS = 240_000;
const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

export class World {
	/** @type {Phone[]} */
	phones = [];

	/**
	 * @param {string} folder
	 * @param {string} [web] the built web app
	 */
	constructor(folder, web) {
		this.folder = folder;
		this.server = new Server(join(folder, 'data'), web);
	}

	/**
	 * A phone, switched on, of somebody who is not in the circle yet.
	 * @param {string} owner
	 * @param {Looks} [looks]
	 */
	async phone(owner, looks) {
		const phone = new Phone(owner, this.folder, () => this.server.port, looks);
		this.phones.push(phone);
		await phone.start();
		return phone;
	}

	/**
	 * A phone whose owner has come into the circle by its link.
	 * @param {string} owner
	 * @param {'facilitator' | 'member'} [role]
	 * @param {Looks} [looks]
	 */
	async member(owner, role = 'member', looks) {
		const phone = await this.phone(owner, looks);
		await enrol(phone, this.server.links[role]);
		return phone;
	}

	/**
	 * Every phone as it looks now, and what it complained of.
	 * @param {string} name
	 */
	async keepPictures(name) {
		await mkdir(RESULTS, { recursive: true });
		const start = join(RESULTS, name.replace(/\W+/g, '-').slice(0, 60));
		for (const phone of this.phones) {
			const path = `${start}-${phone.owner}.png`;
			// A phone that is off has nothing to show.
			await phone.picture(path).catch(() => {});
			if (phone.witness.complaints.length > 0) console.error(phone.owner, phone.witness.complaints);
		}
		if (this.server.printed.includes(' WARN ')) console.error(this.server.printed);
	}

	async end() {
		await Promise.allSettled(this.phones.map((phone) => phone.throwAway()));
		await this.server.stop();
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/**
 * A test with a server of its own. When it fails, `results/` has a picture of each phone.
 * @param {string} name
 * @param {(world: World) => Promise<void>} play
 * @param {number} [longestMs]
 */
export function scene(name, play, longestMs = LONGEST_MS) {
	test(name, { timeout: longestMs }, async () => {
		const world = new World(await mkdtemp(join(tmpdir(), 'kith-e2e-')));
		try {
			await world.server.start();
			await play(world);
		} catch (error) {
			await world.keepPictures(name);
			throw error;
		} finally {
			await world.end();
		}
	});
}
