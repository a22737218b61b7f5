/** Telephone numbers as people write them: tidied for the core, and as addresses that a phone calls and texts. */

import { plainDigits } from './digits';
import { limits } from './graphemes';

/** A number's hyphens, and the dots and spaces that some write between its digits. */
const HYPHENS = /[\u2010-\u2015\u2212\uff0d]/g;
const GAPS = /[\s.\u00b7\u2024\u2060\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g;
const WIDE_PLUS = /\uff0b/g;
/** A zero that is dialled within the country alone, as in +44 (0)20. */
const HOME_ZERO = /^(\+.*?)\(0\)/;

/** A number with signs that the core takes, where what was typed or pasted is one. */
export function tidyNumber(text: string): string {
	return plainDigits(text).replace(HYPHENS, '-').replace(WIDE_PLUS, '+').replace(GAPS, ' ').trim();
}

/** Whether the core takes it as a number: digits, spaces and `+ * # - ( ) / .`, with a digit among them. */
export function isNumber(text: string): boolean {
	return text.length <= limits.number.graphemes && /^[\d +*#\-()/.]*$/.test(text) && /\d/.test(text);
}

/** The address that calls a number (RFC 3966); empty when there is nothing to dial in it. */
export function telHref(number: string): string {
	const dialled = dial(number);
	return dialled && `tel:${dialled}`;
}

/** The address that writes a text message to a number (RFC 5724); empty as of {@link telHref}. */
export function smsHref(number: string): string {
	const dialled = dial(number);
	return dialled && `sms:${dialled}`;
}

/** What is pressed, one sign after another. */
function dial(number: string): string {
	const plain = tidyNumber(number).replace(HOME_ZERO, '$1');
	const plus = plain.startsWith('+') ? '+' : '';
	const pressed = plain.replace(/[^\d*#]/g, '');
	return /\d/.test(pressed) ? plus + pressed.replaceAll('#', '%23') : '';
}
