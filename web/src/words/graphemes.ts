/**
 * Characters as people see them: how many there are in a text, how many too many, and whether there is anything to see.
 * The same as `shared/src/document/graphemes.rs`, which says what joins what; tests hold both together.
 */

type Range = readonly [from: number, to: number];

function ranges(table: string): Range[] {
	let next = 0;
	return table.split(' ').map((one) => {
		const [gap = '', more = '0'] = one.split('-');
		const from = next + parseInt(gap, 36);
		const to = from + parseInt(more, 36);
		next = to + 1;
		return [from, to];
	});
}

/** What joins the character before it. */
const JOINING = ranges(
	'lc-33 7n-6 7b-18 1 1-1 1-1 1 20-a 1c-k g 2t-6 2-5 2-1 1-3 z u-q 2j-a 1m-8 9 o-3 1-8 1-2 1-4 17-2 1o-7 16-n 1-w 1i-2 1-h 1-6 a-1 t-2 1k 1-f 9 a-1 q-5 1k-l u-1 3 b-2 1k 1-f k-1 m-9 1k 1-p a-1 u 1n-f 9 14-4 1j 1-o b-1 t-2 1k 1-o b-1 s-3 1j-1 1-f 9 a-1 t-2 1y-l i-1 1p 2-6 c-7 2q 2-8 b-5 22-1 r 1 1 4-1 1d-j 1-1 5-1b 9 2s-j n-3 4-2 1-2 2-6 3-3 d-b 1 a-3 5e-4f 9p-2 qa-3 s-2 t-1 u-1 1s-v 9 19-2 1 39-1 y 3a-r 63-4 1l-16 1c-2c 1b-g 12-8 c-2 u-c 1k-d 1c-j 48-2 1-k 4 6 2-2 5i-1r ek-1 5e-w 2da-2 3x 2o-v fe-5 2x-1 n9w-3 1-9 w-1 28-1 7k 3 4 n-4 4 2b-1 1e-h q-h d 12-7 p-c 18-3 1b-d 10 1v-d c 8-1 19-2 1e 1-2 2-1 5-1 1 15-4 5-1 6k-7 1-1 8n6-23 6xu kh-f g-f a6-1 gt 6a 45-4 1ae-e 14-7 4l-1 fx-3 ar-1 49-a 1d-3 3e-2 1h-e 15 2-1 a-3 19-a 7 1p-2 10-d g-1 18 c-2 1c-d 8-3 1-1 2k-b 6 4g-b l-3 1j-1 1-f 9 a-i 5c-h n 29-j 6j-h r-1 2a-g 2y-c 2t-e 74-e 6t-e 1 1-1 3x-f 3 s-9 14-6 1-3 8 9-a 1a-f b9-g 2a-10 3e-k 1 1u-d 9n-3 f09-4 1n-6 t4 1-1t 29-d f57-1 3mp-1y f2-4 3-5 8-7 2-6 u-3 44-2 1iz-1i 4-1d 8 e m-k 11s-16 79-6 af 1p-3 15s-6 31-6 240-4 gx7k-cv',
);
/** What leaves no trace on a screen. */
const UNSEEN = ranges(
	'0-w 2m-x c ip jw 282-1 10f 8j-1 2d-4 1kg-f o-7 1b-g 1hs 1kv 9v 14ez-f 6n 4g 27-b 15dj-7 h405-35r',
);
const JOINER = 0x200d;
const WITH_CONJUNCTS = [0x12, 0x13, 0x15, 0x16, 0x18, 0x1a];

/** How long a text may be: in characters as people see them, and, far behind, in bytes. */
export interface TextLimit {
	readonly graphemes: number;
	readonly bytes: number;
}

