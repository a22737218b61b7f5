/** Looking for words, on this phone alone: while one types, one question at a time, the last one in the end. */
import { untrack } from 'svelte';
import type { Bridge, CircleId, Found, FoundKind, FoundRange, Hit, KithProblem, Notice } from '$bridge';
import { lists } from './resource.svelte';

/** As long as somebody types on, nothing is asked. */
const TYPING_MS = 120;
const PAGE = 50;
/** Longer searches are not taken: in bytes, and no more letters than that. */
export const TYPED_MAX = 400;
/** In the order in which they are shown: each has its place, so that none of a kind is found and not shown. */
const PLACES: Record<FoundKind, number> = {
	message: 0,
	note: 1,
	story: 2,
	strategy: 3,
	commitment: 4,
	plan: 5,
	journal: 6,
};
const LISTS = [
	'search',
	'notes',
	'threads',
	'toolkit',
	'journal',
	'plan',
	'choices',
	'commitments',
	'between',
	'stories',
] as const;

/** A search that is on screen. Nothing of it stays when that is left. */
export class Finder {
	typed = $state('');
	/** What was found of what was typed last; null before the first answer. */
	found = $state.raw<Found | null>(null);
	problem = $state.raw<KithProblem | null>(null);
	#limit = PAGE;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#asking = false;
	#again = false;
	#stopped = false;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {}

	/** Has all made ready, and asks again when something changes, until the returned function is called. */
	start(): () => void {
		this.#stopped = false;
		// An effect that read what is typed would begin anew with each letter, and clear it.
		untrack(() => void this.look());
		const stop = this.bridge.listen((notice: Notice) => {
			if (LISTS.some((one) => lists(notice, this.circle, one))) void this.look();
		});
		return () => {
			stop();
			this.#stopped = true;
			if (this.#timer) clearTimeout(this.#timer);
			this.typed = '';
			this.found = null;
		};
	}

	/** Something was typed. */
	type(): void {
		this.#limit = PAGE;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.look(), TYPING_MS);
	}

	/** Shows older ones. */
	async older(): Promise<void> {
		this.#limit += PAGE;
		await this.look();
	}

	/** Asks now; while an answer is under way, once more after it. */
	async look(): Promise<void> {
		this.#again = this.#asking;
		if (this.#asking) return;
		this.#asking = true;
		do {
			this.#again = false;
			const { circle } = this;
			const words = this.typed.slice(0, TYPED_MAX);
			const reply = await this.bridge.ask<'search'>({ cmd: 'search', circle, words, limit: this.#limit });
			if (this.#stopped) break;
			if (reply.ok) this.found = reply.value;
			this.problem = reply.ok ? null : reply.problem;
		} while (this.#again);
		this.#asking = false;
	}
}

/** Hits by kind, in the order of the kinds; each kind the newest first. */
export function byKind(hits: readonly Hit[]): { kind: FoundKind; hits: Hit[] }[] {
	const kinds = (Object.keys(PLACES) as FoundKind[]).sort((a, b) => PLACES[a] - PLACES[b]);
	const groups = kinds.map((kind) => ({ kind, hits: hits.filter((hit) => hit.kind === kind) }));
	return groups.filter((group) => group.hits.length > 0);
}

/** An excerpt in pieces: what was found, and what stands around it. */
export function pieces(excerpt: string, found: readonly FoundRange[]): { text: string; is: boolean }[] {
	const all: { text: string; is: boolean }[] = [];
	let at = 0;
	for (const { from, to } of found) {
		all.push({ text: excerpt.slice(at, from), is: false }, { text: excerpt.slice(from, to), is: true });
		at = to;
	}
	all.push({ text: excerpt.slice(at), is: false });
	return all.filter(({ text }) => text !== '');
}
