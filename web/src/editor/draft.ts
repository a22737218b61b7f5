/** The words of an open note that the engine has not taken, kept sealed by its worker, so that they outlive the page. */
import type { Bridge, DocumentId, Span } from '$bridge';
import { fromSpans, toSpans, type Token } from './tokens';

/** What was written, and the body that it was written on. */
export interface Words {
	base: Token[];
	mine: Token[];
}

/** What the engine takes at once needs no draft. */
const KEEP_AFTER_MS = 500;

/** The draft of one note's body. */
export class BodyDraft {
	readonly #key: string;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#kept = false;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		document: DocumentId,
		private readonly words: () => Words,
	) {
		this.#key = `note ${document}`;
	}

	/** Something was typed: it is kept soon, unless it is {@link taken} before. */
	changed(): void {
		this.#timer ??= setTimeout(() => this.keep(), KEEP_AFTER_MS);
	}

	/** Keeps the words now. */
	keep(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#kept = true;
		const { base, mine } = this.words();
		this.#write(JSON.stringify({ base: toSpans(base), mine: toSpans(mine) }));
	}

	/** The engine has every word. */
	taken(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (!this.#kept) return;
		this.#kept = false;
		this.#write('');
	}

	/** What an earlier page left; null when there is nothing. It stays until its words are {@link taken}. */
	async read(): Promise<Words | null> {
		const reply = await this.bridge.ask<'readDraft'>({ cmd: 'readDraft', key: this.#key });
		if (!reply.ok || !reply.value.text) return null;
		this.#kept = true;
		try {
			const { base, mine } = JSON.parse(reply.value.text) as { base: Span[]; mine: Span[] };
			return { base: fromSpans(base), mine: fromSpans(mine) };
		} catch {
			return null;
		}
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#write(text: string): void {
		void this.bridge.ask<'writeDraft'>({ cmd: 'writeDraft', key: this.#key, text });
	}
}
