/**
 * The page's only door to the engine. The worker, its start and its messages stay behind it.
 */
import type { Bridge } from './contract';

export type * from './contract';

/** Connects to the engine's worker; called once per page. */
export function connect(): Bridge {
	throw new Error('the engine is not built into this page yet');
}
