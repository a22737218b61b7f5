/** What is decided for a whole circle: one thing at a time, each answered with the circle as it is then. */
import type { Bridge, Circle, CircleId, KithProblem } from '$bridge';
import { lists, Resource } from './resource.svelte';

/** A circle as it is after an act, or why that was not done. */
export type CircleAnswer = { ok: true; value: Circle } | { ok: false; problem: KithProblem };

/** A circle that this phone shows and changes: kept fresh, a second tap does nothing. */
export class CircleActs {
	readonly circle: Resource<Circle>;
	/** Why the last act was not done. */
	problem = $state.raw<KithProblem | null>(null);
	/** Something is being done. */
	working = $state(false);
	readonly leads: boolean = $derived.by(() => this.circle.value?.me.role === 'facilitator');

	constructor(
		protected readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		protected readonly id: CircleId,
	) {
		this.circle = new Resource(() => bridge.ask<'circle'>({ cmd: 'circle', circle: id }));
	}

	/** Keeps the circle fresh until the returned function is called. */
	start(): () => void {
		return this.circle.start(this.bridge, (notice) => lists(notice, this.id, 'circle'));
	}

	/** Whether it was done; if not, {@link problem} says why. */
	protected async once(act: () => Promise<CircleAnswer>): Promise<boolean> {
		if (this.working) return false;
		this.working = true;
		const reply = await act();
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		if (reply.ok) this.circle.value = reply.value;
		return reply.ok;
	}
}
