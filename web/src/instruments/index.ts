/**
 * The questionnaires that Kith brings. Each is fetched when somebody opens it, with its texts in their language; where
 * there are none, those of the language that stands in.
 */
import { faultSaid, type Checked } from './fault';
import type { Instrument, Need, Texts } from './types';
import { validate, validateTexts } from './validate';

/** In the order in which they are offered. */
export const INSTRUMENTS = ['phq-4', 'phq-8', 'gad-7', 'barc-10', 'pacs', 'phq-9'] as const;
export type InstrumentId = (typeof INSTRUMENTS)[number];

/** A questionnaire as it is shown. */
export interface Opened {
	instrument: Instrument;
	texts: Texts;
}

const data = import.meta.glob<unknown>('./data/*.json', { import: 'default' });
const texts = import.meta.glob<unknown>('./texts/*/*.json', { import: 'default' });

/** Whether Kith brings a questionnaire of this name. */
export function isInstrument(id: string): id is InstrumentId {
	return INSTRUMENTS.some((one) => one === id);
}

/** How one is answered and scored; throws when its file does not come. */
export async function instrumentOf(id: InstrumentId): Promise<Instrument> {
	return valid(validate(await data[`./data/${id}.json`]?.()));
}

/** One with its texts in the person's language where it has them, and where they come. */
export async function open(id: InstrumentId, language: string): Promise<Opened> {
	const instrument = await instrumentOf(id);
	const of = async (one: string): Promise<Opened> => ({
		instrument,
		texts: valid(validateTexts(await texts[`./texts/${one}/${id}.json`]?.(), instrument)),
	});
	const [standIn = language] = instrument.languages;
	if (!instrument.languages.includes(language) || language === standIn) return of(standIn);
	return of(language).catch(() => of(standIn));
}

/** What a circle has said of itself. */
export type Said = Record<Need, boolean>;

/** Whether one is offered where this was said. */
export function isOffered({ needs }: Pick<Instrument, 'needs'>, said: Said): boolean {
	return needs === null || said[needs];
}

function valid<T>(checked: Checked<T>): T {
	if (checked.ok) return checked.value;
	throw new Error(checked.faults.map(faultSaid).join(' '));
}
