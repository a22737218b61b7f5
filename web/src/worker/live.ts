/** Listening for the server's pokes: a stream that only says "there is something". */

const AGAIN_FIRST_MS = 5_000;
const AGAIN_LONGEST_MS = 300_000;

/** One stream at a time; reopened with growing pauses. */
export class Live {
	#source: EventSource | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#url = '';
	#wait = AGAIN_FIRST_MS;

	constructor(private readonly poke: () => void) {}

	/** Listens at this address from now on; empty: stop. */
	listen(url: string): void {
		const open = this.#source !== null && this.#source.readyState === EventSource.OPEN;
		this.#url = url;
		this.#wait = AGAIN_FIRST_MS;
		// An open stream goes on; the new address is for when it ends.
		if (url === '' || !open) this.#open(false);
	}

	/** The network may be back: don't wait out the pause. */
	hurry(): void {
		if (this.#source === null && this.#url !== '') this.#open(true);
	}

	#open(again: boolean): void {
		clearTimeout(this.#timer);
		this.#source?.close();
		this.#source = null;
		if (this.#url === '') return;
		const source = new EventSource(this.#url);
		this.#source = source;
		source.addEventListener('open', () => {
			this.#wait = AGAIN_FIRST_MS;
			// What was poked in between was not heard.
			if (again) this.poke();
		});
		for (const type of ['message', 'poke']) source.addEventListener(type, () => this.poke());
		source.addEventListener('error', () => this.#ended(source));
	}

	#ended(source: EventSource): void {
		if (source !== this.#source) return;
		source.close();
		this.#source = null;
		this.#timer = setTimeout(() => this.#open(true), this.#wait);
		this.#wait = Math.min(AGAIN_LONGEST_MS, this.#wait * 2);
	}
}
