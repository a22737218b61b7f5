/** From three corners to every place of the code: its version, its fourth corner, and the straight view between. */
import type { Corner } from './corners';
import { VERSION_MAX, type Layout } from './layout';
import { isDark, type Plane, type Point } from './plane';

/** A straight view of a plane: from places of the code to the picture. */
export type View = (x: number, y: number) => Point;

/** The likely versions, the likeliest first: by the changes along the dotted lines, then by the width of a place. */
export function versionsBetween(plane: Plane, a: Corner, b: Corner, c: Corner): number[] {
	const [wide, high] = [Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(c.x - a.x, c.y - a.y)];
	// A slanting line crosses a square in more than its width.
	const slant = Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y)) / wide;
	const counted = [dotted(plane, a, b, c, slant), dotted(plane, a, c, b, slant)].map(
		(size) => (size - 17) / 4,
	);
	const places = (wide / (a.unit + b.unit) + high / (a.unit + c.unit)) / slant;
	const guess = Math.round((places + 7 - 17) / 4);
	const all = [...counted.map(Math.round), guess, guess - 1, guess + 1, guess + 2];
	const near = all.filter((one) => one >= 1 && one <= VERSION_MAX && Math.abs(one - guess) <= 2 + guess / 8);
	return near.filter((one, at) => near.indexOf(one) === at).slice(0, 4);
}

/** A code's size by the dotted line from one corner to the next, three places to the side of their middles. */
function dotted(plane: Plane, from: Corner, to: Corner, side: Corner, slant: number): number {
	const away = Math.hypot(side.x - from.x, side.y - from.y);
	const [x, y] = [((side.x - from.x) / away) * 3 * slant, ((side.y - from.y) / away) * 3 * slant];
	const [x0, y0, x1, y1] = [
		from.x + x * from.unit,
		from.y + y * from.unit,
		to.x + x * to.unit,
		to.y + y * to.unit,
	];
	const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0) * 2);
	let changes = 0;
	let was = true;
	for (let at = 0; at <= steps; at++) {
		const dark = isDark(plane, x0 + ((x1 - x0) * at) / steps, y0 + ((y1 - y0) * at) / steps);
		if (dark !== was) changes++;
		was = dark;
	}
	return changes + 13;
}

/** The view of a version's places between its corners: the first, the one to the right of it, the one below. */
export function viewOf(
	plane: Plane,
	{ version, size, fixed }: Layout,
	a: Corner,
	b: Corner,
	c: Corner,
): View {
	const [near, far] = [3.5, size - 3.5];
	const fourth = { x: b.x + c.x - a.x, y: b.y + c.y - a.y };
	const flat = viewThrough([near, near, far, near, near, far, far, far], [a, b, c, fourth]);
	if (version === 1) return flat;
	// The small square by the fourth corner is looked for where it would be in a picture that is not tilted.
	const middle = size - 6.5;
	const guess = flat(middle, middle);
	const [right, down] = [flat(middle + 1, middle), flat(middle, middle + 1)];
	const steps = { rx: right.x - guess.x, ry: right.y - guess.y, dx: down.x - guess.x, dy: down.y - guess.y };
	const fit = (u: number, v: number): number => {
		let right = 0;
		for (let y = -2; y <= 2; y++) {
			for (let x = -2; x <= 2; x++) {
				const [i, j] = [u + x, v + y];
				const dark = isDark(
					plane,
					guess.x + i * steps.rx + j * steps.dx,
					guess.y + i * steps.ry + j * steps.dy,
				);
				if (dark === (fixed[(size - 7 + y) * size + size - 7 + x] === 1)) right++;
			}
		}
		return right;
	};
	const { u, v } = bestFit(fit, 2 + size / 9);
	const found = { x: guess.x + u * steps.rx + v * steps.dx, y: guess.y + u * steps.ry + v * steps.dy };
	return viewThrough([near, near, far, near, near, far, middle, middle], [a, b, c, found]);
}

/** The middle of the offsets that fit best, at most `reach` away; of two that fit alike the nearer. */
function bestFit(fit: (u: number, v: number) => number, reach: number): { u: number; v: number } {
	let best = { u: 0, v: 0, right: 0, away: Infinity };
	for (let u = -reach; u <= reach; u += 0.5) {
		for (let v = -reach; v <= reach; v += 0.5) {
			const right = fit(u, v);
			const away = u * u + v * v;
			if (right > best.right || (right === best.right && away < best.away)) best = { u, v, right, away };
		}
	}
	let [sumU, sumV, sum] = [0, 0, 0];
	for (let u = best.u - 1; u <= best.u + 1; u += 0.25) {
		for (let v = best.v - 1; v <= best.v + 1; v += 0.25) {
			const over = Math.max(0, fit(u, v) - best.right + 1);
			[sumU, sumV, sum] = [sumU + u * over, sumV + v * over, sum + over];
		}
	}
	return { u: sumU / sum, v: sumV / sum };
}

/** The view that takes four places, x and y in turn, to four points: eight equations, solved by elimination. */
function viewThrough(places: readonly number[], points: readonly Point[]): View {
	const rows = points.flatMap(({ x, y }, at) => {
		const [u = 0, v = 0] = places.slice(at * 2);
		return [
			[u, v, 1, 0, 0, 0, -u * x, -v * x, x],
			[0, 0, 0, u, v, 1, -u * y, -v * y, y],
		];
	});
	for (let column = 0; column < 8; column++) {
		const rest = rows
			.slice(column)
			.sort((one, other) => Math.abs(other[column] ?? 0) - Math.abs(one[column] ?? 0));
		rows.splice(column, rest.length, ...rest);
		const top = (rows[column] ?? []).map((one) => one / (rows[column]?.[column] || 1));
		rows[column] = top;
		rows.forEach((row, at) => {
			const factor = row[column] ?? 0;
			if (at !== column) rows[at] = row.map((one, index) => one - factor * (top[index] ?? 0));
		});
	}
	const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = rows.map((row) => row[8] ?? 0);
	return (x, y) => {
		const depth = g * x + h * y + 1;
		return { x: (a * x + b * y + c) / depth, y: (d * x + e * y + f) / depth };
	};
}
