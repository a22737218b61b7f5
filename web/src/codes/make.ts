/** Makes QR codes, at the lowest error correction: on a bright screen, larger places count for more. */
import { correctionFor } from './field';
import { formatBits, layoutOf, masks, VERSION_MAX, type Layout } from './layout';
import { SIGNS } from './signs';

/** A code's dark places, row by row, with the quiet zone around it. */
export type Modules = readonly (readonly boolean[])[];

const QUIET = 4;

/** The code for a text; null when it is longer than the largest code. */
export function modulesOf(text: string): Modules | null {
	const signs = [...text].every((sign) => SIGNS.includes(sign));
	const bytes = new TextEncoder().encode(text);
	for (let version = 1; version <= VERSION_MAX; version++) {
		const layout = layoutOf(version);
		const room = layout.blocks.reduce((sum, one) => sum + one, 0) * 8;
		const bits = signs ? packed(text, version) : plain(bytes, version);
		if (bits.length <= room) return drawn(layout, interleaved(layout, padded(bits, room)));
	}
	return null;
}

function put(bits: number[], value: number, count: number): void {
	for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
}

function packed(text: string, version: number): number[] {
	const bits: number[] = [];
	put(bits, 2, 4);
	put(bits, text.length, version < 10 ? 9 : 11);
	for (let at = 0; at < text.length; at += 2) {
		const first = SIGNS.indexOf(text.charAt(at));
		if (at + 1 < text.length) put(bits, first * 45 + SIGNS.indexOf(text.charAt(at + 1)), 11);
		else put(bits, first, 6);
	}
	return bits;
}

function plain(bytes: Uint8Array, version: number): number[] {
	const bits: number[] = [];
	put(bits, 4, 4);
	put(bits, bytes.length, version < 10 ? 8 : 16);
	for (const byte of bytes) put(bits, byte, 8);
	return bits;
}

function padded(bits: number[], room: number): Uint8Array {
	put(bits, 0, Math.min(4, room - bits.length));
	put(bits, 0, (8 - (bits.length % 8)) % 8);
	for (let filler = 0xec; bits.length < room; filler ^= 0xec ^ 0x11) put(bits, filler, 8);
	return Uint8Array.from({ length: room / 8 }, (_, at) =>
		bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
	);
}

/** One byte of each block in turn, so that a scratch hurts each a little. */
function interleaved({ blocks, correction }: Layout, data: Uint8Array): number[] {
	let from = 0;
	const parts = blocks.map((length) => data.subarray(from, (from += length)));
	const ends = parts.map((part) => correctionFor(part, correction));
	return [...inTurn(parts), ...inTurn(ends)];
}

function inTurn(parts: readonly Uint8Array[]): number[] {
	const longest = Math.max(...parts.map(({ length }) => length));
	return Array.from({ length: longest }, (_, at) => parts.flatMap((part) => part[at] ?? [])).flat();
}

function drawn(layout: Layout, bytes: readonly number[]): Modules {
	const { size, fixed, order, format } = layout;
	let best: { grid: Uint8Array; cost: number } | null = null;
	for (const [mask, turns] of masks.entries()) {
		const grid = Uint8Array.from(fixed, (place) => Math.max(0, place));
		order.forEach((place, at) => {
			const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
			grid[place] = bit ^ Number(turns(place % size, Math.floor(place / size)));
		});
		const bits = formatBits(mask);
		for (const places of format) places.forEach((place, at) => (grid[place] = (bits >> (14 - at)) & 1));
		const cost = costOf(grid, size);
		if (best === null || cost < best.cost) best = { grid, cost };
	}
	const grid = best?.grid ?? fixed;
	return Array.from({ length: size + 2 * QUIET }, (_, y) =>
		Array.from({ length: size + 2 * QUIET }, (_, x) => {
			const [column, row] = [x - QUIET, y - QUIET];
			return column >= 0 && row >= 0 && column < size && row < size && grid[row * size + column] === 1;
		}),
	);
}

/** How hard a code is to read: long runs, and what looks like a corner. */
function costOf(grid: Uint8Array, size: number): number {
	let cost = 0;
	for (let line = 0; line < size; line++) {
		for (const [start, step] of [
			[line * size, 1],
			[line, size],
		] as const) {
			let text = '';
			for (let at = 0; at < size; at++) text += grid[start + at * step];
			for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
			cost += 40 * (text.match(/1011101(?=0000)|0000(?=1011101)/g)?.length ?? 0);
		}
	}
	return cost;
}
