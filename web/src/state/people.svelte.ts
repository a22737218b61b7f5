/** Who is in a circle, and what may be done about it. */
import type {
	Bridge,
	CircleId,
	Invitation,
	KithProblem,
	MemberId,
	PaperCode,
	People,
	PeopleEvent,
	Person,
	Replies,
	Reply,
	Role,
} from '$bridge';
import { lists, Resource } from './resource.svelte';

type Changing = 'remove' | 'removeDevice' | 'confirm' | 'promote';

/** The people of one circle. */
export class Folk {
	readonly list: Resource<People>;
	/** Why the last act failed; null when it did not. */
	problem = $state.raw<KithProblem | null>(null);
	/** An act is under way. */
	working = $state(false);
	readonly me: Person | null = $derived.by(() => this.list.value?.people.find(({ me }) => me) ?? null);

	constructor(
		private readonly bridge: Bridge,
		private readonly circle: CircleId,
	) {
		this.list = new Resource(() => bridge.ask<'people'>({ cmd: 'people', circle }));
	}

	/** Keeps the list fresh until the returned function is called. */
	start(): () => void {
		return this.list.start(this.bridge, (notice) => lists(notice, this.circle, 'people'));
	}

	/** One of the circle's people; null while the list is not here, or when there is no such person. */
	person(member: MemberId | null): Person | null {
		return this.list.value?.people.find((one) => one.member === member) ?? null;
	}

	/** Takes a person out of the circle. Each act returns whether it worked. */
	remove(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'remove'>({ cmd: 'remove', circle: this.circle, member }));
	}

	/** Takes one phone, or a printed code, out. */
	removeDevice(device: string): Promise<boolean> {
		return this.#change(
			this.bridge.ask<'removeDevice'>({ cmd: 'removeDevice', circle: this.circle, device }),
		);
	}

	/** Confirms who was enrolled by someone who was removed meanwhile. */
	confirm(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'confirm'>({ cmd: 'confirm', circle: this.circle, member }));
	}

	/** Makes a member a facilitator. */
	promote(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'promote'>({ cmd: 'promote', circle: this.circle, member }));
	}

	/** A way in for new people; null when that did not work. */
	async invite(role: Role, past: boolean, uses: number, days: number): Promise<Invitation | null> {
		const { circle } = this;
		return this.#taken(
			await this.#do(this.bridge.ask<'invite'>({ cmd: 'invite', circle, role, past, uses, days })),
		);
	}

	/** A way in for another phone of someone who is here; `recovers`: they lost theirs. */
	async inviteDevice(member: MemberId, recovers: boolean): Promise<Invitation | null> {
		const { circle } = this;
		return this.#taken(
			await this.#do(this.bridge.ask<'inviteDevice'>({ cmd: 'inviteDevice', circle, member, recovers })),
		);
	}

	/** A new printed code for this member; null when that did not work. */
	async paper(): Promise<PaperCode | null> {
		return this.#taken(await this.#do(this.bridge.ask<'paper'>({ cmd: 'paper', circle: this.circle })));
	}

	async #change<C extends Changing>(asked: Promise<Reply<C>>): Promise<boolean> {
		const reply = await this.#do(asked);
		if (reply.ok) this.list.value = reply.value as People;
		return reply.ok;
	}

	async #do<C extends keyof Replies>(asked: Promise<Reply<C>>): Promise<Reply<C>> {
		this.working = true;
		const reply = await asked;
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		return reply;
	}

	#taken<T>(reply: { ok: true; value: T } | { ok: false }): T | null {
		return reply.ok ? reply.value : null;
	}
}

/** People who are here, this phone's owner first, then facilitators, then by name; and those who are not any more. */
export function hereAndGone(people: readonly Person[]): { here: Person[]; gone: Person[] } {
	const rank = (one: Person): number => (one.me ? 0 : one.role === 'facilitator' ? 1 : 2);
	const sorted = [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
	return {
		here: sorted.filter(({ standing }) => standing !== 'removed'),
		gone: sorted.filter(({ standing }) => standing === 'removed'),
	};
}

/** An event as a sentence, with the catalogue's words for each kind. */
export function told(
	event: PeopleEvent,
	said: Record<PeopleEvent['kind'], (who: string, by: string, self: boolean) => string>,
	nobody: { someone: string; organisation: string },
): string {
	const who = event.whoName || nobody.someone;
	const by = event.by === '' ? nobody.organisation : event.byName || nobody.someone;
	return said[event.kind](who, by, event.by === event.who);
}
