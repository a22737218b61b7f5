/** The time as this phone knows it: its clock, put right by what the engine heard of the server's. */

const LOOK_MS = 60_000;

class Now {
	#offsetMs = 0;
	/** Changes with the day, and with what is known of the clock: what was shown of it is reckoned anew. */
	#turns = $state(0);
	#day = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Milliseconds since 1970. */
	get ms(): number {
		void this.#turns;
		return Date.now() + this.#offsetMs;
	}

	/** The engine says how far off the phone's clock is. */
	correct(offsetMs: number): void {
		if (offsetMs === this.#offsetMs) return;
		this.#offsetMs = offsetMs;
		this.#turns++;
	}

	/** Looks at the day anew from now on: at midnight, and often, since timers stand still while a phone sleeps. */
	watch(): void {
		clearTimeout(this.#timer);
		const at = Date.now() + this.#offsetMs;
		const date = new Date(at);
		const day = date.getDate();
		if (this.#day !== day) {
			this.#day = day;
			this.#turns++;
		}
		const left = +new Date(date.getFullYear(), date.getMonth(), day + 1) - at;
		this.#timer = setTimeout(() => this.watch(), Math.min(LOOK_MS, Math.max(0, left)));
	}
}

export const now = new Now();
