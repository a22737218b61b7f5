/**
 * Keeps what the editor shows and what the engine holds of one note's body together: one edit under way at a
 * time, others' edits merged in, nothing typed ever dropped.
 */
import type { Bridge, DocumentId, KithProblem, NoteOp } from '$bridge';
import { merge } from './merge';
import { applyOps, opsBetween } from './ops';
import { fromSpans, sameTokens, type Token } from './tokens';

/** The editor, as far as the exchange needs it. */
export interface BodyView {
	/** What is shown now. */
	tokens(): Token[];
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
const NEWS_WAIT_MS = 400;
const BUSY_POLL_MS = 200;
const RETRY_AFTER_MS = 2000;

/** The exchange for one open note. */
export class BodySync {
	#base: Token[];
	#version: number;
	#arrivals: Arrival[] = [];
	/** Sent, and not known whether the engine took it. */
	#uncertain: Token[] | null = null;
	#pumping: Promise<void> | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;
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
	}

	/** The person edited. */
	changed(): void {
		this.listener({ taken: false, problem: null });
		this.#later(SEND_AFTER_MS);
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
		const mine = this.view.tokens();
		return sameTokens(mine, this.#base) ? null : { base: this.#base, mine };
	}

	/** Ends the exchange; call {@link flush} first. */
	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	#later(delay: number): void {
		clearTimeout(this.#timer);
		if (!this.#stopped) this.#timer = setTimeout(() => void this.#pump(), delay);
	}

	#pump(): Promise<void> {
		this.#pumping ??= this.#exchange().finally(() => (this.#pumping = null));
		return this.#pumping;
	}

	async #exchange(): Promise<void> {
		// Whoever asks may be in the middle of taking a screen down: nobody is told before that is over.
		await Promise.resolve();
		while (!this.#stopped) {
			if (!this.#drain() && !(await this.#refetch())) return;
			if (this.#arrivals.length > 0) return this.#later(BUSY_POLL_MS);
			const mine = this.view.tokens();
			const ops = opsBetween(this.#base, mine);
			if (ops.length === 0) return this.listener({ taken: true, problem: null });
			const version = this.#version;
			this.#uncertain = mine;
			const reply = await this.bridge.ask<'editNote'>({
				cmd: 'editNote',
				document: this.document,
				edit: { edit: 'body', version, ops },
			});
			if (reply.ok && reply.value.version === version + 1) {
				this.#uncertain = null;
				this.#base = mine;
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
		const merged = merge(since, mine, theirs);
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
		const theirs = fromSpans(reply.value.spans);
		this.#join(theirs, reply.value.version, this.#likelier(theirs));
		this.#uncertain = null;
		this.#arrivals = this.#arrivals.filter((arrival) => arrival.version > this.#version);
		return true;
	}

	/** Whether the engine took what was last sent shows in what it holds now: the nearer of the two. */
	#likelier(theirs: Token[]): Token[] {
		if (this.#uncertain === null) return this.#base;
		const apart = (from: Token[]): number => opsBetween(from, theirs).length;
		return apart(this.#uncertain) <= apart(this.#base) ? this.#uncertain : this.#base;
	}
}
