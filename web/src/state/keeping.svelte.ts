/** What one keeps one's word by: commitments, alone or with a partner, and how each attempt went. */
import type {
	Attempt,
	Bridge,
	CircleId,
	Commitments,
	DayNumber,
	KeptCommitment,
	KeptKey,
	MemberId,
	Outcome,
} from '$bridge';
import { Acts, type Done } from './acts.svelte';
import { drafts } from './drafts';
import { readSeen, seenKey, seenOf } from './kept-said';
import { lists, Resource } from './resource.svelte';

/** What is taken on. */
export interface Taking {
	/** With whom; null: alone. */
	with: MemberId | null;
	since: DayNumber;
	/** Bits of a week, Monday's is 1; 0 without a rhythm. */
	days: number;
	due: DayNumber | null;
	/** What it is taken on from, as {@link fromNote} says it; may be empty. */
	from: string;
	words: string;
}

/** The commitments of this phone's person in one circle. */
export class Keeping extends Acts {
	readonly all: Resource<Commitments>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		super();
		this.all = new Resource(() => bridge.ask<'commitments'>({ cmd: 'commitments', circle }));
	}

	/** Keeps it fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(
			this.bridge,
			(notice) => lists(notice, this.circle, 'commitments') || lists(notice, this.circle, 'between'),
		);
	}

	/** One of them, while it stands. */
	find(key: KeptKey): KeptCommitment | null {
		return this.all.value?.commitments.find((one) => one.key === key) ?? null;
	}

	/** Takes something on; null when that was not done, and {@link problem} says why. */
	async takeOn(taking: Taking): Promise<KeptCommitment | null> {
		const { circle } = this;
		const reply = await this.#act(() =>
			this.bridge.ask<'addCommitment'>({ cmd: 'addCommitment', circle, ...taking }),
		);
		return reply?.ok ? reply.value : null;
	}

	/** Notes how it went; null as above. */
	async attempt(key: KeptKey, day: DayNumber, outcome: Outcome, note: string): Promise<Attempt | null> {
		const { circle } = this;
		const reply = await this.#act(() =>
			this.bridge.ask<'addAttempt'>({ cmd: 'addAttempt', circle, key, day, outcome, note }),
		);
		return reply?.ok ? reply.value : null;
	}

	/** Says whether one is with whoever asked. Whether that was done. */
	async answer(key: KeptKey, accepted: boolean): Promise<boolean> {
		const { circle } = this;
		const ask = { cmd: 'answerCommitment', circle, key, accepted } as const;
		return (await this.#act(() => this.bridge.ask<'answerCommitment'>(ask)))?.ok ?? false;
	}

	/** Says that it is done with. */
	async end(key: KeptKey): Promise<boolean> {
		const ask = { cmd: 'endCommitment', circle: this.circle, key } as const;
		return (await this.#act(() => this.bridge.ask<'endCommitment'>(ask)))?.ok ?? false;
	}

	/** Takes back what one wrote oneself: gone everywhere, for good. */
	async takeBack(key: KeptKey): Promise<boolean> {
		const ask = { cmd: 'takeBackKept', circle: this.circle, key } as const;
		return (await this.#act(() => this.bridge.ask<'takeBackKept'>(ask)))?.ok ?? false;
	}

	/** What others said of one, or of all, was looked at on this phone. */
	async saw(key: KeptKey | null): Promise<void> {
		const { value } = this.all;
		if (!value) return;
		const at = seenKey(this.circle);
		const kept = await drafts.load(at);
		const there = seenOf(value);
		const now = key === null ? there : { ...readSeen(kept), [key]: there[key] ?? 0 };
		if (JSON.stringify(now) !== kept) drafts.write(at, JSON.stringify(now));
	}

	#act<D extends Done>(act: () => Promise<D>): Promise<D | null> {
		return this.once(act, () => this.all.load());
	}
}
