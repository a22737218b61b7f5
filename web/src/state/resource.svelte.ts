/** Something asked of the engine that is asked again when a notice says that it changed. */
import type { Bridge, KithProblem, ListName, Notice } from '$bridge';

type Answer<T> = { ok: true; value: T } | { ok: false; problem: KithProblem };

/** Holds the last good value while a newer one is fetched; a failure never takes the value away. */
export class Resource<T> {
	/** The last good value; null before the first. */
	value = $state.raw<T | null>(null);
	/** Why the last attempt failed; null when it did not. */
	problem = $state.raw<KithProblem | null>(null);
	/** Ends when what was asked last is answered. */
	#asking: Promise<void> | null = null;
	#again = false;

	constructor(private readonly ask: () => Promise<Answer<T>>) {}

	/** Asks now, and again after each notice that concerns it. Returns the way to stop. */
	start(bridge: Pick<Bridge, 'listen'>, concerns: (notice: Notice) => boolean): () => void {
		void this.load();
		return bridge.listen((notice) => {
			if (concerns(notice)) void this.load();
		});
	}

	/**
	 * Asks; while an answer is under way, once more after it. Resolves with an answer to a question that was asked
	 * no earlier than this call, so that whoever waits finds what they had just done.
	 */
	load(): Promise<void> {
		if (this.#asking) this.#again = true;
		else this.#asking = this.#answers();
		return this.#asking;
	}

	async #answers(): Promise<void> {
		do {
			this.#again = false;
			const answer = await this.ask();
			if (answer.ok) this.value = answer.value;
			this.problem = answer.ok ? null : answer.problem;
		} while (this.#again);
		this.#asking = null;
	}
}

/** Whether a notice says that one of a circle's lists changed. */
export function lists(notice: Notice, circle: string | null, what: ListName): boolean {
	if (notice.notice === 'engine') return notice.state === 'ready';
	if (notice.notice !== 'lists' || !notice.what.includes(what)) return false;
	return circle === null || notice.circle === circle;
}