/** The limits of the core (`shared/src/document/limits.rs`). */
export const limits = {
	field: { graphemes: 200, bytes: 3_200 },
	item: { graphemes: 300, bytes: 4_800 },
	name: { graphemes: 60, bytes: 960 },
	title: { graphemes: 120, bytes: 1_920 },
	message: { graphemes: 4_000, bytes: 4_000 },
	strategy: { graphemes: 2_000, bytes: 5_120 },
	moment: { graphemes: 40, bytes: 160 },
	commitment: { graphemes: 300, bytes: 3_872 },
	checkInNote: { graphemes: 1_000, bytes: 3_968 },
	helpline: { graphemes: 120, bytes: 1_920 },
	number: { graphemes: 40, bytes: 40 },
	ritual: { graphemes: 500, bytes: 8_000 },
	storyTitle: { graphemes: 60, bytes: 960 },
	report: { graphemes: 1_000, bytes: 2_400 },
	story: { graphemes: 3_900, bytes: 4_000 },
} satisfies Record<string, TextLimit>;
/** Moments that a strategy may be for. */
export const MOMENTS_MAX = 8;

/** How many characters at the end do not fit; below 0, how many more would fit that are like those before. */
export function over(text: string, limit: TextLimit): number {
	let all = 0;
	let fitting = 0;
	let length = 0;
	for (const bytes of ends(text)) {
		all++;
		length = bytes;
		if (all <= limit.graphemes && bytes <= limit.bytes) fitting++;
	}
	if (all > fitting) return all - fitting;
	const more = all > 0 ? Math.floor(((limit.bytes - length) * all) / length) : Infinity;
	return -Math.min(limit.graphemes - all, more);
}

/** How many characters people see in a text. */
export function graphemes(text: string): number {
	return ends(text).length;
}

/** Whether there is anything to see in a text. */
export function isSeen(text: string): boolean {
	return [...text].some((one) => {
		const sign = one.codePointAt(0) ?? 0;
		return !isIn(UNSEEN, sign) && !isIn(JOINING, sign);
	});
}

/** Where the characters of a text end, in bytes of UTF-8. */
function ends(text: string): number[] {
	const found: number[] = [];
	let before = -1;
	let linked = false;
	let halfFlag = false;
	let bytes = 0;
	for (const one of text) {
		const sign = one.codePointAt(0) ?? 0;
		const begun: boolean = before < 0 || begins(before, sign, halfFlag, linked);
		halfFlag = isFlagHalf(sign) && begun;
		linked = isVirama(sign) || (linked && sign === JOINER);
		before = sign;
		bytes += sign < 0x80 ? 1 : sign < 0x800 ? 2 : sign < 0x10000 ? 3 : 4;
		if (begun) found.push(bytes);
		else found[found.length - 1] = bytes;
	}
	return found;
}

function begins(before: number, sign: number, halfFlag: boolean, linked: boolean): boolean {
	if (before === 13 && sign === 10) return false;
	if (before === 13 || before === 10) return true;
	if (before === JOINER && isPicture(sign)) return false;
	if (isFlagHalf(sign)) return !halfFlag;
	if (isLead(before) && (isLead(sign) || (sign >= 0xac00 && sign <= 0xd7a3))) return false;
	if (linked && isConjunct(sign)) return false;
	return !isIn(JOINING, sign);
}

function isIn(table: readonly Range[], sign: number): boolean {
	let [low, high] = [0, table.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (sign > (table[middle]?.[1] ?? 0)) low = middle + 1;
		else high = middle;
	}
	return sign >= (table[low]?.[0] ?? Infinity);
}

const isFlagHalf = (sign: number): boolean => sign >= 0x1f1e6 && sign <= 0x1f1ff;
const isLead = (sign: number): boolean => sign >= 0x1100 && sign <= 0x115f;
const isVirama = (sign: number): boolean => WITH_CONJUNCTS.includes(sign >> 7) && (sign & 0x7f) === 0x4d;
const isConjunct = (sign: number): boolean => {
	const place = sign & 0x7f;
	const letter = (place >= 0x15 && place <= 0x39) || (place >= 0x58 && place <= 0x5f);
	return letter && WITH_CONJUNCTS.includes(sign >> 7);
};
const isPicture = (sign: number): boolean =>
	[0xa9, 0xae, 0x3030, 0x303d, 0x3297, 0x3299].includes(sign) ||
	(sign >= 0x2190 && sign <= 0x2bff) ||
	(sign >= 0x1f000 && sign <= 0x1faff);
