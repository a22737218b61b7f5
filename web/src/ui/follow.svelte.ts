/** Where the person is in a conversation: held at its end while heights settle, or reading further up. */

/** So near its end, somebody is at the end of a conversation. */
const NEAR_PX = 160;
/** What a message must reach into the screen to count as seen: the box to write in covers this much. */
const COVERED_PX = 96;
/** What a person does to move the page themself. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** Follows one conversation, from the time that it is on screen. */
export class Follow {
	/** The newest message is in sight, or nearly. */
	atEnd = $state(true);
	/** So many new messages are further down and were not in sight yet. */
	below = $state(0);
	/** Parts that were not drawn are higher than was guessed: the end is held until the person moves the page. */
	#held = false;
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- what is shown of it is `below`
	readonly #seen = new Set<string>();

	/** `fresh`: the keys of what is new. */
	constructor(private readonly fresh: () => readonly string[]) {}

	/** Watches until the returned function is called. */
	start(log: HTMLElement): () => void {
		const settled = new ResizeObserver(() => {
			if (this.#held) jump();
			this.look();
		});
		const look = (): void => this.look();
		const letGo = (): void => void (this.#held = false);
		settled.observe(log);
		window.addEventListener('scroll', look, { passive: true });
		for (const move of MOVES) window.addEventListener(move, letGo, { passive: true });
		return () => {
			settled.disconnect();
			window.removeEventListener('scroll', look);
			for (const move of MOVES) window.removeEventListener(move, letGo);
		};
	}

	/** Goes to the newest message and stays there. */
	toEnd(): void {
		this.#held = true;
		jump();
		this.look();
	}

	/** Brings a message into sight, if it is not. */
	show(key: string, block: ScrollLogicalPosition = 'center'): void {
		const place = find(key);
		if (!place) return;
		const { top, bottom } = place.getBoundingClientRect();
		if (block === 'center' && top >= 0 && bottom <= window.innerHeight - COVERED_PX) return;
		this.#held = false;
		place.scrollIntoView({ block });
		this.look();
	}

	/** Looks where the page is now. */
	look(): void {
		const { scrollHeight } = document.documentElement;
		this.atEnd = window.scrollY + window.innerHeight > scrollHeight - NEAR_PX;
		const unseen = this.fresh().filter((key) => !this.#seen.has(key));
		for (const key of unseen) {
			const top = this.atEnd ? 0 : find(key)?.getBoundingClientRect().top;
			if (top !== undefined && top < window.innerHeight - COVERED_PX) this.#seen.add(key);
		}
		this.below = unseen.filter((key) => !this.#seen.has(key)).length;
	}
}

const find = (key: string): Element | null => document.querySelector(`[data-key="${CSS.escape(key)}"]`);
const jump = (): void => window.scrollTo(0, document.documentElement.scrollHeight);
