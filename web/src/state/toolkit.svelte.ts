/** What helps: the circle's strategies, looked through on this phone alone, and what a person does with them. */
import type { Bridge, CircleId, Moment, Strategy, StrategyKey } from '$bridge';
import { rareWords } from '../words';
import { MOMENTS_MAX } from '../words/graphemes';
import { Acts } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** The moments that can be picked, as they stand in a form. */
export const MOMENTS = [
	'panic',
	'sleepless',
	'flashback',
	'anger',
	'alone',
	'craving',
	'hardTalk',
	'anyTime',
] as const satisfies readonly Moment['moment'][];

/** The strategies of one circle. */
export class Toolkit extends Acts {
	readonly all: Resource<Strategy[]>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		super();
		this.all = new Resource(() => bridge.ask<'toolkit'>({ cmd: 'toolkit', circle }));
	}

	/** Keeps the list fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(this.bridge, (notice) => lists(notice, this.circle, 'toolkit'));
	}

	/** The strategy of a key, taken back or not; null when it is not here. */
	of(key: StrategyKey | null): Strategy | null {
		return this.all.value?.find((one) => one.key === key) ?? null;
	}

	/** Writes one down; null when that was not done, and {@link problem} says why. */
	async add(
		title: string,
		text: string,
		moments: readonly Moment[],
		adaptedFrom: StrategyKey | null,
	): Promise<StrategyKey | null> {
		const { circle } = this;
		const reply = await this.once(() =>
			this.bridge.ask<'addStrategy'>({
				cmd: 'addStrategy',
				circle,
				title,
				text,
				moments: [...moments],
				adaptedFrom,
			}),
		);
		return reply?.ok ? reply.value.key : null;
	}

	/** Says that one helped, or takes that back; shown at once. */
	async helped(strategy: Strategy, on: boolean): Promise<void> {
		const { circle } = this;
		const { key } = strategy;
		this.#put({ ...strategy, helpedMe: on });
		const reply = await this.once(() => this.bridge.ask<'helped'>({ cmd: 'helped', circle, key, on }));
		if (!reply?.ok) this.#put(strategy);
	}

	/** Takes one's own back, for everyone. Whether that was done. */
	takeBack({ key }: Strategy): Promise<boolean> {
		const { circle } = this;
		return this.done(() => this.bridge.ask<'takeBackStrategy'>({ cmd: 'takeBackStrategy', circle, key }));
	}

	/** For facilitators: hides one from the others, or shows it again. */
	async hide({ key }: Strategy, on: boolean): Promise<void> {
		const { circle } = this;
		await this.once(() => this.bridge.ask<'hideStrategy'>({ cmd: 'hideStrategy', circle, key, on }));
	}

	#put(strategy: Strategy): void {
		this.all.value = (this.all.value ?? []).map((one) => (one.key === strategy.key ? strategy : one));
	}
}

/** The moments that a form keeps as text: each once, at most {@link MOMENTS_MAX}. What this version can't read is left out. */
export function momentsIn(text: string): Moment[] {
	let kept: unknown;
	try {
		kept = JSON.parse(text);
	} catch {
		return [];
	}
	const read = Array.isArray(kept) ? kept.filter(isMoment) : [];
	return read.filter((one, at) => read.findIndex((other) => isSame(one, other)) === at).slice(0, MOMENTS_MAX);
}

function isMoment(one: unknown): one is Moment {
	if (typeof one !== 'object' || one === null || !('moment' in one)) return false;
	if (one.moment === 'own') return 'word' in one && typeof one.word === 'string' && one.word.trim() !== '';
	if (one.moment === 'later') return 'code' in one && Number.isInteger(one.code);
	return MOMENTS.some((known) => known === one.moment);
}

/** What a moment is called. */
export function momentSaid(moment: Moment): string {
	return moment.moment === 'own' ? moment.word : rareWords.toolkit.moments[moment.moment];
}

/** What helps whom: one's own finds first, then the newest; without what was taken back. */
export function standing(all: readonly Strategy[]): Strategy[] {
	const here = all.filter(({ body }) => body !== 'gone');
	return here.sort((a, b) => Number(b.helpedMe) - Number(a.helpedMe) || b.madeMs - a.madeMs);
}

/** Whether a facilitator hid somebody else's: lists show it to nobody. */
export function isCovered({ hidden, mine }: Strategy): boolean {
	return hidden !== null && !mine;
}

/** The moments that strategies are for, those of the list first, then people's own, each once. */
export function momentsOf(all: readonly Strategy[]): Moment[] {
	const rank = ({ moment }: Moment): number => {
		const at = MOMENTS.findIndex((one) => one === moment);
		return at < 0 ? MOMENTS.length : at;
	};
	const found: Moment[] = [];
	for (const moment of all.flatMap((one) => (isCovered(one) ? [] : one.moments))) {
		if (!found.some((one) => isSame(one, moment))) found.push(moment);
	}
	return found.sort((a, b) => rank(a) - rank(b));
}

/** The moment that was picked, while there is a strategy for it: what shows no more narrows no list. */
export function stillPicked(moments: readonly Moment[], picked: Moment | null): Moment | null {
	return picked && moments.some((one) => isSame(one, picked)) ? picked : null;
}

/** Those for a moment, if one is picked, that have every word of a search in them, whatever its case and accents. */
export function matching(all: readonly Strategy[], search: string, moment: Moment | null): Strategy[] {
	const wanted = plain(search)
		.split(/\s+/)
		.filter((word) => word !== '');
	return all.filter((one) => {
		if (isCovered(one)) return moment === null && wanted.length === 0;
		if (moment && !one.moments.some((of) => isSame(of, moment))) return false;
		const said = plain([one.title, one.text, one.authorName, ...one.moments.map(momentSaid)].join(' '));
		return wanted.every((word) => said.includes(word));
	});
}

/** Whether two moments are one. */
export function isSame(one: Moment, other: Moment): boolean {
	if (one.moment === 'own') return other.moment === 'own' && plain(one.word) === plain(other.word);
	if (one.moment === 'later') return other.moment === 'later' && one.code === other.code;
	return one.moment === other.moment;
}

/**
 * What may be left out of a word and leaves it the same: accents, Hebrew and Arabic points, an emoji's form. In Indian
 * scripts, Thai and Japanese the marks are letters: without them other words are meant.
 */
const ACCENTS =
	/[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\ufe00-\ufe0f]/g;

/** A text as it is searched. */
function plain(text: string): string {
	return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().trim();
}
