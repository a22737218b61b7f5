/** Joins what was written here and what came from elsewhere since both last agreed. */
import { alignment } from './diff';
import { hasMark, isBlock, MARKS, withMark, type Token } from './tokens';

/**
 * Three-way merge. New tokens of both sides stay, `theirs` before `mine` at the same place; a token is gone
 * when either side removed it; of a mark or block attribute that both changed, mine stands.
 */
export function merge(base: readonly Token[], mine: readonly Token[], theirs: readonly Token[]): Token[] {
	const inMine = alignment(base, mine);
	const inTheirs = alignment(base, theirs);
	const merged: Token[] = [];
	let m = 0;
	let t = 0;
	for (let at = 0; at <= base.length; at++) {
		const keptMine = at === base.length ? mine.length : (inMine[at] as number);
		const keptTheirs = at === base.length ? theirs.length : (inTheirs[at] as number);
		if (keptTheirs >= 0) while (t < keptTheirs) merged.push(theirs[t++] as Token);
		if (keptMine >= 0) while (m < keptMine) merged.push(mine[m++] as Token);
		if (at === base.length) break;
		if (keptMine >= 0 && keptTheirs >= 0) {
			merged.push(joined(base[at] as Token, mine[m] as Token, theirs[t] as Token));
		}
		if (keptMine >= 0) m++;
		if (keptTheirs >= 0) t++;
	}
	return merged;
}

function joined(base: Token, mine: Token, theirs: Token): Token {
	if (isBlock(base)) return mine === base ? theirs : mine;
	let token = theirs;
	for (const name of MARKS) {
		if (hasMark(mine, name) !== hasMark(base, name)) token = withMark(token, name, hasMark(mine, name));
	}
	return token;
}
