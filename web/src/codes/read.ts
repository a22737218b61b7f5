/**
 * Reads the QR codes that {@link modulesOf} makes, as a camera sees them: at most one in a picture, seen whole, turned,
 * tilted, in a mirror, and with dark and light exchanged. The three corners are found by the proportions of their rings along a line, the fourth by the small
 * square near it; between the four the plane is straight.
 */
import { cornersIn, triples, type Corner } from './corners';
import { correct } from './field';
import { formatBits, layoutOf, masks, type Layout } from './layout';
import { SIGNS } from './make';
import { planeIn, isDark, type Picture, type Plane } from './plane';
import { versionsBetween, viewOf, type View } from './view';

/**
 * The text of the code in a picture; null when there is none that can be read. `attempt`: how many pictures came before;
 * each is looked at in one of the ways, since the next is there sooner than another look at this one.
 */
export function readCode(picture: Picture, attempt: number): string | null {
	const plane = planeIn(picture, attempt);
	for (const [a, b, c] of triples(cornersIn(plane))) {
		const text = readBetween(plane, a, b, c);
		if (text !== null) return text;
	}
	return null;
}

function readBetween(plane: Plane, a: Corner, b: Corner, c: Corner): string | null {
	for (const version of versionsBetween(plane, a, b, c)) {
		const layout = layoutOf(version);
		const grid = sampled(plane, layout, viewOf(plane, layout, a, b, c));
		const text = textOf(layout, grid) ?? textOf(layout, mirrored(grid, layout));
		if (text !== null) return text;
	}
	return null;
}

/** As it is seen in a mirror, or by a camera that shows its picture so: its two sides have changed places. */
function mirrored(grid: Uint8Array, { size }: Layout): Uint8Array {
	return grid.map((_, at) => grid[(at % size) * size + Math.floor(at / size)] ?? 0);
}

function sampled(plane: Plane, { size }: Layout, view: View): Uint8Array {
	return Uint8Array.from({ length: size * size }, (_, at) => {
		const { x, y } = view((at % size) + 0.5, Math.floor(at / size) + 0.5);
		return isDark(plane, x, y) ? 1 : 0;
	});
}

/** The text of a grid of places; null when too many of them are wrong. */
function textOf(layout: Layout, grid: Uint8Array): string | null {
	const { size, order, format, blocks, correction } = layout;
	const likely = masks
		.map((turns, mask) => {
			const bits = formatBits(mask);
			const wrong = format.map(
				(places) => places.filter((place, at) => grid[place] !== ((bits >> (14 - at)) & 1)).length,
			);
			return { turns, wrong: Math.min(...wrong) };
		})
		.sort((one, other) => one.wrong - other.wrong)[0];
	if (!likely || likely.wrong > 3) return null;
	const bytes = new Uint8Array(order.length >> 3);
	order.forEach((place, at) => {
		const bit = (grid[place] ?? 0) ^ Number(likely.turns(place % size, Math.floor(place / size)));
		if (at >> 3 < bytes.length) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
	});
	const parts = blocks.map((length) => new Uint8Array(length + correction));
	const longest = Math.max(...blocks);
	let from = 0;
	for (let at = 0; at < longest + correction; at++) {
		blocks.forEach((length, index) => {
			// A shorter block's turn is left out once, where the longer ones have their last byte of data.
			const place = at < longest ? at : at - longest + length;
			if (at < length || at >= longest) (parts[index] ?? bytes)[place] = bytes[from++] ?? 0;
		});
	}
	if (!parts.every((part) => correct(part, correction))) return null;
	return unpacked(
		parts.flatMap((part, index) => [...part.subarray(0, blocks[index])]),
		layout.version,
	);
}

function unpacked(bytes: readonly number[], version: number): string | null {
	let from = 0;
	const take = (count: number): number => {
		let value = 0;
		for (let bit = 0; bit < count; bit++, from++)
			value = value * 2 + (((bytes[from >> 3] ?? 0) >> (7 - (from & 7))) & 1);
		return value;
	};
	const kind = take(4);
	if (kind === 4) {
		const length = take(version < 10 ? 8 : 16);
		return new TextDecoder().decode(Uint8Array.from({ length }, () => take(8)));
	}
	if (kind !== 2) return null;
	let left = take(version < 10 ? 9 : 11);
	let text = '';
	for (; left > 1; left -= 2) {
		const two = take(11);
		text += SIGNS.charAt(Math.floor(two / 45)) + SIGNS.charAt(two % 45);
	}
	return left === 1 ? text + SIGNS.charAt(take(6)) : text;
}
