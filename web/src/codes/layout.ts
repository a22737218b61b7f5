/**
 * Where everything is in a QR code (ISO/IEC 18004), for the one level of error correction that Kith makes: L, which
 * corrects 7 %. Versions 1 to 25, which hold 1,853 capitals and digits.
 */

/** No larger code is made. */
export const VERSION_MAX = 25;

/** For level L, by version: bytes of correction in each block, and blocks. */
const CORRECTION = [
	7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12];

/** The frame of one version: what is fixed, and where the data lie. */
export interface Layout {
	version: number;
	/** Places on each side. */
	size: number;
	/** Fixed places, row by row: 1 dark, 0 light; where data lie, -1; where the format lies, 0. */
	fixed: Int8Array;
	/** The data's places, in the order of their bits. */
	order: Uint16Array;
	/** The places of the format's 15 bits, the highest bit first, twice. */
	format: readonly [readonly number[], readonly number[]];
	/** Bytes that each block has of data, in the order of the blocks. */
	blocks: readonly number[];
	/** Bytes of correction that each block has. */
	correction: number;
}

/** Which places a mask turns over. */
export const masks: readonly ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0,
	(_, y) => y % 2 === 0,
	(x) => x % 3 === 0,
	(x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
	(x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
	(x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The format's 15 bits for level L and a mask. */
export function formatBits(mask: number): number {
	const data = 8 | mask;
	return ((data << 10) | remainder(data, 10, 0x537)) ^ 0x5412;
}

/** The middles of the small squares, along one side. */
export function alignments(version: number): number[] {
	if (version === 1) return [];
	const count = Math.floor(version / 7) + 2;
	const step = Math.floor((version * 4 + count * 2 + 1) / (count * 2 - 2)) * 2;
	const far = version * 4 + 10;
	return [6, ...Array.from({ length: count - 1 }, (_, at) => far - step * (count - 2 - at))];
}

const made = new Map<number, Layout>();

/** The layout of a version, 1 to {@link VERSION_MAX}. */
export function layoutOf(version: number): Layout {
	const known = made.get(version);
	if (known) return known;
	const size = version * 4 + 17;
	const fixed = fixedPlaces(version, size);
	const format = formatPlaces(size);
	for (const place of format.flat()) fixed[place] = 0;
	const order = dataPlaces(size, fixed);
	const count = BLOCKS[version - 1] ?? 1;
	const correction = CORRECTION[version - 1] ?? 0;
	const bytes = Math.floor(order.length / 8) - count * correction;
	const blocks = Array.from({ length: count }, (_, at) => Math.floor((bytes + at) / count));
	const layout: Layout = { version, size, fixed, order, format, blocks, correction };
	made.set(version, layout);
	return layout;
}

function remainder(data: number, bits: number, polynomial: number): number {
	let rest = data;
	for (let at = 0; at < bits; at++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * polynomial);
	return rest;
}

function fixedPlaces(version: number, size: number): Int8Array {
	const fixed = new Int8Array(size * size).fill(-1);
	const put = (x: number, y: number, dark: boolean): void => {
		if (x >= 0 && y >= 0 && x < size && y < size) fixed[y * size + x] = dark ? 1 : 0;
	};
	/** Squares in squares around a middle; `rings`: which of the distances from it are dark. */
	const squares = (x: number, y: number, rings: readonly boolean[]): void => {
		const reach = rings.length - 1;
		for (let dy = -reach; dy <= reach; dy++) {
			for (let dx = -reach; dx <= reach; dx++) {
				put(x + dx, y + dy, rings[Math.max(Math.abs(dx), Math.abs(dy))] ?? false);
			}
		}
	};
	for (let at = 0; at < size; at++) {
		put(6, at, at % 2 === 0);
		put(at, 6, at % 2 === 0);
	}
	const last = size - 7;
	for (const y of alignments(version)) {
		for (const x of alignments(version)) {
			const corner = (x === 6 && (y === 6 || y === last)) || (y === 6 && x === last);
			if (!corner) squares(x, y, [true, false, true]);
		}
	}
	for (const [x, y] of [
		[3, 3],
		[size - 4, 3],
		[3, size - 4],
	] as const) {
		squares(x, y, [true, true, false, true, false]);
	}
	if (version >= 7) {
		const bits = (version << 12) | remainder(version, 12, 0x1f25);
		for (let at = 0; at < 18; at++) {
			const [a, b] = [size - 11 + (at % 3), Math.floor(at / 3)];
			put(a, b, ((bits >> at) & 1) === 1);
			put(b, a, ((bits >> at) & 1) === 1);
		}
	}
	put(8, size - 8, true);
	return fixed;
}

function formatPlaces(size: number): [number[], number[]] {
	const place = (x: number, y: number): number => y * size + x;
	const around = [0, 1, 2, 3, 4, 5, 7, 8];
	const one = [...around.map((x) => place(x, 8)), ...[7, 5, 4, 3, 2, 1, 0].map((y) => place(8, y))];
	const below = Array.from({ length: 7 }, (_, at) => place(8, size - 1 - at));
	const beside = Array.from({ length: 8 }, (_, at) => place(size - 8 + at, 8));
	return [one, [...below, ...beside]];
}

function dataPlaces(size: number, fixed: Int8Array): Uint16Array {
	const order: number[] = [];
	let up = true;
	for (let right = size - 1; right > 0; right -= 2) {
		if (right === 6) right = 5;
		for (let step = 0; step < size; step++) {
			const y = up ? size - 1 - step : step;
			for (const x of [right, right - 1]) {
				if (fixed[y * size + x] === -1) order.push(y * size + x);
			}
		}
		up = !up;
	}
	return Uint16Array.from(order);
}
