/** The field of 256 elements of QR codes, and Reed and Solomon's bytes of correction. Polynomials: highest power first. */

const exp = new Uint8Array(510);
const log = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
	exp[power] = exp[power + 255] = value;
	log[value] = power;
	value = (value << 1) ^ (value > 127 ? 0x11d : 0);
}

const at = (bytes: ArrayLike<number>, index: number): number => bytes[index] ?? 0;

/** The product of two elements. */
export const mul = (a: number, b: number): number => (a && b ? at(exp, at(log, a) + at(log, b)) : 0);
/** What an element other than 0 is multiplied by to give 1. */
export const inverse = (of: number): number => at(exp, 255 - at(log, of));

const power = (of: number): number => at(exp, ((of % 255) + 255) % 255);

/** The bytes of correction for a block's data. */
export function correctionFor(data: ArrayLike<number>, count: number): Uint8Array {
	let divisor = [1];
	for (let root = 0; root < count; root++) {
		divisor = [...divisor, 0].map((one, index) => one ^ mul(at(divisor, index - 1), power(root)));
	}
	const rest = new Uint8Array(data.length + count);
	rest.set(Uint8Array.from(data));
	for (let index = 0; index < data.length; index++) {
		const factor = at(rest, index);
		divisor.forEach((one, step) => (rest[index + step] = at(rest, index + step) ^ mul(one, factor)));
	}
	return rest.slice(data.length);
}
