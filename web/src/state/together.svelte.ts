/** What holds a circle together: its agreement, who does what, how it begins and ends when it meets. */
import type { Circle, CircleId, Command } from '$bridge';
import { type CircleAnswer, CircleActs } from './circle-acts.svelte';
import { drafts as page, type Drafts } from './drafts';

/** What can be done with it. Each is answered with the circle as it is then. */
export type TogetherAct = Extract<
	Command,
	{ cmd: 'addAgreementLine' | 'setAgreementLine' | 'agree' | 'addRole' | 'setRole' | 'setCircle' }
>;

/** A circle's agreement, roles and rituals, and what is done with them. */
export class Together extends CircleActs {
	/** Does one thing; whether it was done, else {@link problem} says why. */
	act(command: TogetherAct): Promise<boolean> {
		return this.decided(async () => (await this.bridge.ask(command as never)) as CircleAnswer);
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
