// @ts-check
/**
 * How long it takes from a link to one's circle, on links of four speeds, with the processor as it is and six times
 * slower. Whoever comes in types a name and says "Not now" to a PIN at once, so what is left is Kith's. `arrive.mjs
 * NAME=DIST …` measures other builds of the web app beside each other, taking turns; without, the one that is built.
 * `ROUNDS=3` takes the median of three. Prints a table, seconds from opening the link to the circle's screen.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WEB } from '../harness/env.mjs';
import { slowDown } from '../harness/slow.mjs';
import { World } from '../harness/world.mjs';

/** As networks of that speed are. */
const LINKS = [
	{ name: '50 kbit/s', kbitPerS: 50, roundTripMs: 800 },
	{ name: '200 kbit/s', kbitPerS: 200, roundTripMs: 400 },
	{ name: '1 Mbit/s', kbitPerS: 1_000, roundTripMs: 150 },
	{ name: '5 Mbit/s', kbitPerS: 5_000, roundTripMs: 60 },
];
const SLOWER = [1, 6];
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const LONGEST_MS = 10 * 60_000;
/** What the slower processor is measured by: as much work in a worker as takes a while. */
const WORK = 4e8;

/** @typedef {{ seconds: number, bytes: number, slower: number }} Arrival */

/**
 * @param {World} world
 * @param {string} owner
 * @param {typeof LINKS[number]} link
 * @param {number} times
 * @returns {Promise<Arrival>}
 */
async function arrive(world, owner, link, times) {
	const phone = await world.phone(owner);
	phone.context.setDefaultTimeout(LONGEST_MS);
	const plainMs = await work(phone);
	phone.proxy.shape(link);
	const fast = await slowDown(phone, times);
	try {
		const slower = (await work(phone)) / plainMs;
		const begun = performance.now();
		const page = await phone.open(world.server.links.member);
		await page.getByLabel('What should people call you?').fill(owner);
		await page.getByRole('button', { name: 'Join the circle' }).click();
		await page.getByRole('link', { name: 'Not now' }).click();
		await page.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
		const seconds = (performance.now() - begun) / 1_000;
		return { seconds, bytes: phone.proxy.down.carriedBytes, slower };
	} finally {
		await fast();
		await phone.throwAway();
	}
}

/** Milliseconds that a worker of an empty page needs for the same work. @param {import('../harness/phone.mjs').Phone} phone */
async function work(phone) {
	const page = phone.context.pages()[0] ?? (await phone.context.newPage());
	return page.evaluate(async (times) => {
		const script = `let sum = 0; const begun = performance.now();
			for (let at = 0; at < ${times}; at += 1) sum = (sum * 31 + at) | 0;
			postMessage(performance.now() - begun + (sum & 0));`;
		const worker = new Worker(URL.createObjectURL(new Blob([script])));
		const ms = await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
		worker.terminate();
		return Number(ms);
	}, WORK);
}

/** @param {number[]} values */
function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

const said = process.argv.slice(2).map((argument) => argument.split('='));
const builds = said.length > 0 ? said.map(([name = '', dist = '']) => ({ name, dist: resolve(dist) })) : [{ name: 'Kith', dist: WEB }];
/** @type {World[]} */
const worlds = [];
try {
	for (const { dist } of builds) {
		const world = new World(await mkdtemp(join(tmpdir(), 'kith-arrive-')), dist);
		worlds.push(world);
		await world.server.start();
	}
	let count = 0;
	console.log(`| link | processor | ${builds.map(({ name }) => `${name} | KB`).join(' | ')} |`);
	console.log(`| --- | --- |${' ---: | ---: |'.repeat(builds.length)}`);
	for (const times of SLOWER) {
		for (const link of LINKS) {
			/** @type {Arrival[][]} */
			const arrivals = builds.map(() => []);
			for (let round = 0; round < ROUNDS; round += 1) {
				for (const [at, world] of worlds.entries()) {
					arrivals[at]?.push(await arrive(world, `Ana ${(count += 1)}`, link, times));
				}
			}
			const cells = arrivals.map((of) => {
				const bytes = median(of.map((one) => one.bytes));
				return `${median(of.map(({ seconds }) => seconds)).toFixed(1)} s | ${Math.round(bytes / 1_000)}`;
			});
			const slower = median(arrivals.flat().map((one) => one.slower)).toFixed(1);
			console.log(`| ${link.name}, ${link.roundTripMs} ms | ${times === 1 ? 'as it is' : `${slower} times slower`} | ${cells.join(' | ')} |`);
		}
	}
} finally {
	for (const world of worlds) await world.end();
}
