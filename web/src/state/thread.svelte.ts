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
import { now } from '../words/now.svelte';
import { byDay, type Day } from './lines';

/** A message as shown; `saving` until the engine has it durably on this phone. */
export type Shown = Message & { saving: boolean };

const PAGE = 60;
/** As many as a thread gives at once. */
const REACH_MAX = 2_000;
/** More new messages than this, or older ones, are not where a conversation opens: it opens at the present. */
const NEW_MAX = 40;
const NEW_AGE_MAX_MS = 7 * 86_400_000;

/** One open thread. */
export class ThreadState {
	title = $state('');
	messages = $state.raw<Shown[]>([]);
	/** There are older ones. */
	more = $state(false);
	/** Between two: the other one is out of the circle. */
	closed = $state(false);
	/** Between two: this phone's person blocked the other. */
	blocked = $state(false);
	ready = $state(false);
	loadingEarlier = $state(false);
	problem = $state.raw<KithProblem | null>(null);
	/** The first message that was new when the thread was opened; null while it is {@link far} back. */
	firstNew = $state<MessageKey | null>(null);
	/** So many new messages go far back, further than where the thread opens; 0: none, or one went there. */
	far = $state(0);
	/** Messages of others that are new since the thread was opened, or were when it was. */
	newOnes = $state.raw<MessageKey[]>([]);
	/** The last message that was sent from here; null before the first. */
	justSent = $state<MessageKey | null>(null);
	readonly days: Day[] = $derived(byDay(this.messages));
	#limit = PAGE;
	#sent = 0;
	#stop: (() => void) | null = null;

	constructor(
		private readonly bridge: Bridge,
		readonly circle: CircleId,
		private readonly thread: ThreadId,
		private readonly me: () => { member: string; name: string },
	) {}

	/** Opens the thread, marks where the new words begin, and says that they are seen. */
	async open(): Promise<void> {
		this.#stop ??= this.bridge.listen((notice) => this.#hear(notice));
		const list = await this.bridge.ask<'threads'>({ cmd: 'threads', circle: this.circle });
		const unread = list.ok ? (list.value.find(({ thread }) => thread === this.thread)?.unread ?? 0) : 0;
		if (unread <= NEW_MAX) this.#limit = Math.max(PAGE, unread + 10);
		await this.#load();
		const fresh = this.#newest(unread);
		const since = fresh[0]?.sentMs ?? now.ms;
		if (unread > NEW_MAX || since < now.ms - NEW_AGE_MAX_MS) this.far = unread;
		else {
			this.newOnes = fresh.map(({ key }) => key);
			this.firstNew = fresh[0]?.key ?? null;
		}
		void this.seen();
	}

	/** Goes back to where the new messages began, however far that is. */
	async toFirstNew(): Promise<void> {
		const since = this.newOnes.length;
		this.#limit = Math.max(this.#limit, this.far + since + 10);
		this.loadingEarlier = true;
		await this.#load();
		this.loadingEarlier = false;
		this.firstNew = this.#newest(this.far + since)[0]?.key ?? null;
		this.far = 0;
	}

	/** Goes back until a message is here; whether it is. */
	async reach(key: MessageKey): Promise<boolean> {
		const isHere = (): boolean => this.messages.some((one) => one.key === key);
		while (!isHere() && this.more && this.#limit < REACH_MAX) {
			this.#limit = Math.min(REACH_MAX, this.#limit * 4);
			await this.#load();
		}
		return isHere();
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
			sentMs: now.ms,
			text,
			body: 'here',
			hidden: null,
			left: false,
			replyTo,
			reactions: [],
			read: false,
			safety: 'phone',
			saving: true,
		};
		this.messages = sorted([...this.messages, placeholder]);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'send'>({ cmd: 'send', circle, thread, text, replyTo });
		this.messages = this.messages.filter((message) => message.key !== key);
		if (reply.ok) {
			this.#put([reply.value], false);
			this.justSent = reply.value.key;
		}
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
		this.#put([{ ...message, text: '', body: 'gone', hidden: null }], false);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'takeBack'>({ cmd: 'takeBack', circle, thread, key: message.key });
		this.problem = reply.ok ? null : reply.problem;
		if (!reply.ok) this.#put([message], false);
	}

	/** For facilitators: hides a message from the others, or shows it again; shown at once. */
	async hide(message: Shown, on: boolean): Promise<void> {
		const { member, name } = this.me();
		this.#put([{ ...message, hidden: on ? { by: member, name, atMs: now.ms } : null }], false);
		const { circle, thread } = this;
		const reply = await this.bridge.ask<'hide'>({ cmd: 'hide', circle, thread, key: message.key, on });
		this.problem = reply.ok ? null : reply.problem;
		if (!reply.ok) this.#put([message], false);
	}

	/** Leaves the thread. */
	close(): void {
		this.#stop?.();
		this.#stop = null;
	}

	/** The last so many messages of others. */
	#newest(count: number): Shown[] {
		return count === 0 ? [] : this.messages.filter(({ mine }) => !mine).slice(-count);
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
		this.closed = reply.value.closed;
		this.blocked = reply.value.blocked;
		const saving = this.messages.filter((message) => message.saving);
		this.messages = sorted([...reply.value.messages.map(shown), ...saving]);
		this.problem = null;
		this.ready = true;
	}

	#hear(notice: Notice): void {
		if (notice.notice === 'messages' && notice.circle === this.circle && notice.thread === this.thread) {
			this.messages = this.messages.filter(({ key }) => !notice.gone.includes(key));
			// eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives only within this call
			const known = new Set(this.messages.map(({ key }) => key));
			const end = this.messages.at(-1)?.sentMs ?? 0;
			this.#put(notice.messages, true);
			const came = notice.messages.filter(
				({ key, mine, sentMs }) => !mine && !known.has(key) && sentMs >= end,
			);
			if (came.length > 0) this.newOnes = [...this.newOnes, ...came.map(({ key }) => key)];
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

function withReaction(message: Message, kind: ReactionKind, on: boolean, name: string): Message['reactions'] {
	const others = message.reactions.filter((reaction) => reaction.kind !== kind);
	const now = message.reactions.find((reaction) => reaction.kind === kind);
	const names = (now?.names ?? []).filter((one) => one !== name);
	if (on) names.push(name);
	return names.length === 0 ? others : [...others, { kind, names, mine: on }];
}
