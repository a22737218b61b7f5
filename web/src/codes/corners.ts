/** Finds the three corners of a code by the proportions of their rings along a line, whichever way it runs. */
import { isDark, type Plane, type Point } from './plane';

/** A corner's middle; `unit`: a place's width there, pixels; `seen`: lines that crossed it. */
export interface Corner extends Point {
	unit: number;
	seen: number;
}
/** No more corners are tried. */
const CORNERS_MAX = 9;

/** Whether five runs are as 1 : 1 : 3 : 1 : 1; the width of one, or 0. */
function unitOf(runs: readonly number[]): number {
	const unit = runs.reduce((sum, one) => sum + one, 0) / 7;
	const fits = runs.every(
		(run, at) => Math.abs(run - (at === 2 ? 3 : 1) * unit) < (at === 2 ? 1.5 : 0.75) * unit,
	);
	return fits && unit >= 1 ? unit : 0;
}

/** Follows a line both ways from inside a corner; the middle's offset along it and its unit, or null. */
function across(
	plane: Plane,
	from: Point,
	step: Point,
	most: number,
): { offset: number; unit: number } | null {
	const runsTo = (way: 1 | -1): number[] => {
		const runs = [0, 0, 0];
		let at = way === 1 ? 0 : 1;
		for (let run = 0; run < 3; run++) {
			const wanted = run !== 1;
			while (
				isDark(plane, from.x + way * at * step.x, from.y + way * at * step.y) === wanted &&
				(runs[run] ?? 0) < most
			) {
				runs[run] = (runs[run] ?? 0) + 1;
				at++;
			}
		}
		return runs;
	};
	const [ahead, behind] = [runsTo(1), runsTo(-1)];
	const [a0 = 0, a1 = 0, a2 = 0] = ahead;
	const [b0 = 0, b1 = 0, b2 = 0] = behind;
	const unit = unitOf([b2, b1, a0 + b0, a1, a2]);
	return unit === 0 ? null : { offset: (a0 - 1 - b0) / 2, unit };
}

/** The corners in a picture, those that most lines cross first. */
export function cornersIn(plane: Plane): Corner[] {
	const found: Corner[] = [];
	const { width, height, dark } = plane;
	for (let y = 0; y < height; y++) {
		// Where the last five runs began, the newest last; and where this one did.
		let [a, b, c, d, e] = [0, 0, 0, 0, 0];
		for (let x = 1; x < width; x++) {
			if (dark[y * width + x] === dark[y * width + x - 1]) continue;
			const wasDark = dark[y * width + x - 1] === 1;
			// A quick look before the exact one: the middle is about as long as what is beside it on each side.
			if (wasDark && d - c > (x - d) / 2 && unitOf([b - a, c - b, d - c, e - d, x - e]) > 0) {
				addCorner(plane, found, { x: (c + d) / 2, y });
			}
			a = b;
			b = c;
			c = d;
			d = e;
			e = x;
		}
	}
	return found.sort((one, other) => other.seen - one.seen).slice(0, CORNERS_MAX);
}

function addCorner(plane: Plane, found: Corner[], { x, y }: Point): void {
	const most = plane.height / 8;
	const down = across(plane, { x, y }, { x: 0, y: 1 }, most);
	if (!down) return;
	const row = y + down.offset;
	const side = across(plane, { x, y: row }, { x: 1, y: 0 }, most);
	if (!side || Math.max(side.unit, down.unit) > 1.6 * Math.min(side.unit, down.unit)) return;
	const now = {
		x: Math.floor(x) + side.offset + 0.5,
		y: Math.floor(row) + 0.5,
		unit: (side.unit + down.unit) / 2,
	};
	const known = found.find((one) => Math.hypot(one.x - now.x, one.y - now.y) < 3 * now.unit);
	if (!known) {
		found.push({ ...now, seen: 1 });
		return;
	}
	const share = 1 / ++known.seen;
	known.x += (now.x - known.x) * share;
	known.y += (now.y - known.y) * share;
	known.unit += (now.unit - known.unit) * share;
}

/** Three corners in the order middle, right of it, below it; the likeliest first. */
export function triples(corners: readonly Corner[]): [Corner, Corner, Corner][] {
	const all: { three: [Corner, Corner, Corner]; odd: number }[] = [];
	for (const a of corners) {
		for (const b of corners) {
			for (const c of corners) {
				if (a === b || b === c || a === c) continue;
				const [right, down] = [
					{ x: b.x - a.x, y: b.y - a.y },
					{ x: c.x - a.x, y: c.y - a.y },
				];
				// Below is a quarter turn on from right, as y grows downwards.
				const turn = right.x * down.y - right.y * down.x;
				const [wide, high] = [Math.hypot(right.x, right.y), Math.hypot(down.x, down.y)];
				const skew = Math.abs(right.x * down.x + right.y * down.y) / (wide * high);
				const units = [a.unit, b.unit, c.unit];
				const uneven = Math.max(...units) / Math.min(...units) - 1;
				const odd = skew + Math.abs(Math.log(wide / high)) + uneven;
				if (turn > 0 && odd < 1.2) all.push({ three: [a, b, c], odd });
			}
		}
	}
	return all
		.sort((one, other) => one.odd - other.odd)
		.slice(0, 6)
		.map(({ three }) => three);
}
