/** Two other ways to begin: coming back with a printed code, and starting a circle. */
import type { Bridge, CircleSummary, KithProblem } from '$bridge';
import { plainDigits } from '../words/digits';

type Asker = Pick<Bridge, 'ask'>;

/** Coming back with a printed code. What was typed stays until it works. */
export class Return {
	code = $state('');
	codeMissing = $state(false);
	working = $state(false);
	problem = $state.raw<KithProblem | null>(null);

	constructor(private readonly bridge: Asker) {}

	/** The circles that this phone is in now; null when it did not work, with {@link problem} set. */
	async go(): Promise<CircleSummary[] | null> {
		const code = plainDigits(this.code.trim());
		this.codeMissing = code === '';
		if (this.codeMissing || this.working) return null;
		this.working = true;
		const reply = await this.bridge.ask<'paperUse'>({ cmd: 'paperUse', code });
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		return reply.ok ? reply.value : null;
	}
}

/** Starting a circle. */
export class Founding {
	circleName = $state('');
	name = $state('');
	/** The person went on without one of the two. */
	circleMissing = $state(false);
	nameMissing = $state(false);
	working = $state(false);
	problem = $state.raw<KithProblem | null>(null);

	constructor(private readonly bridge: Asker) {}

	/** The new circle; null when it did not work, with {@link problem} set. */
	async go(): Promise<CircleSummary | null> {
		const name = this.name.trim();
		const circleName = this.circleName.trim();
		this.nameMissing = name === '';
		this.circleMissing = circleName === '';
		if (this.nameMissing || this.circleMissing || this.working) return null;
		this.working = true;
		const reply = await this.bridge.ask<'found'>({ cmd: 'found', name, circleName });
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		return reply.ok ? reply.value : null;
	}
}
