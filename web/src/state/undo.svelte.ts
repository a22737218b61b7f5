/** What was deleted a moment ago, and can be put back. */
const OFFERED_MS = 20_000;

/** One offer at a time. */
export class Undo {
	back: (() => Promise<boolean>) | null = $state.raw(null);
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Something was deleted; `back` puts it back. */
	offer(back: () => Promise<boolean>): void {
		clearTimeout(this.#timer);
		this.back = back;
		this.#timer = setTimeout(() => (this.back = null), OFFERED_MS);
	}

	/** Puts it back. What did not work can be tried again. */
	async take(): Promise<void> {
		const { back } = this;
		if (back && (await back()) && this.back === back) this.back = null;
	}
}
