/** Words that wait an hour before they go: kept sealed on this phone, changed or taken back until then, sent once. */
import type { Bridge, CircleId, Conversation, MessageKey } from '$bridge';

/** So long they wait. */
export const HOUR_MS = 3_600_000;
/** Among so many of the newest messages it is looked whether they went already. */
const LOOKED_AT = 60;
/** Whether the hour is over is looked at so often, by whichever clock: a timer stands still while a phone sleeps. */
const LOOK_MS = 20_000;

/** Words that wait. */
export interface Waiting {
	/** Among those of its circle. */
	id: string;
	thread: Conversation;
	text: string;
	replyTo: MessageKey | null;
	/** When they were written, and when they go. */
	writtenMs: number;
	dueMs: number;
	/** They were on their way once: whether they went is looked at before they go again. */
	begun: boolean;
}

/** Where those of a circle are kept. */
export function laterKey(circle: CircleId): string {
	return `${circle}.later`;
}

/** Those that were kept; nothing of what can't be read. */
export function readWaiting(kept: string): Waiting[] {
	try {
		const read: unknown = JSON.parse(kept);
		if (!Array.isArray(read)) return [];
		return (read as Partial<Waiting>[]).filter((one): one is Waiting => {
			const texts = [one.id, one.thread, one.text].every((text) => typeof text === 'string');
			return texts && typeof one.dueMs === 'number' && typeof one.writtenMs === 'number';
		});
	} catch {
		return [];
	}
}

/** One at a time over all of a browser's tabs; by itself where there is no lock. */
type Alone = <T>(act: () => Promise<T>) => Promise<T>;
const overTabs: Alone = (act) =>
	globalThis.navigator?.locks
		? (navigator.locks.request('kith-later', act) as ReturnType<typeof act>)
		: act();

/** What waits in one circle. */
export class Later {
	/** In the order in which they go. */
	waiting = $state.raw<Waiting[]>([]);
	#started = false;
	#timer: ReturnType<typeof setInterval> | null = null;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		private readonly circle: CircleId,
		private readonly now: () => number = Date.now,
		private readonly alone: Alone = overTabs,
	) {}

	/** Reads what waits. */
	async load(): Promise<void> {
		const reply = await this.bridge.ask<'readDraft'>({ cmd: 'readDraft', key: laterKey(this.circle) });
		if (reply.ok) this.waiting = readWaiting(reply.value.text);
	}

	/** Has words wait. Whether this phone keeps them. */
	async add(thread: Conversation, text: string, replyTo: MessageKey | null): Promise<boolean> {
		const writtenMs = this.now();
		const id = `${writtenMs}.${Math.random()}`;
		const one = { id, thread, text, replyTo, writtenMs, dueMs: writtenMs + HOUR_MS, begun: false };
		return this.#change((all) => [...all, one]);
	}

	/** Takes words out before they go; null when they went, or are on their way. */
	async takeOut(id: string): Promise<Waiting | null> {
		let found: Waiting | null = null;
		await this.#change((all) => {
			found = all.find((one) => one.id === id && !one.begun) ?? null;
			return all.filter((one) => one !== found);
		});
		return found;
	}

	/** Words go now. */
	async sendNow(id: string): Promise<void> {
		await this.#change((all) => all.map((one) => (one.id === id ? { ...one, dueMs: 0 } : one)));
		await this.look();
	}

	/** Sends what is due. What can't be sent now waits on, and is tried again. */
	async look(): Promise<void> {
		await this.load();
		for (const { id } of this.waiting.filter(({ dueMs }) => dueMs <= this.now())) {
			await this.alone(() => this.#send(id));
		}
		await this.load();
		this.#arm();
	}

	/** From now on what is due goes by itself, as long as the app is open. */
	start(): void {
		if (this.#started) return;
		this.#started = true;
		void this.look().finally(() => this.#arm());
	}

	/** Nothing is looked at while nothing waits. */
	#arm(): void {
		if (!this.#started || (this.#timer === null) === (this.waiting.length === 0)) return;
		if (this.#timer !== null) clearInterval(this.#timer);
		this.#timer = this.waiting.length > 0 ? setInterval(() => void this.look(), LOOK_MS) : null;
	}

	async #send(id: string): Promise<void> {
		await this.load();
		const one = this.waiting.find((known) => known.id === id);
		if (!one) return;
		const { circle } = this;
		const { thread, text, replyTo } = one;
		if (one.begun) {
			const ask = { cmd: 'openThread', circle, thread, limit: LOOKED_AT } as const;
			const opened = await this.bridge.ask<'openThread'>(ask);
			if (!opened.ok) return;
			const went = opened.value.messages.some(
				(message) => message.mine && message.text === text && message.sentMs >= one.writtenMs,
			);
			if (went) return void (await this.#keep(this.waiting.filter((known) => known !== one)));
		} else if (
			!(await this.#keep(this.waiting.map((known) => (known === one ? { ...one, begun: true } : known))))
		)
			return;
		const sent = await this.bridge.ask<'send'>({ cmd: 'send', circle, thread, text, replyTo });
		await this.load();
		if (sent.ok) await this.#keep(this.waiting.filter((known) => known.id !== id));
		// Nothing was written: it is its person's again.
		else
			await this.#keep(this.waiting.map((known) => (known.id === id ? { ...known, begun: false } : known)));
	}

	#change(change: (all: Waiting[]) => Waiting[]): Promise<boolean> {
		return this.alone(async () => {
			await this.load();
			return this.#keep(change(this.waiting));
		});
	}

	async #keep(all: Waiting[]): Promise<boolean> {
		const text = all.length > 0 ? JSON.stringify(all) : '';
		const key = laterKey(this.circle);
		const reply = await this.bridge.ask<'writeDraft'>({ cmd: 'writeDraft', key, text });
		if (reply.ok) this.waiting = all;
		this.#arm();
		return reply.ok;
	}
}

const known: Record<CircleId, Later> = {};

/** What waits in a circle: the same for all that show it. */
export function laterOf(bridge: Pick<Bridge, 'ask'>, circle: CircleId): Later {
	const later = (known[circle] ??= new Later(bridge, circle));
	later.start();
	return later;
}
