/** A picture as the reader of codes gets it: in grey, and each time prepared against another harm. */

/** A picture in RGBA, row by row. */
export interface Picture {
	width: number;
	height: number;
	data: Uint8ClampedArray;
}
/** A picture in grey, row by row. */
export interface Grey {
	width: number;
	height: number;
	data: Uint8Array;
}
/** What is done to a picture before it is read. */
interface Way {
	/** Noise, moiré and uneven light are taken out, and faint differences made plain. */
	even?: boolean;
	/** Dark and light are exchanged, as screens in dark mode show codes. */
	inverted?: boolean;
	/** As in a mirror, or as a camera that shows its picture so. */
	mirrored?: boolean;
	/** Small places are made larger. */
	larger?: boolean;
	/** Turned in space, as by a hand that tilts the phone: how much nearer the right side comes, and the lower one. */
	tilt?: readonly [number, number];
}

/** A tilt of 24 degrees, of what fills the view of a usual camera. */
const TILT = 0.45;
const TILTS = [
	[TILT, 0],
	[-TILT, 0],
	[0, TILT],
	[0, -TILT],
] as const;
/** The first is the picture as it is; then what helps most comes first. */
const WAYS: readonly Way[] = [
	{},
	{ even: true },
	{ even: true, inverted: true },
	{ mirrored: true },
	{ larger: true },
	{ inverted: true },
	{ even: true, mirrored: true },
	{ even: true, inverted: true, mirrored: true },
	{ even: true, larger: true },
	...TILTS.map((tilt) => ({ tilt })),
	...TILTS.map((tilt) => ({ tilt, inverted: true })),
];
/** So many pictures of the same are looked at in as many ways. */
export const LOOKS = WAYS.length;

/** A larger picture is so many times as large; of its sides the middle so many pixels are looked at, for a slow phone's sake. */
const LARGER = 1.5;
const LARGER_SIDE_MAX = 1280;
/** What is around a pixel: so far to each side, as a part of the picture. */
const AROUND = 1 / 14;
/** How many times as far a pixel lies from the mean around it, when light is evened. */
const GAIN = 3;
const MIDDLE = 128;

/** The picture for this look; `attempt`: how many came before. */
export function greyFor(picture: Picture, attempt: number): Grey {
	const { even, inverted, mirrored, larger, tilt } = WAYS[attempt % LOOKS] ?? {};
	let grey = greyOf(picture, mirrored === true);
	if (even) grey = evened(grey);
	if (larger || tilt) grey = drawnAnew(grey, larger ? LARGER : 1, tilt ?? [0, 0]);
	if (inverted) grey.data.forEach((one, at) => (grey.data[at] = 255 - one));
	return grey;
}

function greyOf({ width, height, data }: Picture, mirrored: boolean): Grey {
	const grey = new Uint8Array(width * height);
	for (let y = 0, to = 0; y < height; y++) {
		for (let x = 0; x < width; x++, to++) {
			const from = (y * width + (mirrored ? width - 1 - x : x)) * 4;
			grey[to] = ((data[from] ?? 0) + 2 * (data[from + 1] ?? 0) + (data[from + 2] ?? 0)) >> 2;
		}
	}
	return { width, height, data: grey };
}

/** Each pixel, with its neighbours', against the mean around it. */
function evened({ width, height, data }: Grey): Grey {
	const wide = width + 1;
	// Of each pixel, the sum of all above and left of it: the sum over any rectangle is then four of these.
	const sums = new Uint32Array(wide * (height + 1));
	for (let y = 0; y < height; y++) {
		let row = 0;
		for (let x = 0; x < width; x++) {
			row += data[y * width + x] ?? 0;
			sums[(y + 1) * wide + x + 1] = (sums[y * wide + x + 1] ?? 0) + row;
		}
	}
	const out = new Uint8ClampedArray(width * height);
	const far = Math.round(Math.max(width, height) * AROUND);
	for (let y = 0, at = 0; y < height; y++) {
		const near = rowOf(y, 1, width, height);
		const wider = rowOf(y, far, width, height);
		for (let x = 0; x < width; x++, at++) {
			out[at] = MIDDLE + (meanIn(sums, near, x, 1) - meanIn(sums, wider, x, far)) * GAIN;
		}
	}
	return { width, height, data: new Uint8Array(out.buffer) };
}

/** The rows around one, in a picture's sums. */
interface Rows {
	width: number;
	/** Where the first begins, and where the last ends. */
	top: number;
	bottom: number;
	count: number;
}

function rowOf(y: number, reach: number, width: number, height: number): Rows {
	const top = Math.max(0, y - reach);
	const bottom = Math.min(height, y + reach + 1);
	return { width, top: top * (width + 1), bottom: bottom * (width + 1), count: bottom - top };
}

function meanIn(sums: Uint32Array, { width, top, bottom, count }: Rows, x: number, reach: number): number {
	const left = x > reach ? x - reach : 0;
	const right = x + reach < width ? x + reach + 1 : width;
	const sum = (sums[bottom + right] ?? 0) + (sums[top + left] ?? 0);
	const rest = (sums[bottom + left] ?? 0) + (sums[top + right] ?? 0);
	return (sum - rest) / ((right - left) * count);
}

/** Each pixel between four of the picture, by their distances. */
function drawnAnew(from: Grey, times: number, [right, down]: readonly [number, number]): Grey {
	const side = Math.max(from.width, from.height);
	const width = Math.min(LARGER_SIDE_MAX, Math.floor(from.width * times));
	const height = Math.min(LARGER_SIDE_MAX, Math.floor(from.height * times));
	const data = new Uint8Array(width * height);
	for (let row = 0, at = 0; row < height; row++) {
		const v = (row + 0.5 - height / 2) / times;
		for (let column = 0; column < width; column++, at++) {
			const u = (column + 0.5 - width / 2) / times;
			const depth = 1 + (right * u + down * v) / side;
			data[at] = between(from, u / depth + from.width / 2 - 0.5, v / depth + from.height / 2 - 0.5);
		}
	}
	return { width, height, data };
}

function between({ width, height, data }: Grey, x: number, y: number): number {
	const left = Math.max(0, Math.min(width - 2, Math.floor(x)));
	const top = Math.max(0, Math.min(height - 2, Math.floor(y)));
	const u = Math.max(0, Math.min(1, x - left));
	const v = Math.max(0, Math.min(1, y - top));
	const at = top * width + left;
	const above = (data[at] ?? 0) * (1 - u) + (data[at + 1] ?? 0) * u;
	return above * (1 - v) + ((data[at + width] ?? 0) * (1 - u) + (data[at + width + 1] ?? 0) * u) * v;
}
