/** An open conversation: what is in it, what is being written to it. */
import type {
	Bridge,
	CircleId,
	KithProblem,
	Message,
	MessageKey,
	Notice,
	ReactionKind,
	ThreadId,
} from '$bridge';
import { dayOf } from '../words/dates';

/** A message as shown; `saving` until the engine has it durably on this phone. */
export type Shown = Message & { saving: boolean };
/** The messages of one day. */
export interface Day {
	day: number;
	messages: Shown[];
}

const PAGE = 60;

/** One open thread. */
export class ThreadState {
	title = $state('');
	messages = $state.raw<Shown[]>([]);
	/** There are older ones. */
	more = $state(false);
	ready = $state(false);
	loadingEarlier = $state(false);
	problem = $state.raw<KithProblem | null>(null);
	/** The first message that was new when the thread was opened. */
	firstNew = $state<MessageKey | null>(null);
	readonly days: Day[] = $derived(byDay(this.messages));
	#limit = PAGE;
	#sent = 0;
	#stop: (() => void) | null = null;

	constructor(
		private readonly bridge: Bridge,
		private readonly circle: CircleId,
		private readonly thread: ThreadId,
		private readonly me: () => { member: string; name: string },
	) {}

	/** Opens the thread, marks where the new words begin, and says that they are seen. */
	async open(): Promise<void> {
		this.#stop ??= this.bridge.listen((notice) => this.#hear(notice));
		const list = await this.bridge.ask<'threads'>({ cmd: 'threads', circle: this.circle });
		const unread = list.ok ? (list.value.find(({ thread }) => thread === this.thread)?.unread ?? 0) : 0;
		this.#limit = Math.max(PAGE, unread + 10);
		await this.#load();
		const others = this.messages.filter(({ mine }) => !mine);
		if (unread > 0) this.firstNew = others[Math.max(0, others.length - unread)]?.key ?? null;
		void this.seen();
	}

	/** Shows older messages. */
	async earlier(): Promise<void> {
		this.loadingEarlier = true;
		this.#limit += PAGE;
		await this.#load();
		this.loadingEarlier = false;
	}

	/** Everything on screen counts as read. */
	async seen(): Promise<void> {
		await this.bridge.ask<'seen'>({ cmd: 'seen', circle: this.circle, thread: this.thread });
	}

	/** Sends: the message shows at once. False when it could not be saved; the text then is the caller's again. */
	async send(text: string, replyTo: MessageKey | null): Promise<boolean> {
		const { member, name } = this.me();
		const key = `new-${++this.#sent}`;
		const placeholder: Shown = {
			key,
			author: member,
			authorName: name,
			mine: true,
			sentMs: Date.now(),
			text,
			body: 'here',
			left: false,
			replyTo,
			reactions: [],
			safety: 'phone',
			saving: true,
		};
		this.messages = sorted([...this.messages, placeholder]);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'send'>({ cmd: 'send', circle, thread, text, replyTo });
		this.messages = this.messages.filter((message) => message.key !== key);
		if (reply.ok) this.#put([reply.value], false);
		this.problem = reply.ok ? null : reply.problem;
		return reply.ok;
	}

	/** Adds or takes back this person's reaction; shown at once. */
	async react(message: Shown, kind: ReactionKind, on: boolean): Promise<void> {
		this.#put([{ ...message, reactions: withReaction(message, kind, on, this.me().name) }], false);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'react'>({
			cmd: 'react',
			circle,
			thread,
			key: message.key,
			kind,
			on,
		});
		if (!reply.ok) {
			this.problem = reply.problem;
			this.#put([message], false);
		}
	}

	/** Takes back one's own message, for everyone; shown at once. */
	async takeBack(message: Shown): Promise<void> {
		this.#put([{ ...message, text: '', body: 'gone' }], false);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'takeBack'>({ cmd: 'takeBack', circle, thread, key: message.key });
		this.problem = reply.ok ? null : reply.problem;
		if (!reply.ok) this.#put([message], false);
	}

	/** Leaves the thread. */
	close(): void {
		this.#stop?.();
		this.#stop = null;
	}

	async #load(): Promise<void> {
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'openThread'>({
			cmd: 'openThread',
			circle,
			thread,
			limit: this.#limit,
		});
		if (!reply.ok) {
			this.problem = reply.problem;
			return;
		}
		this.title = reply.value.title;
		this.more = reply.value.more;
		const saving = this.messages.filter((message) => message.saving);
		this.messages = sorted([...reply.value.messages.map(shown), ...saving]);
		this.problem = null;
		this.ready = true;
	}

	#hear(notice: Notice): void {
		if (notice.notice === 'messages' && notice.circle === this.circle && notice.thread === this.thread) {
			this.messages = this.messages.filter(({ key }) => !notice.gone.includes(key));
			this.#put(notice.messages, true);
			if (notice.messages.some(({ mine }) => !mine) && document.visibilityState === 'visible')
				void this.seen();
		} else if (notice.notice === 'engine' && notice.state === 'ready') {
			void this.#load();
		}
	}

	/** Puts messages in their places. One's own that arrives by notice takes the place of what shows as saving. */
	#put(messages: readonly Message[], byNotice: boolean): void {
		// eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives only within this call
		const all = new Map(this.messages.map((message) => [message.key, message]));
		for (const message of messages) {
			if (byNotice && message.mine && !all.has(message.key)) {
				const waiting = [...all.values()].find((one) => one.saving && one.text === message.text);
				if (waiting) all.delete(waiting.key);
			}
			all.set(message.key, shown(message));
		}
		this.messages = sorted([...all.values()]);
	}
}

function shown(message: Message): Shown {
	return { ...message, saving: false };
}

function sorted(messages: Shown[]): Shown[] {
	return messages.sort((a, b) => a.sentMs - b.sentMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function byDay(messages: readonly Shown[]): Day[] {
	const days: Day[] = [];
	for (const message of messages) {
		const day = dayOf(message.sentMs);
		const last = days[days.length - 1];
		if (last?.day === day) last.messages.push(message);
		else days.push({ day, messages: [message] });
	}
	return days;
}

function withReaction(message: Message, kind: ReactionKind, on: boolean, name: string): Message['reactions'] {
	const others = message.reactions.filter((reaction) => reaction.kind !== kind);
	const now = message.reactions.find((reaction) => reaction.kind === kind);
	const names = (now?.names ?? []).filter((one) => one !== name);
	if (on) names.push(name);
	return names.length === 0 ? others : [...others, { kind, names, mine: on }];
}
