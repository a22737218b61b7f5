/** Words as wholes: what somebody wrote in the place of a word is another word, whatever letters the two share. */
import { diff, type Hunk } from './diff';
import { freshly, inWord, plain, withStampOf, type Token } from './tokens';

/** Longest stretch of a word that is taken along on either side of a change, in tokens: some scripts part no words. */
const WORD_MAX = 48;

/** The hunks in which something was both cut and written, widened to the words that they cut; others as they are. */
export function wholeWords(before: readonly Token[], hunks: readonly Hunk[]): Hunk[] {
	const whole: Hunk[] = [];
	hunks.forEach((hunk, nth) => {
		if (hunk.from === hunk.to || hunk.start === hunk.end) {
			whole.push({ ...hunk });
			return;
		}
		const least = hunks[nth - 1]?.to ?? 0;
		const most = hunks[nth + 1]?.from ?? before.length;
		let left = 0;
		while (left < WORD_MAX && hunk.from - left > least && cuts(before, hunk.from - left)) left++;
		let right = 0;
		while (right < WORD_MAX && hunk.to + right < most && cuts(before, hunk.to + right)) right++;
		const wide = {
			from: hunk.from - left,
			to: hunk.to + right,
			start: hunk.start - left,
			end: hunk.end + right,
		};
		const last = whole[whole.length - 1];
		if (last && last.to === wide.from && last.end === wide.start) {
			last.to = wide.to;
			last.end = wide.end;
		} else whole.push(wide);
	});
	return whole;
}

/** Whether a gap lies inside a word. */
function cuts(tokens: readonly Token[], gap: number): boolean {
	return inWord(tokens[gap - 1]) && inWord(tokens[gap]);
}

/**
 * What was read anew, told apart: tokens of `before` that are there still keep their stamps, what is new gets its own.
 * `typed` is the range of `now` that is new whatever stood in its place.
 */
export function restamped(
	before: readonly Token[],
	now: readonly Token[],
	typed: { start: number; tail: number } | null = null,
): Token[] {
	let hunks = wholeWords(before, diff(before, now, plain));
	if (typed) hunks = [around(hunks, typed, before.length, now.length)];
	const stamped: Token[] = [];
	let at = 0;
	for (const hunk of [
		...hunks,
		{ from: before.length, to: before.length, start: now.length, end: now.length },
	]) {
		for (; stamped.length < hunk.start; at++) {
			stamped.push(withStampOf(now[stamped.length] as Token, before[at] as Token));
		}
		for (const token of freshly(now.slice(hunk.start, hunk.end))) stamped.push(token);
		at = hunk.to;
	}
	return stamped;
}

/** One hunk that holds all others and the range that was typed over. */
function around(
	hunks: readonly Hunk[],
	typed: { start: number; tail: number },
	before: number,
	now: number,
): Hunk {
	const first = hunks[0];
	const last = hunks[hunks.length - 1];
	const start = Math.max(0, Math.min(typed.start, first?.start ?? typed.start));
	const tail = Math.max(0, Math.min(typed.tail, now - (last?.end ?? now), now - start, before - start));
	return { from: start, to: before - tail, start, end: now - tail };
}

/** Whether two tokens that come to stand side by side would read as one word. */
export function runsOn(left: Token | undefined, right: Token | undefined): boolean {
	return inWord(left) && inWord(right);
}
