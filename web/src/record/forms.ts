/** The questionnaires that a record names, each with its texts: what was asked, word for word, and what it came to. */
import type { OwnEntry, RecordItem } from '$bridge';
import { isInstrument, open, type Opened } from '../instruments';
import { score, type Score } from '../instruments/score';

type Filled = Extract<OwnEntry, { kind: 'filled' }>;
/** By id; one that did not come is not there. */
export type Forms = ReadonlyMap<string, Opened>;

/** Brings those that the items name; none that this version does not know. */
export async function formsOf(items: readonly RecordItem[], language: string): Promise<Forms> {
	const found = new Map<string, Opened>();
	const named = items.flatMap(({ entry }) => (entry?.kind === 'filled' ? [entry.instrument] : []));
	for (const id of new Set(named)) {
		const opened = isInstrument(id) ? await open(id, language).catch(() => null) : null;
		if (opened) found.set(id, opened);
	}
	return found;
}

/** A questionnaire as it was filled in. */
export interface Form {
	name: string;
	/** What was asked and answered, in order; an answer is null where none was given, and where its words are not known. */
	asked: { question: string; answer: string | null; value: number | null }[];
	/** What it came to; null where its version's scoring is not known here. */
	result: Score | null;
}

/** What was asked and answered; its number alone where its texts are of another version. */
export function formOf(entry: Filled, forms: Forms): Form {
	const known = forms.get(entry.instrument);
	const of = known?.instrument.version === entry.version ? known : null;
	const asked = entry.answers.map((value, at) => {
		const item = of?.texts.items[at];
		const step = of?.instrument.items[at]?.indexOf(value ?? -1) ?? -1;
		return { question: item?.text ?? String(at + 1), answer: item?.answers[step] || null, value };
	});
	return {
		name: known?.instrument.name ?? entry.instrument,
		asked,
		result: of ? score(of.instrument, entry.answers) : null,
	};
}
