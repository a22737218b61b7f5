/** Where the way back leads from a screen that can't say it itself. */
import { sideOf } from './side';
import { withNav, type Route } from './route.svelte';
import { to } from './to';

/** The address of the screen above. */
export function upFrom(route: Route): string {
	if (!('circle' in route)) return to.start;
	if (route.view === 'strategy' || route.view === 'newStrategy') return to.toolkit(route.circle);
	if (route.view === 'keep' && route.item !== null) return to.keep(route.circle);
	if (route.view === 'planEdit') return to.plan(route.circle);
	const side = withNav(route) ? null : sideOf(route);
	if (side === 'sessions') return to.sessions(route.circle);
	return side === 'threads' ? to.threads(route.circle) : to.home(route.circle);
}
