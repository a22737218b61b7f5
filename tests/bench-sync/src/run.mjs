// @ts-check
/** All trials of all subjects, round after round. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FAR, LINKS, trial } from './scenes.mjs';

/** Where A and B are cut: so much of their bytes. */
export const CUTS = [0.3, 0.5, 0.8];

/**
 * @typedef {object} Wanted
 * @property {number} seed
 * @property {number} rounds
 * @property {string[]} only scenes, a to e
 * @property {string[]} links
 */

/** `wasted`: bytes beyond what it takes without a cut. @typedef {{ part: number, total: number, wasted: number, ms: number }} Cut */
/**
 * What came of one scene over one link, of all rounds. @typedef {object} Scene
 * @property {import('./scenes.mjs').Trial[]} trials
 * @property {Cut[]} cuts
 */
/** Scenes by name and link. @typedef {Record<string, Record<string, Scene>>} Scenes */
/** @typedef {{ name: string, title: string, scenes: Scenes, problems: string[] }} Outcome */

/** One after another, in any order of asking: what is not shaped takes the processor, and nothing may take it away. */
class Turns {
	#last = Promise.resolve();

	/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
	take(work) {
		const turn = this.#last.then(work);
		this.#last = turn.then(() => {}, () => {});
		return turn;
	}
}

/**
 * @param {object} what
 * @param {import('./subjects.mjs').Subject} what.subject
 * @param {string} what.folder
 * @param {string} what.file of the workload
 * @param {import('./workload.mjs').Workload} what.workload
 * @param {number} what.base
 * @param {{ notes: number, messages: number }} what.want
 * @param {Wanted} what.wanted
 * @param {Turns} what.turns
 * @param {(text: string) => void} what.say
 * @returns {Promise<Outcome>}
 */
async function measure({ subject, folder, file, workload, base, want, wanted, turns, say }) {
	const { name, title } = subject;
	/** @type {Outcome} */
	const outcome = { name, title, scenes: {}, problems: [] };
	const place = (/** @type {string} */ state) => join(folder, name, state);
	/** @param {string} what @param {() => Promise<void>} work */
	const attempt = async (what, work) => {
		const begun = performance.now();
		try {
			await work();
			say(`${title}: ${what} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
			return true;
		} catch (error) {
			outcome.problems.push(`${what}: ${error instanceof Error ? error.message : error}`);
			say(`${title}: ${what} FAILED: ${error instanceof Error ? error.message : error}`);
			return false;
		}
	};
	const scene = (/** @type {string} */ of, /** @type {string} */ link) => {
		const links = (outcome.scenes[of] ??= {});
		return (links[link] ??= { trials: [], cuts: [] });
	};
	/** @param {string} of @param {string} link @param {number} round @param {{ cutAfter?: number, keep?: string }} [more] */
	const one = (of, link, round, more = {}) => {
		const shape = LINKS[link] ?? FAR;
		const from = place({ a: 'before', b: 'none', c: 'after' }[of] ?? 'before');
		const work = () =>
			trial({ subject, from, isNew: of === 'b', link: shape, seed: wanted.seed * 1_000 + round, want, ...more });
		return shape.roundTripMs > 0 ? work() : turns.take(work);
	};
	/** A or B over a link; over the first link cut, too: bytes are the same over all. @param {'a' | 'b'} of @param {string} link @param {number} round */
	const whole = async (of, link, round) => {
		const isKept = of === 'a' && link === 'none' && round === 0;
		const is = await attempt(`${of.toUpperCase()}, ${link}`, async () => {
			scene(of, link).trials.push(await one(of, link, round, isKept ? { keep: place('after') } : {}));
		});
		const uncut = scene(of, link).trials.at(-1);
		if (!is || !uncut || link !== wanted.links[0] || !wanted.only.includes(of === 'a' ? 'd' : 'e')) return;
		for (const part of CUTS) {
			await attempt(`${of === 'a' ? 'D' : 'E'}, ${link}, cut at ${part * 100} %`, async () => {
				const { total, ms } = await one(of, link, round, { cutAfter: Math.round(uncut.total * part) });
				scene(of, link).cuts.push({ part, total, wasted: total - uncut.total, ms });
			});
		}
	};
	const has = (/** @type {string[]} */ ...scenes) => scenes.some((each) => wanted.only.includes(each));

	await mkdir(place('before'), { recursive: true });
	const build = () => turns.take(() => subject.build(place('before'), file, workload, base));
	if (!(await attempt('its past', build))) return outcome;
	await whole('a', 'none', 0);
	if (!outcome.scenes.a?.none?.trials.length) return outcome;
	if (has('b', 'e')) {
		const isReady = await attempt('a new phone is invited', async () => {
			await cp(place('after'), place('none'), { recursive: true });
			const server = await subject.serve(place('none'));
			await subject.empty(place('none'), server.port).finally(() => server.end());
		});
		if (!isReady) wanted = { ...wanted, only: wanted.only.filter((each) => each !== 'b' && each !== 'e') };
	}
	for (let round = 0; round < wanted.rounds; round += 1) {
		if (has('a')) await attempt('A, far', async () => void scene('a', 'far').trials.push(await one('a', 'far', round)));
		if (has('c')) await attempt('C', async () => void scene('c', 'none').trials.push(await one('c', 'none', round)));
		for (const link of wanted.links) {
			if (has('a', 'd') && !(link === 'none' && round === 0)) await whole('a', link, round);
			if (has('b', 'e')) await whole('b', link, round);
		}
	}
	return outcome;
}

/**
 * Measures them all side by side. What a slow link holds up anyway is measured at once, the rest one after another.
 * @param {import('./subjects.mjs').Subject[]} subjects
 * @param {Omit<Parameters<typeof measure>[0], 'subject' | 'turns'>} what
 */
export function measureAll(subjects, what) {
	const turns = new Turns();
	return Promise.all(subjects.map((subject) => measure({ ...what, subject, turns })));
}
