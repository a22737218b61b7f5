/** What changed between two bodies: kept, removed and new tokens, by Myers' greedy search with a bound. */
import { identity, inWord, type Token } from './tokens';

/** `before[from, to)` became `after[start, end)`; ranges are positions in token arrays, not indices. */
export interface Hunk {
	from: number;
	to: number;
	start: number;
	end: number;
}

/** Above this many single steps the middle is replaced as a whole: right all the same, only less fine. */
const STEPS_MAX = 600;

/**
 * The hunks that turn `before` into `after`, left to right; marks and attributes do not count. `by` says what makes two
 * tokens the same.
 */
export function diff(before: readonly Token[], after: readonly Token[], by = identity): Hunk[] {
	const same = (a: number, b: number): boolean => by(before[a] as Token) === by(after[b] as Token);
	let head = 0;
	const shorter = Math.min(before.length, after.length);
	while (head < shorter && same(head, head)) head++;
	let tail = 0;
	while (tail < shorter - head && same(before.length - 1 - tail, after.length - 1 - tail)) tail++;
	const aEnd = before.length - tail;
	const bEnd = after.length - tail;
	if (head === aEnd && head === bEnd) return [];
	const all = [{ from: head, to: aEnd, start: head, end: bEnd }];
	if (head === aEnd || head === bEnd) return atWords(before, after, all, by);
	const kept = keptPairs(aEnd - head, bEnd - head, (a, b) => same(a + head, b + head));
	return kept === null ? all : atWords(before, after, between(kept, head, aEnd, bEnd), by);
}

/**
 * What only went or only came may often lie in more than one place: of "two " before "three" it may have been "wo t". It
 * is put where it begins and ends between words, if it can be.
 */
function atWords(
	before: readonly Token[],
	after: readonly Token[],
	hunks: Hunk[],
	by: (token: Token) => number,
): Hunk[] {
	return hunks.map((hunk, nth) => {
		const goes = hunk.start === hunk.end;
		if (!goes && hunk.from !== hunk.to) return hunk;
		const [side, first, last] = goes ? [before, hunk.from, hunk.to] : [after, hunk.start, hunk.end];
		const room = hunk.from - (hunks[nth - 1]?.to ?? 0);
		const cuts = (gap: number): boolean => inWord(side[gap - 1]) && inWord(side[gap]);
		for (let left = 0; left <= room; left++) {
			if (!cuts(first - left) && !cuts(last - left)) return moved(hunk, left);
			if (first - left < 1 || by(side[first - left - 1] as Token) !== by(side[last - left - 1] as Token))
				break;
		}
		return hunk;
	});
}

function moved({ from, to, start, end }: Hunk, left: number): Hunk {
	return { from: from - left, to: to - left, start: start - left, end: end - left };
}

/** For each token of `before`, its position in `after`, or -1 when it is gone. */
export function alignment(
	before: readonly Token[],
	after: readonly Token[],
	hunks = diff(before, after),
): Int32Array {
	const places = new Int32Array(before.length).fill(-1);
	let a = 0;
	let b = 0;
	const keep = (until: number): void => {
		while (a < until) places[a++] = b++;
	};
	for (const hunk of hunks) {
		keep(hunk.from);
		a = hunk.to;
		b = hunk.end;
	}
	keep(before.length);
	return places;
}

function between(kept: [number, number][], head: number, aEnd: number, bEnd: number): Hunk[] {
	const hunks: Hunk[] = [];
	let a = head;
	let b = head;
	for (const [keptA, keptB] of [...kept, [aEnd - head, bEnd - head]]) {
		const nextA = (keptA as number) + head;
		const nextB = (keptB as number) + head;
		if (nextA > a || nextB > b) hunks.push({ from: a, to: nextA, start: b, end: nextB });
		a = nextA + 1;
		b = nextB + 1;
	}
	return hunks;
}

/** Pairs of positions that stay, or null when the two differ in more than {@link STEPS_MAX} steps. */
function keptPairs(n: number, m: number, same: (a: number, b: number) => boolean): [number, number][] | null {
	const limit = Math.min(n + m, STEPS_MAX);
	const offset = limit + 1;
	const reach = new Int32Array(2 * limit + 3);
	const trace: Int32Array[] = [];
	for (let d = 0; d <= limit; d++) {
		trace.push(reach.slice(offset - d - 1, offset + d + 2));
		for (let k = -d; k <= d; k += 2) {
			const below = reach[offset + k + 1] as number;
			const left = reach[offset + k - 1] as number;
			let x = k === -d || (k !== d && left < below) ? below : left + 1;
			while (x < n && x - k < m && same(x, x - k)) x++;
			reach[offset + k] = x;
			if (x >= n && x - k >= m) return backtrack(trace, d, n, m);
		}
	}
	return null;
}

function backtrack(trace: Int32Array[], steps: number, n: number, m: number): [number, number][] {
	const kept: [number, number][] = [];
	let x = n;
	let y = m;
	for (let d = steps; d >= 0; d--) {
		const reach = trace[d] as Int32Array;
		const at = (k: number): number => reach[k + d + 1] as number;
		const k = x - y;
		const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
		const fromK = down ? k + 1 : k - 1;
		const fromX = d === 0 ? 0 : at(fromK);
		const fromY = d === 0 ? 0 : fromX - fromK;
		while (x > fromX && y > fromY) kept.push([--x, --y]);
		x = fromX;
		y = fromY;
	}
	return kept.reverse();
}
