/** Making and reading QR codes, with the library for it; a chunk of its own. */
import encode from 'qr';
import { decodeQR } from 'qr/decode.js';

/** A code's dark places, row by row, with the quiet zone of four around it. */
export type Modules = readonly (readonly boolean[])[];

/** Capitals and digits pack into a third less; see ISO/IEC 18004, alphanumeric mode. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;

/** The code for a text at the lowest error correction: on a bright screen size counts for more. */
export function modulesOf(text: string): Modules {
	const encoding = ALPHANUMERIC.test(text) ? 'alphanumeric' : 'byte';
	return encode(text, 'raw', { ecc: 'low', encoding, border: 4 });
}

/** The text of the code in a picture; null when there is none that can be read. */
export function readCode(picture: { width: number; height: number; data: Uint8ClampedArray }): string | null {
	try {
		return decodeQR(picture);
	} catch {
		return null;
	}
}
