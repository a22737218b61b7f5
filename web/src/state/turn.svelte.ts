/** Turning to somebody: whom one can write to, and where what one wrote is by now. */
import type {
	Bridge,
	Choice,
	Circle,
	CircleId,
	Conversation,
	KithProblem,
	Message,
	MessageKey,
	Notice,
	ThreadSummary,
} from '$bridge';
import { inOrder } from '../words/sort';
import { lists, Resource } from './resource.svelte';

/** Where words can go. */
export interface Place {
	thread: Conversation;
	/** A member's name, or a conversation's title; may be empty. */
	name: string;
	/** Everyone in the circle reads it; else the two alone. */
	all: boolean;
	/** They are whom this phone's person turns to first. */
	buddy: boolean;
	leads: boolean;
}

/** Who comes first: whoever leads, where somebody may be in danger; else a buddy. */
export type Before = 'facilitators' | 'buddies';

/** What was sent is looked for among so many of the newest messages. */
const LOOKED_AT = 60;

/** Whom to turn to, in order; nobody who is blocked. Beside danger, people alone, and not the whole circle. */
export function placesOf(
	circle: Circle,
	threads: readonly ThreadSummary[],
	choices: readonly Choice[],
	before: Before,
): Place[] {
	const chose = (kind: Choice['kind'], member: string): boolean =>
		choices.some((one) => one.kind === kind && one.member === member);
	const people = inOrder(circle.members)
		.filter(({ me, member }) => !me && !chose('blocked', member))
		.map(({ member, name, role }) => {
			const leads = role === 'facilitator';
			return { thread: member, name, all: false, buddy: chose('buddy', member), leads };
		});
	const rank = ({ buddy, leads }: Place): number => (before === 'facilitators' && leads ? 0 : buddy ? 1 : 2);
	people.sort((a, b) => rank(a) - rank(b));
	if (before === 'facilitators') return people;
	const circles = threads.filter((one) => one.with === null);
	return [
		...people,
		...circles.map(({ thread, title }) => ({ thread, name: title, all: true, buddy: false, leads: false })),
	];
}

/** Somebody to turn to in one circle. */
export class Turn {
	readonly circle: Resource<Circle>;
	readonly threads: Resource<ThreadSummary[]>;
	readonly choices: Resource<{ choices: Choice[] }>;
	/** What was sent, as it is now; null while nothing was. */
	sent = $state.raw<Message | null>(null);
	/** Why the last was not sent. */
	problem = $state.raw<KithProblem | null>(null);
	/** Something is being sent. */
	working = $state(false);
	/** What was sent before is not there, or was taken back. */
	lost = $state(false);
	#in: Conversation = '';
	#key: MessageKey = '';

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly id: CircleId,
		private readonly before: Before,
	) {
		this.circle = new Resource(() => bridge.ask<'circle'>({ cmd: 'circle', circle: id }));
		this.threads = new Resource(() => bridge.ask<'threads'>({ cmd: 'threads', circle: id }));
		this.choices = new Resource(() => bridge.ask<'choices'>({ cmd: 'choices', circle: id }));
	}

	/** Whom to turn to; null while that is not known. */
	get places(): Place[] | null {
		const [circle, threads, choices] = [this.circle.value, this.threads.value, this.choices.value];
		return circle && threads && choices ? placesOf(circle, threads, choices.choices, this.before) : null;
	}

	/** Keeps all of it fresh until the returned function is called. */
	start(): () => void {
		const { bridge, id } = this;
		const stops = [
			this.circle.start(bridge, (notice) => lists(notice, id, 'circle')),
			this.threads.start(bridge, (notice) => lists(notice, id, 'threads')),
			this.choices.start(bridge, (notice) => lists(notice, id, 'choices')),
			bridge.listen((notice) => this.#hear(notice)),
		];
		return () => stops.forEach((stop) => stop());
	}

	/** Sends; a second tap sends nothing. Whether this phone has it durably; else {@link problem} says why not. */
	async send(thread: Conversation, text: string): Promise<boolean> {
		if (this.working) return false;
		this.working = true;
		const { id: circle } = this;
		const reply = await this.bridge.ask<'send'>({ cmd: 'send', circle, thread, text, replyTo: null });
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		if (!reply.ok) return false;
		this.#in = thread;
		this.#key = reply.value.key;
		this.sent = reply.value;
		return true;
	}

	/** Looks again for what was sent before the app closed; as long as nobody can say, with the next notice again. */
	async resume(thread: Conversation, key: MessageKey): Promise<Message | null> {
		this.#in = thread;
		this.#key = key;
		this.lost = false;
		await this.#look();
		return this.sent;
	}

	/** What was sent is done with. */
	forget(): void {
		this.sent = null;
		this.lost = false;
		this.#key = '';
	}

	#hear(notice: Notice): void {
		const { sent } = this;
		if (sent && notice.notice === 'messages' && notice.circle === this.id && notice.thread === this.#in) {
			// Written again under another key, after this phone was put back.
			const again = notice.gone.includes(sent.key);
			const is = (one: Message): boolean =>
				again ? one.mine && one.text === sent.text : one.key === sent.key;
			this.sent = notice.messages.find(is) ?? sent;
			this.#key = this.sent.key;
		} else if (notice.notice === 'status' || (notice.notice === 'engine' && notice.state === 'ready')) {
			if (this.#key !== '' && sent?.safety !== 'safe') void this.#look();
		}
	}

	/** A conversation that is nowhere open is not told of. */
	async #look(): Promise<void> {
		const { id: circle } = this;
		const [thread, key] = [this.#in, this.#key];
		const ask = { cmd: 'openThread', circle, thread, limit: LOOKED_AT } as const;
		const reply = await this.bridge.ask<'openThread'>(ask);
		if (!reply.ok || this.#key !== key) return;
		const there = reply.value.messages.find((one) => one.key === key && one.body !== 'gone');
		if (there) this.sent = there;
		this.lost = !there && !this.sent;
	}
}
