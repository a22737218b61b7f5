/** Bytes in the signs that QR codes pack best (RFC 9285): two bytes in three signs, as every reader gives them back. */
import { SIGNS } from '../signs';

const BASE = SIGNS.length;
const VALUES = new Map(Array.from(SIGNS, (sign, value) => [sign, value]));

/** The signs for these bytes. */
export function toSigns(bytes: Uint8Array): string {
	let signs = '';
	for (let at = 0; at < bytes.length; at += 2) {
		const pair = at + 1 < bytes.length;
		let value = pair ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
		for (let sign = pair ? 3 : 2; sign > 0; sign--) {
			signs += SIGNS.charAt(value % BASE);
			value = Math.floor(value / BASE);
		}
	}
	return signs;
}

/** The bytes of these signs; null when no bytes are written so. */
export function fromSigns(signs: string): Uint8Array | null {
	if (signs.length % 3 === 1) return null;
	const bytes: number[] = [];
	for (let at = 0; at < signs.length; at += 3) {
		const group = Array.from(signs.slice(at, at + 3), (sign) => VALUES.get(sign) ?? NaN);
		const value = group.reduceRight((sum, one) => sum * BASE + one, 0);
		const pair = group.length === 3;
		if (!(value < (pair ? 65536 : 256))) return null;
		if (pair) bytes.push(value >> 8);
		bytes.push(value & 255);
	}
	return Uint8Array.from(bytes);
}
