/** What lens, light, sensor and compression do to a picture. */
import type { Random } from '../random';
import type { Picture } from '../sight';
import type { Light } from './scene';

/** How a picture is spoilt; each nought leaves it as it is. */
export interface Spoil {
	/** Standard deviation of what is out of focus, pixels. */
	blur: number;
	/** How far the hand moved, pixels, and which way, degrees. */
	moved: number;
	movedWay: number;
	/** Standard deviation of the noise, as a part of full brightness. */
	noise: number;
	/** How much darker the far edge is lit, and the picture's corners, 0 to 1. */
	shade: number;
	vignette: number;
	/** How much brighter a lamp's reflection is, 0 to 1, in a spot of a third of the side. */
	glare: number;
	/** Steps of JPEG's blocks: 1 as at quality 50, 4 as at 12; 0 for none. */
	blocks: number;
}

/** No harm at all. */
export const UNSPOILT: Spoil = {
	blur: 0,
	moved: 0,
	movedWay: 0,
	noise: 0,
	shade: 0,
	vignette: 0,
	glare: 0,
	blocks: 0,
};

/** The picture in RGBA. */
export function pictureOf({ side, planes }: Light, spoil: Spoil, numbers: Random): Picture {
	const spot = [numbers.below(side), numbers.below(side)] as const;
	const bytes = planes.map((light) => {
		let plane = light;
		if (spoil.blur > 0) plane = blurred(plane, side, spoil.blur);
		if (spoil.moved > 0) plane = moved(plane, side, spoil.moved, spoil.movedWay);
		plane = plane.map((one, at) => lit(one, at, side, spoil, spot) + noise(spoil.noise, numbers));
		plane = plane.map((one) => Math.max(0, Math.min(255, one * 255)));
		return spoil.blocks > 0 ? inBlocks(plane, side, spoil.blocks) : plane;
	});
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	for (let at = 0; at < side * side * 4; at++) {
		if (at % 4 < 3) data[at] = bytes[bytes.length === 1 ? 0 : at % 4]?.[at >> 2] ?? 0;
	}
	return { width: side, height: side, data };
}

/** Nearly normal: the sum of three. */
function noise(deviation: number, numbers: Random): number {
	if (deviation === 0) return 0;
	const part = (): number => numbers.below(1_000_000) / 1_000_000;
	return (part() + part() + part() - 1.5) * 2 * deviation;
}

function lit(one: number, at: number, side: number, spoil: Spoil, spot: readonly [number, number]): number {
	const [x, y] = [(at % side) / side, Math.floor(at / side) / side];
	const corner = (x - 0.5) ** 2 + (y - 0.5) ** 2;
	const away = (x - spot[0] / side) ** 2 + (y - spot[1] / side) ** 2;
	const dimmed = one * (1 - spoil.shade * (0.7 * x + 0.3 * y)) * (1 - spoil.vignette * 2 * corner);
	return dimmed + spoil.glare * Math.exp(-away * 40);
}

/** Along rows, then along columns. */
function blurred(from: Float32Array, side: number, blur: number): Float32Array {
	const reach = Math.ceil(blur * 2.5);
	const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
		Math.exp(-((at - reach) ** 2) / (2 * blur * blur)),
	);
	const total = weights.reduce((sum, one) => sum + one, 0);
	const once = (values: Float32Array, across: boolean): Float32Array => {
		const out = new Float32Array(values.length);
		for (let at = 0; at < out.length; at++) {
			const place = across ? at % side : Math.floor(at / side);
			const [start, step] = across ? [at - place, 1] : [at % side, side];
			let sum = 0;
			for (let by = -reach; by <= reach; by++) {
				const near = Math.max(0, Math.min(side - 1, place + by));
				sum += (weights[by + reach] ?? 0) * (values[start + near * step] ?? 0);
			}
			out[at] = sum / total;
		}
		return out;
	};
	return once(once(from, true), false);
}

/** The mean along the way that the hand moved. */
function moved(from: Float32Array, side: number, far: number, degrees: number): Float32Array {
	const looks = Math.max(3, Math.ceil(far * 2));
	const [stepX, stepY] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
	return from.map((_, at) => {
		let sum = 0;
		for (let look = 0; look < looks; look++) {
			const by = (look / (looks - 1) - 0.5) * far;
			sum += between(from, side, (at % side) + by * stepX, Math.floor(at / side) + by * stepY);
		}
		return sum / looks;
	});
}

function between(from: Float32Array, side: number, x: number, y: number): number {
	const [px, py] = [Math.max(0, Math.min(side - 1.001, x)), Math.max(0, Math.min(side - 1.001, y))];
	const [column, row] = [Math.floor(px), Math.floor(py)];
	const [u, v] = [px - column, py - row];
	const at = row * side + column;
	const top = (from[at] ?? 0) * (1 - u) + (from[at + 1] ?? 0) * u;
	const below = (from[at + side] ?? 0) * (1 - u) + (from[at + side + 1] ?? 0) * u;
	return top * (1 - v) + below * v;
}

/** JPEG's table for brightness at quality 50 (ITU-T T.81, K.1). */
const STEPS = [
	16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
	29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
	121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const EDGE = 8;
const WAVES = Array.from({ length: EDGE * EDGE }, (_, at) => {
	const [wave, place] = [Math.floor(at / EDGE), at % EDGE];
	return Math.sqrt((wave === 0 ? 1 : 2) / EDGE) * Math.cos(((2 * place + 1) * wave * Math.PI) / (2 * EDGE));
});

/** As JPEG rounds each block of 8 by 8 pixels. */
function inBlocks(plane: Float32Array, side: number, steps: number): Float32Array {
	const out = plane.slice();
	for (let top = 0; top + EDGE <= side; top += EDGE) {
		for (let left = 0; left + EDGE <= side; left += EDGE) {
			const places = STEPS.map((_, at) => (top + (at >> 3)) * side + left + (at % EDGE));
			const waves = waved(
				waved(
					places.map((place) => (plane[place] ?? 0) - 128),
					true,
				),
				true,
			);
			const kept = waves.map((one, at) => {
				const step = (STEPS[at] ?? 1) * steps;
				return Math.round(one / step) * step;
			});
			waved(waved(kept, false), false).forEach((one, at) => (out[places[at] ?? 0] = one + 128));
		}
	}
	return out;
}

/** One direction of the cosine transform, or of its inverse, turned over: done twice, both directions are done. */
function waved(values: readonly number[], forward: boolean): number[] {
	return values.map((_, at) => {
		const [wave, row] = [at >> 3, at % EDGE];
		let sum = 0;
		for (let place = 0; place < EDGE; place++) {
			const weight = WAVES[forward ? wave * EDGE + place : place * EDGE + wave] ?? 0;
			sum += weight * (values[row * EDGE + place] ?? 0);
		}
		return sum;
	});
}
