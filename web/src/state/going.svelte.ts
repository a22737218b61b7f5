/** Leaving a circle, as one screen shows it. */
import type { Bridge, CircleId, KithProblem, Leaving, Notice } from '$bridge';

type Answer = { ok: true; value: Leaving } | { ok: false; problem: KithProblem };

/** One person's leaving of one circle. */
export class Going {
	/** How it stands; null: not known yet. */
	standing = $state.raw<Leaving | null>(null);
	/** The circle is gone from this phone. */
	gone = $state(false);
	problem = $state.raw<KithProblem | null>(null);
	/** Something is being done. */
	working = $state(false);

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {}

	/** Looks now, and whenever something changes that it depends on, until the returned function is called. */
	start(): () => void {
		void this.#look();
		const concerns = ({ notice }: Notice): boolean => notice === 'lists' || notice === 'status';
		return this.bridge.listen((notice) => {
			if (concerns(notice) && !this.gone) void this.#look();
		});
	}

	/** Leaves; `erase`: what one wrote goes first; `anyway`: what can't be sent is not waited for. */
	async leave(erase: boolean, anyway: boolean): Promise<void> {
		const { circle } = this;
		await this.#do(async () => {
			await this.bridge.ask<'flush'>({ cmd: 'flush' });
			this.#take(await this.bridge.ask<'leave'>({ cmd: 'leave', circle, erase, anyway }));
			if (!this.problem) await this.#look();
		});
	}

	/** Stays after all. */
	async stay(): Promise<void> {
		const { circle } = this;
		await this.#do(async () => this.#take(await this.bridge.ask<'stay'>({ cmd: 'stay', circle })));
	}

	/** Sends what is unsent now. */
	async send(): Promise<void> {
		await this.#do(async () => {
			await this.bridge.ask<'sync'>({ cmd: 'sync' });
			await this.#look();
		});
	}

	async #look(): Promise<void> {
		const { circle } = this;
		this.#take(await this.bridge.ask<'leaving'>({ cmd: 'leaving', circle }));
	}

	async #do(act: () => Promise<void>): Promise<void> {
		if (this.working) return;
		this.working = true;
		this.problem = null;
		await act();
		this.working = false;
	}

	#take(answer: Answer): void {
		if (answer.ok) this.standing = answer.value;
		else if (answer.problem.code === 'unknown-circle') this.gone = true;
		else this.problem = answer.problem;
	}
}
