/** One page's end of the channel: asks, waits, asks again when another engine took over. */
import type { Bridge, Command, DocumentId, KithProblem, Notice, Reply } from './contract';
import { closed, opened } from './protocol';
import type { AnyReply, AskId, Generation, TabId, ToEngine, ToPages } from './protocol';

/** While something is asked for, the leader must say within this time that it works, again and again. */
const PING_MS = 8_000;
/** So often a command is asked again after an engine died with it; it may be what killed it. */
const AGAIN_MAX = 2;

const IDLE_LOOK_MS = 10;

interface Pending {
	command: Command;
	/** The engine that it was last sent to; null: to none yet. */
	sentTo: Generation | null;
	again: number;
	resolve: (reply: AnyReply) => void;
}

/** What the page end needs of its surroundings. */
export interface Surroundings {
	tab: TabId;
	post: (message: ToEngine) => void;
	/** The leader does not answer. */
	deaf: () => void;
	newId: () => AskId;
}

/** The bridge of one page, apart from how workers are made. */
export class PageBridge implements Bridge {
	#generation: Generation | null = null;
	#stopped: KithProblem | null = null;
	readonly #pending = new Map<AskId, Pending>();
	readonly #listeners = new Set<(notice: Notice) => void>();
	/** Which engine each open note's version is of: another one counts anew. */
	readonly #openedBy = new Map<DocumentId, Generation>();
	#timer: ReturnType<typeof setInterval> | undefined;
	/** A ping has not been answered yet. */
	#unanswered = false;

	constructor(private readonly around: Surroundings) {}

	ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>> {
		return new Promise((resolve) => {
			if (this.#stopped) return resolve({ ok: false, problem: this.#stopped });
			const id = this.around.newId();
			const settle = (reply: AnyReply): void => resolve(reply as Reply<C>);
			const pending: Pending = { command, sentTo: null, again: 0, resolve: settle };
			this.#pending.set(id, pending);
			this.#send(id, pending);
			this.#watch();
		});
	}

	listen(listener: (notice: Notice) => void): () => void {
		this.#listeners.add(listener);
		// What stopped before anybody listened would be heard of by nobody.
		if (this.#stopped) listener({ notice: 'engine', state: 'stopped', problem: this.#stopped });
		return () => this.#listeners.delete(listener);
	}

	/** Resolves when nothing that was asked is unanswered. */
	async idle(): Promise<void> {
		while (this.#pending.size > 0) await new Promise((resolve) => setTimeout(resolve, IDLE_LOOK_MS));
	}

	/** Takes a message from whoever leads. */
	handleMessage(message: Exclude<ToPages, { kind: 'deaf' }>): void {
		this.#unanswered = false;
		switch (message.kind) {
			case 'ready':
				return this.#ready(message.generation);
			case 'stopped':
				return this.handleStopped(message.problem, message.final);
			case 'reply':
				return this.#answer(message.id, message.reply);
			case 'notice':
				if (message.except !== this.around.tab) this.#tell(message.notice);
		}
	}

	/** The engine stopped. `final`: what is asked until another one is ready is answered with the problem. */
	handleStopped(problem: KithProblem, final: boolean): void {
		this.#generation = null;
		this.#tell({ notice: 'engine', state: 'stopped', problem });
		if (!final) return;
		this.#stopped = problem;
		for (const id of [...this.#pending.keys()]) this.#answer(id, { ok: false, problem });
	}

	#ready(generation: Generation): void {
		if (generation === this.#generation) return;
		this.#generation = generation;
		this.#stopped = null;
		for (const [id, pending] of [...this.#pending]) this.#resend(id, pending);
		this.#tell({ notice: 'engine', state: 'ready', problem: null });
	}

	#resend(id: AskId, pending: Pending): void {
		if (pending.sentTo !== null) pending.again += 1;
		const body = pending.command.cmd === 'editNote' && pending.command.edit.edit === 'body';
		if (pending.again > AGAIN_MAX || (body && pending.sentTo !== null)) {
			this.#answer(id, { ok: false, problem: engineStopped(body) });
		} else {
			this.#send(id, pending);
		}
	}

	#send(id: AskId, pending: Pending): void {
		const { command, again } = pending;
		const generation = this.#generation;
		if (generation === null) return;
		if (command.cmd === 'editNote' && command.edit.edit === 'body') {
			const openedBy = this.#openedBy.get(command.document);
			if (openedBy !== generation) return this.#answer(id, { ok: false, problem: stale() });
		}
		pending.sentTo = generation;
		const { tab } = this.around;
		this.around.post({ to: 'engine', kind: 'ask', generation, tab, id, again: again > 0, command });
	}

	#answer(id: AskId, reply: AnyReply): void {
		const pending = this.#pending.get(id);
		if (!pending) return;
		this.#pending.delete(id);
		if (reply.ok && pending.sentTo !== null) this.#remember(pending.command, reply, pending.sentTo);
		pending.resolve(reply);
	}

	/** Looks after the leader until nothing is asked for any more. */
	#watch(): void {
		this.#timer ??= setInterval(() => {
			if (this.#pending.size === 0) {
				clearInterval(this.#timer);
				this.#timer = undefined;
				this.#unanswered = false;
			} else if (this.#generation !== null && this.#unanswered) {
				this.#unanswered = false;
				this.around.deaf();
			} else if (this.#generation !== null) {
				this.#unanswered = true;
				this.around.post({ to: 'engine', kind: 'ping' });
			}
		}, PING_MS);
	}

	#remember(command: Command, reply: AnyReply & { ok: true }, generation: Generation): void {
		const [begun, ended] = [opened(command, reply), closed(command)];
		if (begun !== null) this.#openedBy.set(begun, generation);
		if (ended !== null) this.#openedBy.delete(ended);
	}

	#tell(notice: Notice): void {
		for (const listener of [...this.#listeners]) listener(notice);
	}
}

/** The engine stopped with a command under way. `retry`: it is safe to repeat. */
export function engineStopped(retry: boolean): KithProblem {
	return { code: 'engine-stopped', retry };
}

function stale(): KithProblem {
	return { code: 'stale', retry: true };
}
