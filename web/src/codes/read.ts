/**
 * Reads QR codes as a camera sees them: seen whole, turned, tilted, in a mirror, and with dark and light exchanged. The
 * reader is npm's `qr`; what it alone does not read, it reads of a picture that is prepared.
 */
import { decodeQR } from 'qr/decode.js';
import { greyFor, type Picture } from './look';

/**
 * The text of the code in a picture; null when there is none that can be read. `attempt`: how many pictures came before;
 * each is looked at in one of the ways, since the next is there sooner than another look at this one.
 */
export function readCode(picture: Picture, attempt: number): string | null {
	try {
		return decodeQR(greyFor(picture, attempt), { format: 'I420' });
	} catch {
		return null;
	}
}
