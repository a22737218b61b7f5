/** What holds a circle together: its agreement, who does what, how it begins and ends when it meets. */
import type { Bridge, Circle, CircleId, Command, KithProblem } from '$bridge';
import { lists, Resource } from './resource.svelte';
import { drafts as page, type Drafts } from './drafts';

/** What can be done with it. Each is answered with the circle as it is then. */
export type TogetherAct = Extract<
	Command,
	{ cmd: 'addAgreementLine' | 'setAgreementLine' | 'agree' | 'addRole' | 'setRole' | 'setCircle' }
>;

type Answer = { ok: true; value: Circle } | { ok: false; problem: KithProblem };

/** A circle's agreement, roles and rituals, and what is done with them. */
export class Together {
	readonly circle: Resource<Circle>;
	/** Why the last act was not done. */
	problem = $state.raw<KithProblem | null>(null);
	/** Something is being done. */
	working = $state(false);
	readonly leads: boolean = $derived.by(() => this.circle.value?.me.role === 'facilitator');

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly id: CircleId,
	) {
		this.circle = new Resource(() => bridge.ask<'circle'>({ cmd: 'circle', circle: id }));
	}

	/** Keeps the circle fresh until the returned function is called. */
	start(): () => void {
		return this.circle.start(this.bridge, (notice) => lists(notice, this.id, 'circle'));
	}

	/** Does one thing at a time; whether it was done, else {@link problem} says why. */
	async act(command: TogetherAct): Promise<boolean> {
		if (this.working) return false;
		this.working = true;
		const reply = (await this.bridge.ask(command as never)) as Answer;
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		if (reply.ok) this.circle.value = reply.value;
		return reply.ok;
	}
}

/** Whether this phone's person agreed to exactly what the agreement says. */
export function agrees({ agreed, me }: Circle): boolean {
	return agreed.includes(me.member);
}

/** The names of those who agreed, in the order in which people are listed everywhere. */
export function agreedNames(circle: Circle): string[] {
	return circle.members.filter(({ member }) => circle.agreed.includes(member)).map(({ name }) => name);
}

/** Whether a circle has something to agree on that this phone's person neither agreed to nor put off. */
export async function isToMeet(circle: Circle, drafts: Pick<Drafts, 'load'> = page): Promise<boolean> {
	const { agreementDigest } = circle;
	if (agreementDigest === null || agrees(circle)) return false;
	return (await drafts.load(metKey(circle.circle))) !== agreementDigest;
}

/** This phone's person met the agreement as it stands: they are not shown the way to it again until it changes. */
export function met(
	{ circle, agreementDigest }: Circle,
	drafts: Pick<Drafts, 'write' | 'flush'> = page,
): void {
	drafts.write(metKey(circle), agreementDigest ?? '');
	drafts.flush(metKey(circle));
}

const metKey = (circle: CircleId): string => `${circle}.agreement.met`;
