/** Large edits in portions that the engine takes at once. */
import type { NoteOp } from '$bridge';
import { diff } from './diff';
import { opsBetween } from './ops';
import type { Token } from './tokens';

/** Most edits in one command; the engine takes 1,024. */
const OPS_MAX = 512;

/** Longest body that the engine takes, in UTF-16 units; a block's marker counts one. */
export const NOTE_UNITS_MAX = 200_000;

/** What is to be sent next, and the body once the engine took it. */
export interface Portion {
	ops: NoteOp[];
	target: Token[];
}

/**
 * The way from `before` to `after`, or its first part when it is too long for one command. Each part leads to a body of
 * its own, with the marks of all that is new in it, so that others' edits may come in between.
 */
export function portion(before: readonly Token[], after: Token[], opsMax = OPS_MAX): Portion {
	const all = opsBetween(before, after);
	if (all.length <= opsMax) return { ops: all, target: after };
	const way = bodiesBetween(before, after);
	let best: Portion = { ops: [], target: [...before] };
	let few = 0;
	let many = way.length;
	while (many - few > 1) {
		const steps = (few + many) >> 1;
		const target = way.body(steps);
		const ops = opsBetween(before, target);
		if (ops.length > opsMax) many = steps;
		else {
			few = steps;
			best = { ops, target };
		}
	}
	return best;
}

/** The bodies on the way from one to the other: its front is as it will be, its rest as it was. */
function bodiesBetween(
	before: readonly Token[],
	after: readonly Token[],
): { length: number; body: (steps: number) => Token[] } {
	const hunks = diff(before, after);
	const gone = hunks.reduce((sum, { from, to }) => sum + to - from, 0);
	const length = gone + after.length;
	const body = (steps: number): Token[] => {
		let left = steps;
		let at = 0;
		let now = 0;
		const goOn = (until: number): void => {
			const kept = Math.min(left, until - now);
			left -= kept;
			now += kept;
			at += kept;
		};
		for (const hunk of hunks) {
			goOn(hunk.start);
			if (now < hunk.start) break;
			const removed = Math.min(left, hunk.to - hunk.from);
			left -= removed;
			at += removed;
			const put = Math.min(left, hunk.end - hunk.start);
			left -= put;
			now += put;
			if (now < hunk.end || left === 0) break;
		}
		if (left > 0) goOn(after.length);
		return [...after.slice(0, now), ...before.slice(at)];
	};
	return { length, body };
}
