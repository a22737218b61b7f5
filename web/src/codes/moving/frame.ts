/**
 * One picture of a moving code: which whole it is of, which of the 256 frames, and its block; docs/PROTOCOL.md, "Moving
 * codes". A frame that passes is well-formed and was not misread; whose it is, only the whole's id can tell.
 */
import { fromSigns, toSigns } from './base45';

/** What a moving code carries, by its number in the frame. */
export const KINDS = { bundle: 1 } as const;
export type MovingKind = keyof typeof KINDS;

/** No larger whole is carried: it takes too long to hold two phones still for it. */
export const BYTES_MAX = 24_000;
/** A block's most bytes: a code of 81 places, which at 360 pixels of a screen has 4 for each. */
export const BLOCK_BYTES_MAX = 540;
/** How many different frames there are. */
export const FRAMES = 256;
export const ID_BYTES = 16;

/** What each frame begins with: no other code of Kith has a colon. */
const MARK = 'KM:';
const VERSION = 1;
const HEAD_BYTES = 2 + ID_BYTES + 2 + 1;
const CHECK_BYTES = 4;

/** A frame that was read. */
export interface Frame {
	kind: MovingKind;
	/** Of kind, length and bytes of the whole: 32 hex digits. */
	id: string;
	/** Of the whole, bytes. */
	length: number;
	/** 0 to 255. */
	number: number;
	block: Uint8Array;
}

/** Why a text is none: another code, one from a newer Kith, or a misread one. */
export type NoFrame = 'other' | 'newer' | 'damaged';

/** How a whole of this length is cut: into so many blocks, each of so many bytes, the last one filled with noughts. */
export function cutOf(length: number): { count: number; size: number } {
	const count = Math.ceil(length / BLOCK_BYTES_MAX);
	return { count, size: Math.ceil(length / count) };
}

/** The text of a frame's code. */
export function frameText({ kind, id, length, number, block }: Frame): string {
	const bytes = new Uint8Array(HEAD_BYTES + block.length + CHECK_BYTES);
	const view = new DataView(bytes.buffer);
	bytes.set([VERSION, KINDS[kind]]);
	for (let at = 0; at < ID_BYTES; at++) bytes[2 + at] = parseInt(id.slice(at * 2, at * 2 + 2), 16);
	view.setUint16(2 + ID_BYTES, length, true);
	bytes[HEAD_BYTES - 1] = number;
	bytes.set(block, HEAD_BYTES);
	view.setUint32(bytes.length - CHECK_BYTES, crc32(bytes.subarray(0, -CHECK_BYTES)), true);
	return MARK + toSigns(bytes);
}

/** Reads a code's text. */
export function readFrame(text: string): Frame | NoFrame {
	if (!text.startsWith(MARK)) return 'other';
	const bytes = fromSigns(text.slice(MARK.length));
	if (!bytes || bytes.length <= HEAD_BYTES + CHECK_BYTES) return 'damaged';
	const view = new DataView(bytes.buffer);
	if (view.getUint32(bytes.length - CHECK_BYTES, true) !== crc32(bytes.subarray(0, -CHECK_BYTES)))
		return 'damaged';
	// Checked first, so that what is misread is never taken for news.
	const kind = (Object.keys(KINDS) as MovingKind[]).find((one) => KINDS[one] === bytes[1]);
	if (bytes[0] !== VERSION || !kind) return 'newer';
	const length = view.getUint16(2 + ID_BYTES, true);
	const block = bytes.slice(HEAD_BYTES, -CHECK_BYTES);
	if (length === 0 || length > BYTES_MAX || block.length !== cutOf(length).size) return 'damaged';
	return {
		kind,
		id: hex(bytes.subarray(2, 2 + ID_BYTES)),
		length,
		number: bytes[HEAD_BYTES - 1] ?? 0,
		block,
	};
}

/** The id of a whole: 32 hex digits of `H("kith/moving/1", kind, bytes)`. */
export async function idOf(kind: MovingKind, bytes: Uint8Array): Promise<string> {
	const parts = [new TextEncoder().encode('kith/moving/1'), Uint8Array.of(KINDS[kind]), bytes];
	const all = new Uint8Array(parts.reduce((sum, part) => sum + 8 + part.length, 0));
	let at = 0;
	for (const part of parts) {
		new DataView(all.buffer).setUint32(at, part.length, true);
		all.set(part, at + 8);
		at += 8 + part.length;
	}
	return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', all)).subarray(0, ID_BYTES));
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** As in zip and PNG. */
function crc32(bytes: Uint8Array): number {
	let rest = -1;
	for (const byte of bytes) {
		rest ^= byte;
		for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
	}
	return ~rest >>> 0;
}
