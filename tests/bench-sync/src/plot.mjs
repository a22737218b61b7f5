// @ts-check
/** The report as a picture: bars side by side, a line where the floor is. */
import { LINKS } from './scenes.mjs';

const WIDTH = 760;
const LABEL = 150;
const BAR = 18;
const GAP = 6;
const PANEL_GAP = 46;
const STYLE = `text{font:13px system-ui,sans-serif;fill:#222}.h{font-weight:600}.k{fill:#1f7a5c}.p{fill:#8a94a6}.f{stroke:#b3261e;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#eee}.k{fill:#4fc3a1}.p{fill:#8a94a6}.f{stroke:#ff8a80}}`;

/** @typedef {{ heading: string, unit: string, floor: number, bars: { title: string, isOurs: boolean, value: number }[] }} Panel */

/** @param {import('./report.mjs').Report} report @param {string[]} links @returns {Panel[]} */
function panels({ floor, subjects }, links) {
	/** @type {Panel[]} */
	const all = [];
	const names = /** @type {const} */ ([['a', 'Coming back after a session'], ['b', 'A new phone']]);
	for (const [scene, heading] of names) {
		const add = (/** @type {string} */ what, /** @type {string} */ unit, /** @type {number} */ low, /** @type {(one: any) => number | undefined} */ pick) => {
			const bars = subjects.flatMap(({ name, title, scenes }) => {
				const value = pick(scenes[scene] ?? {});
				return value === undefined ? [] : [{ title, isOurs: name === 'kith', value }];
			});
			if (bars.length > 0) all.push({ heading: `${heading}: ${what}`, unit, floor: low, bars });
		};
		const first = links[0] ?? 'none';
		const bytes = (/** @type {any} */ one) => (one.none ?? one[first])?.bytes;
		add('KB on the wire', 'KB', (floor[scene]?.[first]?.bytes ?? 0) / 1_000, (one) => (bytes(one) === undefined ? undefined : bytes(one) / 1_000));
		for (const link of links.filter((each) => each !== 'none')) {
			add(`seconds on ${LINKS[link]?.title}`, 's', floor[scene]?.[link]?.s ?? 0, (one) => one[link]?.s);
		}
	}
	return all;
}

/** @param {import('./report.mjs').Report} report @param {string[]} links */
export function plot(report, links) {
	const parts = [];
	let y = 24;
	for (const { heading, unit, floor, bars } of panels(report, links)) {
		const most = Math.max(...bars.map(({ value }) => value), floor);
		const scale = (WIDTH - LABEL - 110) / most;
		parts.push(`<text class="h" x="0" y="${y}">${heading}</text>`);
		const top = y + 10;
		bars.forEach(({ title, isOurs, value }, index) => {
			const at = top + index * (BAR + GAP);
			const wide = (value * scale).toFixed(1);
			parts.push(`<text x="0" y="${at + 14}">${title}</text>`);
			parts.push(`<rect class="${isOurs ? 'k' : 'p'}" x="${LABEL}" y="${at}" width="${wide}" height="${BAR}"/>`);
			parts.push(`<text x="${LABEL + Number(wide) + 6}" y="${at + 14}">${value.toFixed(1)} ${unit}</text>`);
		});
		const bottom = top + bars.length * (BAR + GAP) - GAP;
		const x = (LABEL + floor * scale).toFixed(1);
		parts.push(`<line class="f" x1="${x}" x2="${x}" y1="${top - 3}" y2="${bottom + 3}"/>`);
		y = bottom + PANEL_GAP;
	}
	const note = `Seed ${report.seed}. The line is the floor: the new information under zstd -19, and one round trip.`;
	parts.push(`<text x="0" y="${y}">${note}</text>`);
	const title = 'What syncing costs, side by side';
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 12}" role="img" aria-label="${title}"><title>${title}</title><style>${STYLE}</style>\n${parts.join('\n')}\n</svg>\n`;
}
