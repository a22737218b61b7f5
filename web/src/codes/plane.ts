/** A picture as dark and light, by what is around each pixel, so that uneven light does no harm. */

/** A picture in RGBA, row by row. */
export interface Picture {
	width: number;
	height: number;
	data: Uint8ClampedArray;
}
export interface Point {
	x: number;
	y: number;
}
/** Dark places of a picture: 1. */
export interface Plane {
	width: number;
	height: number;
	dark: Uint8Array;
}

/** A place is dark when it is darker than the mean around it, so far to each side, as parts of the picture. */
const AROUND = [1 / 14, 1 / 40];
/** By so much of 255 at least. */
const DARKER = 4;
/** The ways of looking at a picture: each as it is, and then with dark and light exchanged, as screens in dark mode show codes. */
export const WAYS = AROUND.length * 2;
/** The dark places of a picture; `attempt` picks how far around a pixel counts, and which of its places count as dark. */
export function planeIn(picture: Picture, attempt: number): Plane {
	const { width, height } = picture;
	const grey = greyOf(picture);
	if (attempt % WAYS >= AROUND.length) grey.forEach((one, at) => (grey[at] = 255 - one));
	return planeOf(sumsOf(grey, width, height), width, height, AROUND[attempt % AROUND.length] ?? 0.1);
}

function greyOf({ width, height, data }: Picture): Uint8Array {
	const grey = new Uint8Array(width * height);
	for (let at = 0; at < grey.length; at++) {
		grey[at] = ((data[at * 4] ?? 0) * 5 + (data[at * 4 + 1] ?? 0) * 9 + (data[at * 4 + 2] ?? 0) * 2) >> 4;
	}
	return grey;
}

/** Of each pixel, the sum of all above and left of it: the sum over any rectangle is then four of these. */
function sumsOf(grey: Uint8Array, width: number, height: number): Uint32Array {
	const wide = width + 1;
	const sums = new Uint32Array(wide * (height + 1));
	for (let y = 0; y < height; y++) {
		let row = 0;
		for (let x = 0; x < width; x++) {
			row += grey[y * width + x] ?? 0;
			sums[(y + 1) * wide + x + 1] = (sums[y * wide + x + 1] ?? 0) + row;
		}
	}
	return sums;
}

/** Compares each pixel, with its neighbours', to the mean around it. */
function planeOf(sums: Uint32Array, width: number, height: number, part: number): Plane {
	const wide = width + 1;
	const mean = (left: number, top: number, right: number, bottom: number): number => {
		const sum = (sums[bottom * wide + right] ?? 0) + (sums[top * wide + left] ?? 0);
		const rest = (sums[bottom * wide + left] ?? 0) + (sums[top * wide + right] ?? 0);
		return (sum - rest) / ((right - left) * (bottom - top));
	};
	const reach = Math.round(Math.max(width, height) * part);
	const dark = new Uint8Array(width * height);
	for (let y = 1; y < height - 1; y++) {
		const top = Math.max(0, y - reach);
		const bottom = Math.min(height, y + reach + 1);
		for (let x = 1; x < width - 1; x++) {
			const around = mean(Math.max(0, x - reach), top, Math.min(width, x + reach + 1), bottom);
			if (mean(x - 1, y - 1, x + 2, y + 2) < around - DARKER) dark[y * width + x] = 1;
		}
	}
	return { width, height, dark };
}

/** Whether a point is dark; what is outside of the picture is not. */
export function isDark({ width, height, dark }: Plane, x: number, y: number): boolean {
	return x >= 0 && y >= 0 && x < width && y < height && dark[Math.floor(y) * width + Math.floor(x)] === 1;
}
