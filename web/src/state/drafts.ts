/**
 * Words begun and not sent. The engine's worker keeps them sealed, so that they outlive the app and go with the
 * vault; nothing of them is in the browser's own storage.
 */
import type { Bridge } from '$bridge';
import { bridge } from './engine';

/** Typing is kept after a pause of this length. */
const KEEP_AFTER_MS = 300;

/** The drafts of one page. */
export class Drafts {
	readonly #memory = new Map<string, string>();
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

	constructor(private readonly bridge: Pick<Bridge, 'ask'>) {}

	/** What is known of a draft at once. */
	now(key: string): string {
		return this.#memory.get(key) ?? '';
	}

	/** The draft as it was kept; what was typed since then stands. */
	async load(key: string): Promise<string> {
		if (!this.#memory.has(key)) {
			const reply = await this.bridge.ask<'readDraft'>({ cmd: 'readDraft', key });
			if (reply.ok && !this.#memory.has(key)) this.#memory.set(key, reply.value.text);
		}
		return this.now(key);
	}

	/** Keeps a draft soon; an empty text forgets it at once. */
	write(key: string, text: string): void {
		this.#memory.set(key, text);
		clearTimeout(this.#timers.get(key));
		this.#timers.set(
			key,
			setTimeout(() => this.flush(key), text === '' ? 0 : KEEP_AFTER_MS),
		);
	}

	/** Keeps a draft now. A phone that can't leaves it in memory. */
	flush(key: string): void {
		if (!this.#timers.has(key)) return;
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		void this.bridge.ask<'writeDraft'>({ cmd: 'writeDraft', key, text: this.now(key) });
	}
}

/** The page's drafts. */
export const drafts = new Drafts(bridge);
