/** Stories and milestones that a circle's people share. */
import type { Bridge, CircleId, MemberId, ReactionKind, Story, StoryKey, Told } from '$bridge';
import { Acts, type Done } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** The stories of one circle. */
export class Stories extends Acts {
	readonly all: Resource<Story[]>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		readonly circle: CircleId,
	) {
		super();
		this.all = new Resource(() => bridge.ask<'stories'>({ cmd: 'stories', circle }));
	}

	/** Keeps the list fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(this.bridge, (notice) => lists(notice, this.circle, 'stories'));
	}

	/** Shares one, with the whole circle or with chosen people. Whether that was done; else {@link problem} says why. */
	add(told: Told, to: MemberId[]): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'addStory'>({ cmd: 'addStory', circle, told, to }));
	}

	/** Keeps a milestone in one's own journal. */
	keep(day: number, text: string): Promise<boolean> {
		const { circle } = this;
		const entry = { kind: 'text', text } as const;
		return this.#act(() =>
			this.bridge.ask<'addEntry'>({ cmd: 'addEntry', circle, day, entry, replaces: null }),
		);
	}

	/** Reacts, or takes that back. */
	react({ key }: Story, kind: ReactionKind, on: boolean): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'reactToStory'>({ cmd: 'reactToStory', circle, key, kind, on }));
	}

	/** For facilitators: hides one from the others, or shows it again. */
	hide({ key }: Story, on: boolean): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'hideStory'>({ cmd: 'hideStory', circle, key, on }));
	}

	/** Ends one's own, for everyone, for good. */
	end(key: StoryKey): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'endStory'>({ cmd: 'endStory', circle, key }));
	}

	#act(act: () => Promise<Done>): Promise<boolean> {
		return this.done(act, () => this.all.load());
	}
}
