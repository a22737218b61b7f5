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
	Returned,
	Role,
} from '$bridge';
import { inOrder } from '../words/sort';
import { lists, Resource } from './resource.svelte';
import { peopleWords, words } from '../words';
import { isolate } from '../words/isolate';

type Changing =
	| 'withdraw'
	| 'remove'
	| 'removeDevice'
	| 'confirm'
	| 'promote'
	| 'demote'
	| 'dismiss'
	| 'goOn'
	| 'setConversations';

/** How somebody who is out went. */
export type Went = 'left' | 'removed' | 'unknown';

/** So many of somebody's last acts are shown before they are taken out. */
const LATELY_MAX = 5;

/** The people of one circle. */
export class CirclePeople {
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

	/** Takes a person out, and in the same step those of whom they let in who are named. Each act returns whether it worked. */
	remove(member: MemberId, also: readonly MemberId[] = []): Promise<boolean> {
		const { circle } = this;
		return this.#change(this.bridge.ask<'remove'>({ cmd: 'remove', circle, member, also: [...also] }));
	}

	/** Ends an invitation. */
	withdraw(invite: string): Promise<boolean> {
		return this.#change(this.bridge.ask<'withdraw'>({ cmd: 'withdraw', circle: this.circle, invite }));
	}

	/** Takes one phone, or a printed code, out. */
	removeDevice(device: string): Promise<boolean> {
		return this.#change(
			this.bridge.ask<'removeDevice'>({ cmd: 'removeDevice', circle: this.circle, device }),
		);
	}

	/** Lets in a person who waits; brings back a person who was taken out. */
	confirm(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'confirm'>({ cmd: 'confirm', circle: this.circle, member }));
	}

	/** Makes a member a facilitator. */
	promote(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'promote'>({ cmd: 'promote', circle: this.circle, member }));
	}

	/** Makes a facilitator a member again. */
	demote(member: MemberId): Promise<boolean> {
		return this.#change(this.bridge.ask<'demote'>({ cmd: 'demote', circle: this.circle, member }));
	}

	/** Decides who begins conversations: everyone, or facilitators. */
	setConversations(everyone: boolean): Promise<boolean> {
		return this.#change(
			this.bridge.ask<'setConversations'>({ cmd: 'setConversations', circle: this.circle, everyone }),
		);
	}

	/** What the server did not take was read. */
	dismiss(statement: string): Promise<boolean> {
		return this.#change(this.bridge.ask<'dismiss'>({ cmd: 'dismiss', circle: this.circle, statement }));
	}

	/** Of two histories that the server signed, this phone goes on with one. */
	goOn(side: 'ours' | 'theirs'): Promise<boolean> {
		return this.#change(this.bridge.ask<'goOn'>({ cmd: 'goOn', circle: this.circle, with: side }));
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

/** People who are here, this phone's owner first, then facilitators, then by name; those who wait; those who are out. */
export function apart(people: readonly Person[]): { here: Person[]; waiting: Person[]; gone: Person[] } {
	const sorted = inOrder(people).sort((a, b) => Number(b.me) - Number(a.me));
	return {
		here: sorted.filter(({ standing }) => standing === 'active'),
		waiting: sorted.filter(({ standing }) => standing === 'provisional'),
		gone: sorted.filter(({ standing }) => standing === 'removed'),
	};
}

/** Those whom a member let in and who are not out, without this phone's own person. */
export function letInBy(people: readonly Person[], member: MemberId): Person[] {
	return people.filter((one) => one.letInBy === member && !one.me && one.standing !== 'removed');
}

/** The last things that a member did, newest first. */
export function lately(events: readonly PeopleEvent[], member: MemberId): PeopleEvent[] {
	return events.filter(({ by }) => by === member).slice(0, LATELY_MAX);
}

/** Whether what the server did not take can still be said, as things stand now. */
export function canSayAgain({ what, who, thing }: Returned, all: People): boolean {
	const person = all.people.find(({ member }) => member === who);
	if (what === 'withdraw')
		return all.invites.some(({ invite, mayWithdraw }) => mayWithdraw && invite === thing);
	if (what === 'removeDevice') {
		const phone = person?.devices.find(({ device }) => device === thing);
		return (all.leads || person?.me === true) && phone !== undefined && phone.standing !== 'removed';
	}
	if (what === 'invite') return all.leads;
	if (what === 'device') return true;
	if (!person || person.me || !all.leads) return false;
	if (what === 'confirm') return person.canBringBack || person.standing === 'provisional';
	if (what === 'remove') return person.standing !== 'removed';
	const role = what === 'promote' ? 'member' : 'facilitator';
	return ['promote', 'demote'].includes(what) && person.standing === 'active' && person.role === role;
}

/** An event as a sentence. */
export function told(event: PeopleEvent): string {
	const given = {
		who: isolate(event.whoName || words.common.someone),
		by: event.by === '' ? peopleWords.organisation : isolate(event.byName || words.common.someone),
	};
	const { events, eventsSelf } = peopleWords;
	const itself: Partial<typeof events> = eventsSelf;
	const said = (event.by === event.who && itself[event.kind]) || events[event.kind];
	return typeof said === 'string' ? said : said(given);
}

/** How a person who is out went, by what happened; `events`: the newest first, and not for ever. */
export function howGone(events: readonly PeopleEvent[], member: MemberId): Went {
	for (const { kind, who } of events)
		if (who === member && (kind === 'left' || kind === 'removed')) return kind;
	return 'unknown';
}
