/** What others wrote since one last looked, until that was seen or put away. */
import type { Bridge, CircleId, News } from '$bridge';
import { lists, Resource } from './resource.svelte';

const LISTS = ['notes', 'threads', 'choices'] as const;

/** The news of one circle. */
export class NewsState {
	readonly all: Resource<News[]>;
	/** The news that were put away; null until that is known. */
	#away = $state<string | null>(null);
	readonly #key: string;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		this.#key = `${circle}.news`;
		this.all = new Resource(() => bridge.ask<'news'>({ cmd: 'news', circle }));
	}

	/** What is shown: nothing of what was put away. */
	get shown(): News[] {
		return this.#away === null || this.#away === said(this.all.value) ? [] : (this.all.value ?? []);
	}

	/** Keeps it fresh until the returned function is called. */
	start(): () => void {
		void this.#read();
		return this.all.start(this.bridge, (notice) => LISTS.some((one) => lists(notice, this.circle, one)));
	}

	/** Puts away what is shown: it comes again once there is more. */
	async dismiss(): Promise<void> {
		const text = said(this.all.value);
		this.#away = text;
		await this.bridge.ask<'writeDraft'>({ cmd: 'writeDraft', key: this.#key, text });
	}

	async #read(): Promise<void> {
		const kept = await this.bridge.ask<'readDraft'>({ cmd: 'readDraft', key: this.#key });
		this.#away ??= kept.ok ? kept.value.text : '';
	}
}

/** Which news these are: who, how many messages, which notes. */
function said(all: readonly News[] | null): string {
	if (all === null || all.length === 0) return '-';
	return JSON.stringify(
		all.map(({ member, messages, notes }) => [member, messages, notes.map((one) => one.document)]),
	);
}
