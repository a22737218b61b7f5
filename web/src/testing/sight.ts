/** Pictures of codes as a camera might see them: tilted, blurred, unevenly lit, noisy. */
import type { Modules } from '../codes/make';
import type { Random } from './random';

/** A picture in RGBA. */
export interface Picture {
	width: number;
	height: number;
	data: Uint8ClampedArray;
}

/** So many capitals and digits. */
export const capitals = (length: number): string =>
	Array.from({ length }, (_, at) =>
		((at * at * 7 + at * 31 + (at >> 5)) % 36).toString(36).toUpperCase(),
	).join('');

/** A code as another phone shows it, seen straight on. */
export function picture(modules: Modules, scale: number): Picture {
	const side = modules.length * scale;
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	for (let at = 0; at < side * side; at++) {
		const dark = modules[Math.floor(at / side / scale)]?.[Math.floor((at % side) / scale)] ?? false;
		if (dark) data.fill(0, at * 4, at * 4 + 3);
	}
	return { width: side, height: side, data };
}

/** How a code is seen. */
export interface Sight {
	/** The picture's sides, pixels. */
	side: number;
	/** The part of the side that the code takes. */
	fill: number;
	/** Turned by this, radians. */
	turn: number;
	/** How much nearer one edge is than the other, as a part of the distance. */
	tilt: number;
	/** Standard deviation of the blur, pixels. */
	blur: number;
	/** Standard deviation of the noise, as a part of full brightness. */
	noise: number;
	/** How much darker one edge is lit. */
	shade: number;
}

/** A code as a camera sees it. */
export function seen(modules: Modules, sight: Sight, numbers: Random): Picture {
	const { side } = sight;
	const part = (): number => numbers.below(1_000_000) / 1_000_000;
	const bright = blurred(projected(modules, sight, part() - 0.5, part() - 0.5), side, sight.blur);
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	bright.forEach((one, at) => {
		const noise = (part() + part() + part() - 1.5) * 2 * sight.noise;
		data.fill((one * (1 - (sight.shade * (at % side)) / side) + noise) * 255, at * 4, at * 4 + 3);
	});
	return { width: side, height: side, data };
}

const GRAINS = 2;

function projected(
	modules: Modules,
	{ side, fill, turn, tilt }: Sight,
	tiltX: number,
	tiltY: number,
): Float32Array {
	const cos = Math.cos(turn);
	const sin = Math.sin(turn);
	const bright = new Float32Array(side * side);
	for (let at = 0; at < bright.length * GRAINS * GRAINS; at++) {
		const x = at % (side * GRAINS);
		const y = Math.floor(at / side / GRAINS);
		const u = ((x + 0.5) / GRAINS - side / 2) / side / fill;
		const v = ((y + 0.5) / GRAINS - side / 2) / side / fill;
		const depth = 1 + tilt * (tiltX * u + tiltY * v);
		const column = Math.floor(((u * cos - v * sin) / depth + 0.5) * modules.length);
		const row = Math.floor(((u * sin + v * cos) / depth + 0.5) * modules.length);
		const dark = modules[row]?.[column];
		const pixel = Math.floor(y / GRAINS) * side + Math.floor(x / GRAINS);
		bright[pixel] = (bright[pixel] ?? 0) + (dark === undefined ? 0.45 : dark ? 0.12 : 0.9) / GRAINS / GRAINS;
	}
	return bright;
}

/** Along rows, then along columns. */
function blurred(from: Float32Array, side: number, blur: number): Float32Array {
	const reach = Math.ceil(blur * 2.5);
	const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
		Math.exp(-((at - reach) ** 2) / (2 * blur * blur)),
	);
	const total = weights.reduce((sum, one) => sum + one, 0);
	const once = (values: Float32Array, step: number): Float32Array => {
		const out = new Float32Array(values.length);
		for (let at = 0; at < out.length; at++) {
			let sum = 0;
			for (let by = -reach; by <= reach; by++)
				sum += (weights[by + reach] ?? 0) * (values[at + by * step] ?? 0.45);
			out[at] = sum / total;
		}
		return out;
	};
	return once(once(from, 1), side);
}
