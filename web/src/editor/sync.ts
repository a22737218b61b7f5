/**
 * Keeps what the editor shows and what the engine holds of one note's body together: one edit under way at a
 * time, others' edits merged in, nothing typed ever dropped.
 */
import type { Bridge, DocumentId, KithProblem, NoteOp } from '$bridge';
import { BodyDraft } from './draft';
import { merge, rejoin } from './merge';
import { applyOps } from './ops';
import { portion } from './portion';
import { readText } from './text';
import { fromSpans, sameTokens, type Token } from './tokens';
import { restamped } from './whole';

/** The editor, as far as the exchange needs it. */
export interface BodyView {
	/** What is shown now, held against the screen. Throws when the screen can't be read. */
	tokens(): Token[];
	/** The words on the screen as they are, for when {@link tokens} throws. */
	raw(): string;
	/** Brings the editor to a body, without moving the person's caret. */
	show(target: Token[]): void;
	/** A keyboard is composing: the text must not be touched. */
	busy(): boolean;
}

/** Told whenever it changes: whether the engine has every character, and what stands in the way. */
export type BodyListener = (state: { taken: boolean; problem: KithProblem | null }) => void;

interface Arrival {
	version: number;
	ops: NoteOp[];
}

const SEND_AFTER_MS = 40;
/** Typing without a pause is sent all the same. */
const SEND_MAX_MS = 400;
const NEWS_WAIT_MS = 400;
const BUSY_POLL_MS = 200;
const RETRY_AFTER_MS = 2000;

/** What it means to a person that the screen can't be read. */
const UNREADABLE: KithProblem = { code: 'engine-stopped', retry: true };

