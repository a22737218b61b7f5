/** What the stand-in's facilitators hide. */
import type { KithProblem, Message } from '../bridge/contract';
import { problem } from './fake-edit';
import { circle } from './sample';

/** All of them with one hidden by this phone's person, or shown again. `leads`: whether they may. */
export function withHidden<T extends { key: string; hidden: Message['hidden'] }>(
	all: readonly T[],
	key: string,
	on: boolean,
	leads: boolean,
): T[] | KithProblem {
	if (!leads) return problem('not-allowed');
	if (!all.some((one) => one.key === key)) return problem('unknown-document');
	const { member, name } = circle.me;
	const hidden = on ? { by: member, name, atMs: Date.now() } : null;
	return all.map((one) => (one.key === key ? { ...one, hidden } : one));
}
