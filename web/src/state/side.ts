/** Which list stands beside a screen where there is room. */
import type { Route } from './route.svelte';

/** The list beside a screen; null where none belongs. */
export function sideOf({ view }: Route): 'sessions' | 'threads' | null {
	if (view === 'sessions' || view === 'note') return 'sessions';
	return view === 'threads' || view === 'thread' ? 'threads' : null;
}
