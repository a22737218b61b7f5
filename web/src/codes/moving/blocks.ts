/**
 * A whole in 256 frames, of which any as many as it has blocks give it back (Reed and Solomon's code with Cauchy's matrix,
 * over the field of QR codes). The first frames are the blocks themselves; each other is a sum of all, weighed by
 * `1 / (frame + block)`: any square part of that matrix can be inverted, so no frame is ever in vain.
 */
import { inverse, mul } from '../field';
import { cutOf, FRAMES } from './frame';

/** How a frame is made of the blocks. */
function weights(number: number, count: number): Uint8Array {
	return Uint8Array.from({ length: count }, (_, block) =>
		number < count ? Number(number === block) : inverse(number ^ block),
	);
}

/** Adds a multiple of one row to another; in this field, subtracting is the same. */
function add(onto: Uint8Array, from: Uint8Array, times: number): void {
	if (times === 0) return;
	for (let at = 0; at < onto.length; at++) onto[at] = (onto[at] ?? 0) ^ mul(from[at] ?? 0, times);
}

function scale(row: Uint8Array, times: number): void {
	for (let at = 0; at < row.length; at++) row[at] = mul(row[at] ?? 0, times);
}

/** The block of a frame. */
export function blockOf(bytes: Uint8Array, number: number): Uint8Array {
	const { count, size } = cutOf(bytes.length);
	const sum = new Uint8Array(size);
	weights(number % FRAMES, count).forEach((weight, block) =>
		add(
			sum.subarray(0, Math.max(0, bytes.length - block * size)),
			bytes.subarray(block * size, (block + 1) * size),
			weight,
		),
	);
	return sum;
}

/** The whole of this length, from as many frames as it has blocks: their numbers, none twice, and their blocks. */
export function wholeOf(length: number, frames: ReadonlyMap<number, Uint8Array>): Uint8Array {
	const { count, size } = cutOf(length);
	const rows = Array.from(frames, ([number, block]) => {
		const row = new Uint8Array(count + size);
		row.set(weights(number, count));
		row.set(block, count);
		return row;
	});
	// Each step leaves one block alone in its column (Gauss and Jordan).
	for (let column = 0; column < count; column++) {
		const from = rows.findIndex((row, at) => at >= column && row[column] !== 0);
		const pivot = rows[from];
		if (!pivot) throw new Error('the frames are too few');
		rows[from] = rows[column] ?? pivot;
		rows[column] = pivot;
		scale(pivot, inverse(pivot[column] ?? 1));
		for (const row of rows) if (row !== pivot) add(row, pivot, row[column] ?? 0);
	}
	const whole = new Uint8Array(count * size);
	rows.forEach((row, at) => whole.set(row.subarray(count), at * size));
	return whole.slice(0, length);
}
