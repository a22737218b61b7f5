/** Joins what was written here and what came from elsewhere since both last agreed. */
import { alignment, diff } from './diff';
import {
	freshly,
	hasMark,
	isBlock,
	MARKS,
	plain,
	spaceAfter,
	withMark,
	withStampOf,
	type Token,
} from './tokens';
import { runsOn, wholeWords } from './whole';

/** Where a merged token stands on either side, -1 where it does not. */
interface Origin {
	mine: number;
	theirs: number;
}

/**
 * Three-way merge. New tokens of both sides stay, `theirs` before `mine` at the same place; a token is gone
 * when either side removed it; of a mark or block attribute that both changed, mine stands. Of a word that both
 * reworded both wordings stand whole; what neither side had side by side does not run together into one word.
 */
export function merge(base: readonly Token[], mine: readonly Token[], theirs: readonly Token[]): Token[] {
	const whole = (side: readonly Token[]): Int32Array =>
		alignment(base, side, wholeWords(base, diff(base, side)));
	return parted(join(base, mine, theirs, whole(mine), whole(theirs)));
}

/** As {@link merge}, letter by letter: for taking back what `theirs` lacks of `base`. */
export function mergeLetters(
	base: readonly Token[],
	mine: readonly Token[],
	theirs: readonly Token[],
): Token[] {
	return parted(join(base, mine, theirs, alignment(base, mine), alignment(base, theirs)));
}

/**
 * Joins `mine`, written on `base`, with what stands now, of which it is not known how much of `mine` is in it already:
 * all, a part or nothing. What both have is there once.
 */
export function rejoin(base: readonly Token[], mine: readonly Token[], now: readonly Token[]): Token[] {
	const inNow = alignment(mine, now, diff(mine, now, plain));
	const baseInMine = alignment(base, mine, diff(base, mine, plain));
	const baseInNow = alignment(base, now, diff(base, now, plain));
	const known = new Set<number>();
	for (const place of inNow) known.add(place);
	const dropped = new Set<number>();
	baseInNow.forEach((place, at) => {
		known.add(place);
		const mineAt = baseInMine[at] as number;
		if (place < 0 && mineAt >= 0 && (inNow[mineAt] as number) < 0) dropped.add(mineAt);
	});
	const since = now.filter((_token, at) => known.has(at));
	const left: Token[] = [];
	const fresh = freshly(mine);
	mine.forEach((token, at) => {
		const place = inNow[at] as number;
		if (place >= 0) left.push(withStampOf(token, now[place] as Token));
		else if (!dropped.has(at)) left.push(fresh[at] as Token);
	});
	return merge(since, left, now);
}

function join(
	base: readonly Token[],
	mine: readonly Token[],
	theirs: readonly Token[],
	inMine: Int32Array,
	inTheirs: Int32Array,
): { tokens: Token[]; origins: Origin[] } {
	const tokens: Token[] = [];
	const origins: Origin[] = [];
	const put = (token: Token, atMine: number, atTheirs: number): void => {
		tokens.push(token);
		origins.push({ mine: atMine, theirs: atTheirs });
	};
	let m = 0;
	let t = 0;
	for (let at = 0; at <= base.length; at++) {
		const keptMine = at === base.length ? mine.length : (inMine[at] as number);
		const keptTheirs = at === base.length ? theirs.length : (inTheirs[at] as number);
		if (keptTheirs >= 0) for (; t < keptTheirs; t++) put(theirs[t] as Token, -1, t);
		if (keptMine >= 0) for (; m < keptMine; m++) put(mine[m] as Token, m, -1);
		if (at === base.length) break;
		if (keptMine >= 0 && keptTheirs >= 0) {
			put(joined(base[at] as Token, mine[m] as Token, theirs[t] as Token), m, t);
		}
		if (keptMine >= 0) m++;
		if (keptTheirs >= 0) t++;
	}
	return { tokens, origins };
}

/** Puts a space where two words meet that stood side by side on neither side. */
function parted({ tokens, origins }: { tokens: Token[]; origins: Origin[] }): Token[] {
	const out: Token[] = [];
	tokens.forEach((token, at) => {
		const before = tokens[at - 1];
		const left = origins[at - 1];
		const right = origins[at] as Origin;
		if (before !== undefined && left && runsOn(before, token)) {
			const mine = left.mine >= 0 && right.mine === left.mine + 1;
			const theirs = left.theirs >= 0 && right.theirs === left.theirs + 1;
			if (!mine && !theirs) out.push(spaceAfter(before));
		}
		out.push(token);
	});
	return out;
}

function joined(base: Token, mine: Token, theirs: Token): Token {
	if (isBlock(base)) return mine === base ? theirs : mine;
	let token = theirs;
	for (const name of MARKS) {
		if (hasMark(mine, name) !== hasMark(base, name)) token = withMark(token, name, hasMark(mine, name));
	}
	return token;
}