/** The exchange for one open note. */
export class BodySync {
	#base: Token[];
	#version: number;
	#arrivals: Arrival[] = [];
	/** Sent, and not known whether the engine took it. */
	#uncertain: Token[] | null = null;
	#pumping: Promise<void> | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Since when something was typed that was not sent. */
	#waitingSinceMs: number | null = null;
	#stopped = false;
	readonly #draft: BodyDraft;
	#news: (() => void) | null = null;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		private readonly document: DocumentId,
		start: { tokens: Token[]; version: number },
		private readonly view: BodyView,
		private readonly listener: BodyListener = () => {},
	) {
		this.#base = start.tokens;
		this.#version = start.version;
		this.#draft = new BodyDraft(bridge, document, () => this.#words());
	}

	/** The person edited. */
	changed(): void {
		this.listener({ taken: false, problem: null });
		this.#draft.changed();
		const now = performance.now();
		this.#waitingSinceMs ??= now;
		this.#later(Math.max(0, Math.min(SEND_AFTER_MS, this.#waitingSinceMs + SEND_MAX_MS - now)));
	}

	/** What was typed can't be read off the screen: it counts as unsaved, and its words are kept. */
	unreadable(): void {
		this.listener({ taken: false, problem: UNREADABLE });
		this.#draft.changed();
		this.#later(RETRY_AFTER_MS);
	}

	/** Brings back the words of a page that ended before the engine had them. */
	async restore(): Promise<void> {
		const left = await this.#draft.read();
		while (left && !this.#stopped && this.view.busy()) {
			await new Promise((resolve) => setTimeout(resolve, BUSY_POLL_MS));
		}
		if (!left || this.#stopped) return;
		const shown = this.view.tokens();
		const joined = rejoin(left.base, left.mine, shown);
		if (!sameTokens(joined, shown)) this.view.show(joined);
		this.changed();
	}

	/** Edits from elsewhere. */
	receive(version: number, ops: NoteOp[]): void {
		this.#arrivals.push({ version, ops });
		this.#news?.();
		if (this.#uncertain === null) this.#drain();
		if (this.#arrivals.length > 0) this.#later(BUSY_POLL_MS);
	}

	/** Sends what is unsent now; resolves when the engine has all of it or can't take it. */
	async flush(): Promise<void> {
		clearTimeout(this.#timer);
		await this.#pump();
		await this.#pump();
	}

	/** The engine is back after a stop: compares notes with it. */
	async resume(): Promise<void> {
		await this.#refetch();
		await this.#pump();
	}

	/** What the engine could not take, with the body that it was written on; null when it has everything. */
	unsent(): { base: Token[]; mine: Token[] } | null {
		const { base, mine } = this.#words();
		return sameTokens(mine, base) ? null : { base, mine };
	}

	#words(): { base: Token[]; mine: Token[] } {
		try {
			return { base: this.#base, mine: this.view.tokens() };
		} catch {
			return { base: this.#base, mine: restamped(this.#base, readText(this.view.raw())) };
		}
	}

	/** Ends the exchange; call {@link flush} first. */
	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
		this.#draft.stop();
	}

	#later(delay: number): void {
		clearTimeout(this.#timer);
		if (!this.#stopped) this.#timer = setTimeout(() => void this.#pump(), delay);
	}

	#pump(): Promise<void> {
		this.#pumping ??= this.#exchange()
			.catch(() => this.unreadable())
			.finally(() => (this.#pumping = null));
		return this.#pumping;
	}

	async #exchange(): Promise<void> {
		// Whoever asks may be in the middle of taking a screen down: nobody is told before that is over.
		await Promise.resolve();
		while (!this.#stopped) {
			if (!this.#drain() && !(await this.#refetch())) return;
			if (this.#arrivals.length > 0) return this.#later(BUSY_POLL_MS);
			const mine = this.view.tokens();
			this.#waitingSinceMs = null;
			if (sameTokens(this.#base, mine)) {
				this.#base = mine;
				this.#draft.taken();
				return this.listener({ taken: true, problem: null });
			}
			const { ops, target } = portion(this.#base, mine);
			const version = this.#version;
			this.#uncertain = target;
			const reply = await this.bridge.ask<'editNote'>({
				cmd: 'editNote',
				document: this.document,
				edit: { edit: 'body', version, ops },
			});
			if (reply.ok && reply.value.version === version + 1) {
				this.#uncertain = null;
				this.#base = target;
				this.#version = reply.value.version;
			} else if (reply.ok) {
				if (!(await this.#refetch())) return;
			} else if (reply.problem.code === 'stale') {
				this.#uncertain = null;
				await this.#newsOrRefetch();
			} else {
				return this.#failed(reply.problem);
			}
		}
	}

	#failed(problem: KithProblem): void {
		this.listener({ taken: false, problem });
		if (problem.retry) this.#later(RETRY_AFTER_MS);
	}

	/** Merges what arrived; false when something is missing in between and the note must be asked for. */
	#drain(): boolean {
		while (this.#arrivals.length > 0 && !this.view.busy()) {
			const next = this.#arrivals[0] as Arrival;
			if (next.version > this.#version + 1) return false;
			this.#arrivals.shift();
			if (next.version <= this.#version) continue;
			try {
				this.#join(applyOps(this.#base, next.ops), next.version, this.#base);
			} catch {
				return false;
			}
		}
		return true;
	}

	#join(theirs: Token[], version: number, since: Token[]): void {
		const mine = this.view.tokens();
		// What the engine may have taken of what was sent is not written twice.
		const merged = this.#uncertain ? rejoin(since, mine, theirs) : merge(since, mine, theirs);
		this.#base = theirs;
		this.#version = version;
		if (!sameTokens(merged, mine)) this.view.show(merged);
	}

	async #newsOrRefetch(): Promise<void> {
		if (this.#arrivals.length === 0) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, NEWS_WAIT_MS);
				this.#news = () => {
					clearTimeout(timer);
					resolve();
				};
			});
			this.#news = null;
		}
		if (this.#arrivals.length === 0) await this.#refetch();
	}

	async #refetch(): Promise<boolean> {
		const reply = await this.bridge.ask<'openNote'>({ cmd: 'openNote', document: this.document });
		if (!reply.ok) {
			this.#failed(reply.problem);
			return false;
		}
		if (this.view.busy()) {
			this.#later(BUSY_POLL_MS);
			return false;
		}
		const theirs = restamped(this.#uncertain ?? this.#base, fromSpans(reply.value.spans));
		this.#join(theirs, reply.value.version, this.#base);
		this.#uncertain = null;
		this.#arrivals = this.#arrivals.filter((arrival) => arrival.version > this.#version);
		return true;
	}
}
