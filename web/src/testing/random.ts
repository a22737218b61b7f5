/** A small seeded generator, so that a failing test can be run again. */
export interface Random {
	/** A whole number from 0 to `limit` - 1. */
	below(limit: number): number;
	/** One of the items. */
	pick<T>(items: readonly T[]): T;
}

/** The same seed gives the same numbers (mulberry32). */
export function random(seed: number): Random {
	let state = (seed + 0x9e3779b9) | 0;
	const below = (limit: number): number => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % limit;
	};
	return {
		below,
		pick<T>(items: readonly T[]): T {
			const item = items[below(items.length)];
			if (item === undefined) throw new Error('nothing to pick from');
			return item;
		},
	};
}
