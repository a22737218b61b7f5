/** Joins what is being typed in one line with what came from elsewhere since both last agreed, word by word. */

/**
 * All that both wrote: where only one of them changed something, that; where both did, theirs and then mine. The spaces
 * at the end of mine stay, since a word may follow.
 */
export function joined(base: string, mine: string, theirs: string): string {
	const [before, own, others] = [words(base), words(mine), words(theirs)];
	const [inOwn, inOthers] = [places(before, own), places(before, others)];
	const all: string[] = [];
	let [b, m, t] = [0, 0, 0];
	for (let at = 0; at <= before.length; at++) {
		const end = at === before.length;
		const toOwn = end ? own.length : (inOwn[at] ?? -1);
		const toOthers = end ? others.length : (inOthers[at] ?? -1);
		if (toOwn < 0 || toOthers < 0) continue;
		all.push(...chunk(before.slice(b, at), own.slice(m, toOwn), others.slice(t, toOthers)));
		if (!end) all.push(before[at] ?? '');
		[b, m, t] = [at + 1, toOwn + 1, toOthers + 1];
	}
	return all.join(' ') + (/\s+$/.exec(mine)?.[0] ?? '');
}

function chunk(before: string[], own: string[], others: string[]): string[] {
	const same = (one: string[], other: string[]): boolean => one.join(' ') === other.join(' ');
	if (same(own, before) || same(own, others)) return others;
	return same(others, before) ? own : [...others, ...own];
}

function words(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== '');
}

/** For each word its place among the others, or -1, by the longest run of words that both have in this order. */
function places(from: string[], to: string[]): number[] {
	const rest = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
	const at = (i: number, j: number): number => rest[i]?.[j] ?? 0;
	for (let i = from.length - 1; i >= 0; i--) {
		for (let j = to.length - 1; j >= 0; j--) {
			const row = rest[i];
			if (row) row[j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const found = from.map(() => -1);
	for (let i = 0, j = 0; i < from.length && j < to.length;) {
		if (from[i] === to[j]) found[i++] = j++;
		else if (at(i + 1, j) >= at(i, j + 1)) i++;
		else j++;
	}
	return found;
}
