/** What this phone's person chose about others: nobody else is told. */
import type { Bridge, Choice, CircleId, MemberId } from '$bridge';
import { lists, Resource } from './resource.svelte';

type Kind = Choice['kind'];

/** The choices of one circle. */
export class Choices {
	readonly all: Resource<{ choices: Choice[] }>;
	/** What is being said right now waits for its answer. */
	working = $state(false);

	constructor(
		private readonly bridge: Bridge,
		private readonly circle: CircleId,
	) {
		this.all = new Resource(() => bridge.ask<'choices'>({ cmd: 'choices', circle }));
	}

	/** Keeps the choices fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(this.bridge, (notice) => lists(notice, this.circle, 'choices'));
	}

	/** Whether something holds about a member. */
	has(kind: Kind, member: MemberId): boolean {
		return this.all.value?.choices.some((one) => one.kind === kind && one.member === member) ?? false;
	}

	/** Chooses it, or chooses it no more; whether that worked. */
	async set(choice: Kind, member: MemberId, on: boolean): Promise<boolean> {
		if (this.working) return false;
		this.working = true;
		const { circle } = this;
		const reply = await this.bridge.ask<'choose'>({ cmd: 'choose', circle, choice, member, on });
		this.working = false;
		if (!reply.ok) this.all.problem = reply.problem;
		else await this.all.load();
		return reply.ok;
	}
}
