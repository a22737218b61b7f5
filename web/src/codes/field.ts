/** The field of 256 elements of QR codes, and Reed–Solomon correction over it. Polynomials: highest power first. */

const exp = new Uint8Array(510);
const log = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
	exp[power] = exp[power + 255] = value;
	log[value] = power;
	value = (value << 1) ^ (value > 127 ? 0x11d : 0);
}

const at = (bytes: ArrayLike<number>, index: number): number => bytes[index] ?? 0;
const mul = (a: number, b: number): number => (a && b ? at(exp, at(log, a) + at(log, b)) : 0);
const power = (of: number): number => at(exp, ((of % 255) + 255) % 255);
const inverse = (a: number): number => at(exp, 255 - at(log, a));

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

/** Corrects a block, its `count` bytes of correction last, in place; false when too much of it is wrong. */
export function correct(block: Uint8Array, count: number): boolean {
	const syndromes = Array.from({ length: count }, (_, root) => valueAt(block, power(root)));
	if (syndromes.every((one) => one === 0)) return true;
	const locator = locatorOf(syndromes);
	const errors = locator.length - 1;
	if (errors > count / 2) return false;
	// Lowest power first from here on: what the errors weigh, after Forney.
	const weights = Array.from({ length: count }, (_, index) =>
		locator.reduce((sum, one, step) => sum ^ mul(one, at(syndromes, index - step)), 0),
	);
	let found = 0;
	for (let index = 0; index < block.length; index++) {
		const root = power(-(block.length - 1 - index));
		if (lowFirst(locator, root) !== 0) continue;
		found++;
		const slope = lowFirst(locator.map((one, step) => (step % 2 === 1 ? one : 0)).slice(1), root);
		if (slope === 0) return false;
		const weight = mul(lowFirst(weights.slice(0, errors), root), inverse(mul(slope, root)));
		block[index] = at(block, index) ^ weight;
	}
	return found === errors && syndromes.every((_, root) => valueAt(block, power(root)) === 0);
}

function valueAt(polynomial: ArrayLike<number>, x: number): number {
	let value = 0;
	for (let index = 0; index < polynomial.length; index++) value = mul(value, x) ^ at(polynomial, index);
	return value;
}

function lowFirst(polynomial: readonly number[], x: number): number {
	return polynomial.reduceRight((value, one) => mul(value, x) ^ one, 0);
}

/** Where the errors are: the shortest feedback register for the syndromes (Berlekamp and Massey), lowest power first. */
function locatorOf(syndromes: readonly number[]): number[] {
	let now = [1];
	let before = [1];
	let [length, gap, last] = [0, 1, 1];
	syndromes.forEach((_, index) => {
		const off = now.reduce((sum, one, step) => sum ^ mul(one, at(syndromes, index - step)), 0);
		if (off === 0) {
			gap++;
			return;
		}
		const factor = mul(off, inverse(last));
		const next = Array.from(
			{ length: Math.max(now.length, before.length + gap) },
			(_, step) => at(now, step) ^ mul(factor, at(before, step - gap)),
		);
		if (2 * length <= index) {
			[length, before, last, gap] = [index + 1 - length, now, off, 1];
		} else gap++;
		now = next;
	});
	return now.slice(0, length + 1);
}
