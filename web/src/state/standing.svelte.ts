/** For screens that are only for people who are in a circle. */
import type { CircleId } from '$bridge';
import { app } from './app.svelte';
import { router } from './route.svelte';
import { to } from './to';
import { isOutOf } from './standing';

/** Whether this phone was taken out of a circle, as it is known now. */
export function isOut(circle: CircleId | null): boolean {
	return isOutOf(app.circles.value, circle);
}

/** Shows the circle's first screen, which says why, in the place of a screen for people who are in it. */
export function onlyInside(circle: CircleId): void {
	$effect(() => {
		if (isOut(circle)) router.go(to.home(circle), true);
	});
}
