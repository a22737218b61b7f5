/** Digits as people type them: those of other scripts stand for the ones that PINs, codes and telephones have. */

/** Where the ten digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, wide. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10];

/** A text whose digits are 0 to 9; all else in it stays. */
export function plainDigits(text: string): string {
	return text.replace(/\p{Nd}/gu, (one) => {
		const sign = one.codePointAt(0) ?? 0;
		const zero = ZEROS.find((from) => sign >= from && sign <= from + 9);
		return zero === undefined ? one : String(sign - zero);
	});
}
