/** One's own journal, and what of it can be drawn: check-ins, and what questionnaires came to. */
import type {
	Bridge,
	Circle,
	CircleId,
	DayNumber,
	Journal,
	JournalEntry,
	JournalKey,
	OwnEntry,
} from '$bridge';
import type { Said } from '../instruments';
import { score } from '../instruments/score';
import type { Instrument } from '../instruments/types';
import type { Point } from '../plot/points';
import { Acts } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** What a check-in asks, in the order in which it asks. */
export const QUESTIONS = ['mood', 'craving', 'sleep', 'energy'] as const;
export type Question = (typeof QUESTIONS)[number];

/** In an address in the place of a questionnaire: what there is when one is not safe. */
export const SAFETY = 'safety';

/** As far back as is drawn. */
const MONTHS = 24;

/** The journal of this phone's person in one circle. */
export class OwnJournal extends Acts {
	readonly all: Resource<Journal>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		super();
		this.all = new Resource(() => bridge.ask<'journal'>({ cmd: 'journal', circle, months: MONTHS }));
	}

	/** Keeps it fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(this.bridge, (notice) => lists(notice, this.circle, 'journal'));
	}

	/** Writes an entry, in the place of another if one is named; null when that was not done. A second tap does nothing. */
	async add(
		day: DayNumber,
		entry: OwnEntry,
		replaces: JournalKey | null = null,
	): Promise<JournalEntry | null> {
		const { circle } = this;
		const reply = await this.once(() =>
			this.bridge.ask<'addEntry'>({ cmd: 'addEntry', circle, day, entry, replaces }),
		);
		return reply?.ok ? reply.value : null;
	}

	/** Takes an entry back: gone everywhere, for good. Whether that was done. */
	remove(key: JournalKey): Promise<boolean> {
		const { circle } = this;
		return this.done(
			() => this.bridge.ask<'removeEntry'>({ cmd: 'removeEntry', circle, key }),
			() => this.all.load(),
		);
	}
}

/** Entries by day, as they come. */
export function byDay(entries: readonly JournalEntry[]): { day: DayNumber; entries: JournalEntry[] }[] {
	const days: { day: DayNumber; entries: JournalEntry[] }[] = [];
	for (const one of entries) {
		const last = days.at(-1);
		if (last?.day === one.day) last.entries.push(one);
		else days.push({ day: one.day, entries: [one] });
	}
	return days;
}

/** What a circle says of itself, which some questionnaires need; nothing before it came. */
export function saidBy(circle: Pick<Circle, 'followUp' | 'aboutAlcohol'> | null): Said {
	return { followUp: (circle?.followUp ?? null) !== null, aboutAlcohol: circle?.aboutAlcohol ?? false };
}

/** What was answered to a question of check-ins, day by day. */
export function answersTo(entries: readonly JournalEntry[], question: Question): Point[] {
	return entries.flatMap(({ day, entry }) =>
		entry?.kind === 'checkIn' ? [{ day, value: entry[question] }] : [],
	);
}

/** What a questionnaire came to, day by day; of its other versions, and where it has no score, nothing. */
export function totalsOf(entries: readonly JournalEntry[], instrument: Instrument): Point[] {
	return entries.flatMap(({ day, entry }) => {
		if (entry?.kind !== 'filled' || entry.instrument !== instrument.id) return [];
		if (entry.version !== instrument.version) return [];
		const result = score(instrument, entry.answers);
		return [{ day, value: result.scored ? result.total : null }];
	});
}

/** The names of the questionnaires that were filled in, each once. */
export function filledIn(entries: readonly JournalEntry[]): string[] {
	const all = entries.flatMap(({ entry }) => (entry?.kind === 'filled' ? [entry.instrument] : []));
	return all.filter((one, at) => all.indexOf(one) === at);
}
