/** How this phone stands in a circle, and what follows for its screens. */
import type { Circle, CircleId, CircleSummary } from '$bridge';

import { inOrder } from '../words/sort';

type Summaries = readonly CircleSummary[] | null;

/** Whether this phone was taken out of a circle: it reads what it has, and nothing else is offered. */
export function isOutOf(circles: Summaries, circle: CircleId | null): boolean {
	return (circles ?? []).some((one) => one.circle === circle && one.standing === 'removed');
}

/** Whether anything can be sent: this phone is in one of its circles. */
export function canSend(circles: Summaries): boolean {
	return circles === null || circles.length === 0 || circles.some(({ standing }) => standing !== 'removed');
}

/** Whom to speak to about a circle: its facilitators' names, without this phone's own person. */
export function leaders(circle: Circle | null): string[] {
	const lead = (circle?.members ?? []).filter(({ role, me }) => role === 'facilitator' && !me);
	return inOrder(lead)
		.map(({ name }) => name)
		.filter((name) => name !== '');
}
