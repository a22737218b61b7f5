/** What a person does on a screen: one thing at a time, so that a second tap does nothing. */
import type { KithProblem } from '$bridge';

/** That something was done, or why it was not. */
export type Done = { ok: true } | { ok: false; problem: KithProblem };

/** Acts, each of which waits for its answer. */
export class Acts {
	/** Why the last act was not done. */
	problem = $state.raw<KithProblem | null>(null);
	/** Something is being done. */
	working = $state(false);

	/** What an act was answered, once `after` has ended, too; null while another is being done. */
	protected async once<D extends Done>(
		act: () => Promise<D>,
		after?: () => Promise<unknown>,
	): Promise<D | null> {
		if (this.working) return null;
		this.working = true;
		const reply = await act();
		await after?.();
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		return reply;
	}

	/** Whether it was done; else {@link problem} says why, unless another was being done. */
	protected async done(act: () => Promise<Done>, after?: () => Promise<unknown>): Promise<boolean> {
		return (await this.once(act, after))?.ok ?? false;
	}
}
