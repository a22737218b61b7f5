// @ts-check
/** What came out of it: numbers a scene, as JSON and as a table. */
import { seconds } from './floor.mjs';
import { CUTS } from './run.mjs';
import { FAR, LINKS } from './scenes.mjs';

/** Bytes, seconds and connections: the middle of all rounds. */
/**
 * @typedef {object} Numbers
 * @property {number} up
 * @property {number} down
 * @property {number} bytes
 * @property {number} s
 * @property {number} connections
 * @property {{ bytes: number, s: number } | null} week when the session's week was there
 * @property {Record<string, number>} wasted bytes, by the part at which it was cut
 */
/** @typedef {{ name: string, title: string, problems: string[], scenes: Record<string, Record<string, Numbers>> }} Result */
/**
 * @typedef {object} Report
 * @property {number} seed
 * @property {number} rounds
 * @property {Record<string, string>} versions
 * @property {Record<string, Record<string, { up: number, down: number, bytes: number, s: number }>>} floor
 * @property {Result[]} subjects
 */

/** @param {number[]} values */
function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

const tenth = (/** @type {number} */ ms) => Math.round(ms / 100) / 10;

/** @param {import('./run.mjs').Scene} scene @returns {Numbers | null} */
function numbers({ trials, cuts }) {
	if (trials.length === 0) return null;
	const of = (/** @type {(trial: import('./scenes.mjs').Trial) => number} */ pick) => median(trials.map(pick));
	const weeks = trials.flatMap(({ week }) => (week ? [week] : []));
	const wasted = CUTS.map((part) => [part, cuts.filter((cut) => cut.part === part).map((cut) => cut.wasted)]);
	return {
		up: of(({ up }) => up),
		down: of(({ down }) => down),
		bytes: of(({ total }) => total),
		s: tenth(of(({ ms }) => ms)),
		connections: of(({ connections }) => connections),
		week: weeks.length === 0 ? null : { bytes: median(weeks.map(({ bytes }) => bytes)), s: tenth(median(weeks.map(({ ms }) => ms))) },
		wasted: Object.fromEntries(wasted.filter(([, all]) => /** @type {number[]} */ (all).length > 0).map(([part, all]) => [part, median(/** @type {number[]} */ (all))])),
	};
}

/**
 * @param {import('./run.mjs').Outcome[]} outcomes
 * @param {Awaited<ReturnType<typeof import('./floor.mjs').floors>>} floors
 * @param {import('./run.mjs').Wanted} wanted
 * @param {Record<string, string>} versions
 * @returns {Report}
 */
export function report(outcomes, floors, { seed, rounds, links }, versions) {
	const floor = Object.fromEntries(
		Object.entries(floors).map(([scene, bytes]) => {
			const over = [...links, 'far'].map((link) => [link, { ...bytes, bytes: bytes.up + bytes.down, s: tenth(seconds(bytes, LINKS[link] ?? FAR) * 1_000) }]);
			return [scene, Object.fromEntries(over)];
		}),
	);
	const subjects = outcomes.map(({ name, title, problems, scenes }) => {
		const all = Object.entries(scenes).map(([scene, over]) => {
			const found = Object.entries(over).map(([link, one]) => [link, numbers(one)]);
			return [scene, Object.fromEntries(found.filter(([, one]) => one !== null))];
		});
		return { name, title, problems, scenes: Object.fromEntries(all) };
	});
	return { seed, rounds, versions, floor, subjects };
}

const kb = (/** @type {number | undefined} */ bytes) => (bytes === undefined ? '–' : (bytes / 1_000).toFixed(bytes < 10_000 ? 2 : 1));
const shown = (/** @type {number | undefined} */ value) => (value === undefined ? '–' : value.toFixed(1));

/** @param {string[][]} rows the first is the heading */
function aligned(rows) {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
	const cell = (/** @type {string} */ text, /** @type {number} */ column) =>
		column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
	return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
}

/** @param {Report} report @param {string[]} links @param {string[]} only */
export function table({ seed, rounds, floor, subjects }, links, only) {
	const titles = links.map((link) => `${LINKS[link]?.title ?? link} s`);
	const parts = [`Seed ${seed}, ${rounds} round(s). KB are 1,000 bytes of TCP payload, without TLS.`];
	const scene = (/** @type {'a' | 'b'} */ of, /** @type {string} */ heading) => {
		const extra = of === 'a' ? ['at 1,000 ms s'] : ['week KB', ...links.map((link) => `week ${LINKS[link]?.title} s`)];
		const rows = [['', 'up KB', 'down KB', 'KB', ...titles, ...extra]];
		const low = floor[of] ?? {};
		const any = low[links[0] ?? 'far'];
		rows.push(['floor', kb(any?.up), kb(any?.down), kb(any?.bytes), ...links.map((link) => shown(low[link]?.s)), ...(of === 'a' ? [shown(low.far?.s)] : [])]);
		for (const { title, scenes } of subjects) {
			const over = scenes[of] ?? {};
			const first = over.none ?? over[links[0] ?? ''];
			const week = [kb(first?.week?.bytes), ...links.map((link) => shown(over[link]?.week?.s))];
			rows.push([title, kb(first?.up), kb(first?.down), kb(first?.bytes), ...links.map((link) => shown(over[link]?.s)), ...(of === 'a' ? [shown(over.far?.s)] : week)]);
		}
		parts.push(`${heading}\n${aligned(rows)}`);
	};
	const cuts = (/** @type {'a' | 'b'} */ of, /** @type {string} */ heading) => {
		const columns = links.slice(0, 1).flatMap((link) => CUTS.map((part) => ({ link, part })));
		const rows = [['', ...columns.map(({ link, part }) => `${LINKS[link]?.title} ${part * 100} %`)]];
		for (const { title, scenes } of subjects) {
			rows.push([title, ...columns.map(({ link, part }) => kb(scenes[of]?.[link]?.wasted[part]))]);
		}
		parts.push(`${heading}\n${aligned(rows)}`);
	};
	if (only.includes('a')) scene('a', 'A, coming back after a session');
	if (only.includes('b')) scene('b', 'B, a new phone');
	if (only.includes('c')) {
		const rows = [['', 'up B', 'down B', 'B']];
		for (const { title, scenes } of subjects) {
			const one = scenes.c?.none;
			rows.push([title, ...[one?.up, one?.down, one?.bytes].map((bytes) => (bytes === undefined ? '–' : String(bytes)))]);
		}
		parts.push(`C, nothing new\n${aligned(rows)}`);
	}
	if (only.includes('d')) cuts('a', 'D, A cut and resumed: wasted KB');
	if (only.includes('e')) cuts('b', 'E, B cut and resumed: wasted KB');
	const problems = subjects.flatMap(({ title, problems: all }) => all.map((problem) => `  ${title}: ${problem}`));
	if (problems.length > 0) parts.push(`What failed\n${problems.join('\n')}`);
	return `${parts.join('\n\n')}\n`;
}
