/** Drawings of how something went, on a 24 by 24 grid, as strokes. */
import type { Outcome } from '$bridge';

/** In the order in which they are offered. */
export const OUTCOMES = ['done', 'tried', 'notThisTime'] as const satisfies readonly Outcome[];

const ROUND = 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z';

/** One each. */
export const outcomes: Readonly<Record<Outcome, string>> = {
	done: `${ROUND}M8 12.5l2.8 2.8L16 9.5`,
	tried: `${ROUND}M7.5 13c1.5-2.6 3-2.6 4.5-.5s3 2.1 4.5-.5`,
	notThisTime: `${ROUND}M8.5 12h7`,
};
