/** What is decided for a whole circle: one thing at a time, each answered with the circle as it is then. */
import type { Bridge, Circle, CircleId, KithProblem } from '$bridge';
import { Acts } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** A circle as it is after an act, or why that was not done. */
export type CircleAnswer = { ok: true; value: Circle } | { ok: false; problem: KithProblem };

/** A circle that this phone shows and changes: kept fresh, a second tap does nothing. */
export class CircleActs extends Acts {
	readonly circle: Resource<Circle>;
	readonly leads: boolean = $derived.by(() => this.circle.value?.me.role === 'facilitator');

	constructor(
		protected readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		protected readonly id: CircleId,
	) {
		super();
		this.circle = new Resource(() => bridge.ask<'circle'>({ cmd: 'circle', circle: id }));
	}

	/** Keeps the circle fresh until the returned function is called. */
	start(): () => void {
		return this.circle.start(this.bridge, (notice) => lists(notice, this.id, 'circle'));
	}

	/** Whether it was done; if not, {@link problem} says why. */
	protected async decided(act: () => Promise<CircleAnswer>): Promise<boolean> {
		const reply = await this.once(act);
		if (reply?.ok) this.circle.value = reply.value;
		return reply?.ok ?? false;
	}
}
