/** Whether a questionnaire's data can be used: our own is held by it in tests, an organisation's when it is read. */
import { Reader, under, type Checked } from './fault';
import {
	LEVELS,
	NEEDS,
	POPULATIONS,
	SUBJECTS,
	type Band,
	type Cutoff,
	type Instrument,
	type Missing,
	type SafetyItem,
	type Source,
	type Subscale,
	type Texts,
} from './types';

/** As many as a person answers in one go, and as a stored entry holds. */
export const ITEMS_MAX = 40;
const ANSWERS_MAX = 11;
const VALUE_MAX = 100;
const LIST_MAX = 20;
const ID_CHARACTERS_MAX = 24;
const NAME_CHARACTERS_MAX = 120;
const TEXT_CHARACTERS_MAX = 600;
const VERSION_MAX = 65_535;
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LANGUAGE = /^[a-z]{2,3}$/;

const FIELDS = [
	...['id', 'version', 'name', 'subject', 'languages', 'needs', 'items', 'scoring', 'subscales'],
	...['missing', 'bands', 'bandsSource', 'cutoffs', 'safety', 'sources'],
];
const TEXT_FIELDS = ['id', 'language', 'title', 'stem', 'items', 'licence', 'sources'];

/** Reads how a questionnaire is answered and scored, or says everything that is wrong with it. */
export function validate(data: unknown): Checked<Instrument> {
	const read = new Reader(named(data));
	const all = read.object(data, '', FIELDS);
	const sources = sourcesOf(read, all['sources']);
	const items = itemsOf(read, all['items']);
	const total = { least: sum(items, 0), most: sum(items, -1) };
	const bands = bandsOf(read, all['bands'], total);
	const sourceAt = (value: unknown, at: string): number =>
		read.whole(value, at, 0, Math.max(sources.length - 1, 0));
	const bandsSource = bands.length > 0 ? sourceAt(all['bandsSource'], 'bandsSource') : null;
	if (bands.length === 0 && all['bandsSource'] !== null)
		read.fault('bandsSource', 'there are no bands', 'Write null');
	return read.done({
		id: idOf(read, all['id']),
		version: read.whole(all['version'], 'version', 1, VERSION_MAX),
		name: read.text(all['name'], 'name', NAME_CHARACTERS_MAX),
		subject: read.oneOf(all['subject'], 'subject', SUBJECTS),
		languages: languagesOf(read, all['languages']),
		needs: all['needs'] === null ? null : read.oneOf(all['needs'], 'needs', NEEDS),
		items,
		scoring: read.oneOf(all['scoring'], 'scoring', ['sum']),
		subscales: subscalesOf(read, all['subscales'], items),
		missing: missingOf(read, all['missing'], items.length, sourceAt),
		bands,
		bandsSource,
		cutoffs: cutoffsOf(read, all['cutoffs'], total, sourceAt),
		safety: safetyOf(read, all['safety'], items),
		sources,
	});
}

/** Reads a questionnaire's texts in one language; they must be those of the questionnaire. */
export function validateTexts(data: unknown, instrument: Instrument): Checked<Texts> {
	const { id, languages } = instrument;
	const read = new Reader(`${named(data)}, texts`);
	const all = read.object(data, '', TEXT_FIELDS);
	if (all['id'] !== id) read.fault('id', `it is not “${id}”`, 'Write the texts of this questionnaire');
	const language = String(all['language']);
	if (!languages.includes(language))
		read.fault('language', `“${language}” is not one of it`, `Write one of ${languages.join(', ')}`);
	const items = read.list(all['items'], 'items', ITEMS_MAX);
	if (items.length !== instrument.items.length)
		read.fault('items', `there are ${items.length}`, `Write ${instrument.items.length}`);
	return read.done({
		id,
		language,
		title: read.text(all['title'], 'title', NAME_CHARACTERS_MAX),
		stem: read.text(all['stem'], 'stem', TEXT_CHARACTERS_MAX),
		items: items.map((item, at) => itemTexts(read, item, under('items', at), instrument.items[at] ?? [])),
		licence: read.text(all['licence'], 'licence', TEXT_CHARACTERS_MAX),
		sources: sourcesOf(read, all['sources']),
	});
}

function itemTexts(
	read: Reader,
	item: unknown,
	at: string,
	values: readonly number[],
): Texts['items'][number] {
	const { text, answers } = read.object(item, at, ['text', 'answers']);
	const words = read
		.list(answers, under(at, 'answers'), ANSWERS_MAX)
		.map((one, place) => read.text(one, under(under(at, 'answers'), place), TEXT_CHARACTERS_MAX, true));
	if (words.length !== values.length)
		read.fault(
			under(at, 'answers'),
			`there are ${words.length}`,
			`Write ${values.length}, one for each value`,
		);
	if (words[0] === '' || words.at(-1) === '')
		read.fault(under(at, 'answers'), 'an end of the scale has no words', 'Write what both ends mean');
	return { text: read.text(text, under(at, 'text'), TEXT_CHARACTERS_MAX), answers: words };
}

function named(data: unknown): string {
	const id = typeof data === 'object' && data !== null ? (data as { id?: unknown }).id : undefined;
	return typeof id === 'string' && id !== '' ? id.slice(0, ID_CHARACTERS_MAX) : 'questionnaire';
}

function idOf(read: Reader, value: unknown): string {
	const id = read.text(value, 'id', ID_CHARACTERS_MAX);
	if (id !== '' && !ID.test(id))
		read.fault('id', `“${id}” has other signs`, 'Use lower-case letters, digits and hyphens');
	return id;
}

function languagesOf(read: Reader, value: unknown): string[] {
	const all = read
		.list(value, 'languages', LIST_MAX)
		.map((one, at) => read.text(one, under('languages', at), TEXT_CHARACTERS_MAX));
	if (all.length === 0) read.fault('languages', 'there is none', 'Name those that there are texts in');
	for (const [at, one] of all.entries())
		if (!LANGUAGE.test(one) || all.indexOf(one) !== at)
			read.fault(under('languages', at), `“${one}” is no new language`, 'Write codes such as en, each once');
	return all;
}

function sourcesOf(read: Reader, value: unknown): Source[] {
	const all = read.list(value, 'sources', LIST_MAX).map((one, at) => {
		const place = under('sources', at);
		const { title, address, what } = read.object(one, place, ['title', 'address', 'what']);
		return {
			title: read.text(title, under(place, 'title'), TEXT_CHARACTERS_MAX),
			address: read.text(address, under(place, 'address'), TEXT_CHARACTERS_MAX),
			what: read.text(what, under(place, 'what'), TEXT_CHARACTERS_MAX),
		};
	});
	if (all.length === 0) read.fault('sources', 'there is none', 'Name where this was read');
	return all;
}

/** The values of each item's answers: they rise, so that none is there twice. */
function itemsOf(read: Reader, value: unknown): number[][] {
	const items = read.list(value, 'items', ITEMS_MAX).map((one, at) => {
		const place = under('items', at);
		const values = read
			.list(one, place, ANSWERS_MAX)
			.map((single, answer) => read.whole(single, under(place, answer), 0, VALUE_MAX));
		if (values.length < 2) read.fault(place, 'it has no two answers', 'Write the value of each answer');
		for (const [answer, single] of values.entries()) {
			const before = values[answer - 1];
			if (before !== undefined && single <= before)
				read.fault(
					under(place, answer),
					single === before ? `${single} is there twice` : `${single} comes after ${before}`,
					'Write each value once, lowest first',
				);
		}
		return values;
	});
	if (items.length === 0) read.fault('items', 'there are none', 'Write the values of each item’s answers');
	return items;
}

function sum(items: readonly number[][], end: 0 | -1): number {
	return items.reduce((all, values) => all + (values.at(end) ?? 0), 0);
}

/** From the least to the most that can come out, with no total in none or in two of them. */
function bandsOf(read: Reader, value: unknown, total: { least: number; most: number }): Band[] {
	const bands = read.list(value, 'bands', LIST_MAX).map((one, at): Band => {
		const place = under('bands', at);
		const { from, to, level } = read.object(one, place, ['from', 'to', 'level']);
		return {
			from: read.whole(from, under(place, 'from'), total.least, total.most),
			to: read.whole(to, under(place, 'to'), total.least, total.most),
			level: read.oneOf(level, under(place, 'level'), LEVELS),
		};
	});
	let next = total.least;
	for (const [at, { from, to, level }] of bands.entries()) {
		const place = under('bands', at);
		if (from > next)
			read.fault(under(place, 'from'), `${next} to ${from - 1} is in no band`, `Begin it at ${next}`);
		if (from < next) read.fault(under(place, 'from'), `${from} is in two bands`, `Begin it at ${next}`);
		if (to < from) read.fault(under(place, 'to'), `it ends before it begins`, `End it at ${from} or later`);
		if (bands.findIndex((one) => one.level === level) !== at)
			read.fault(under(place, 'level'), `“${level}” is there twice`, 'Give each band a level of its own');
		next = Math.max(to, from) + 1;
	}
	if (bands.length > 0 && next <= total.most)
		read.fault('bands', `${next} to ${total.most} is in no band`, `End the last one at ${total.most}`);
	return bands;
}

function subscalesOf(read: Reader, value: unknown, items: readonly number[][]): Subscale[] {
	return read.list(value, 'subscales', LIST_MAX).map((one, at) => {
		const place = under('subscales', at);
		const { subject, items: of, cutoff } = read.object(one, place, ['subject', 'items', 'cutoff']);
		const places = read
			.list(of, under(place, 'items'), ITEMS_MAX)
			.map((item, entry) => read.whole(item, under(under(place, 'items'), entry), 0, items.length - 1));
		if (places.length === 0) read.fault(under(place, 'items'), 'there are none', 'Name its items, from 0');
		if (new Set(places).size < places.length)
			read.fault(under(place, 'items'), 'an item is there twice', 'Name each once');
		const own = places.map((item) => items[item] ?? []);
		return {
			subject: read.oneOf(subject, under(place, 'subject'), SUBJECTS),
			items: places,
			cutoff: cutoff === null ? null : read.whole(cutoff, under(place, 'cutoff'), sum(own, 0), sum(own, -1)),
		};
	});
}

type SourceAt = (value: unknown, at: string) => number;

function missingOf(read: Reader, value: unknown, items: number, sourceAt: SourceAt): Missing {
	const { rule, most, source } = read.object(value, 'missing', ['rule', 'most', 'source']);
	if (read.oneOf(rule, 'missing.rule', ['none', 'mean']) === 'none') {
		if (most !== undefined || source !== undefined)
			read.fault('missing', 'without a rule nothing else is said', 'Write the rule alone');
		return { rule: 'none' };
	}
	return {
		rule: 'mean',
		most: read.whole(most, 'missing.most', 1, Math.max(items - 1, 1)),
		source: sourceAt(source, 'missing.source'),
	};
}

function cutoffsOf(
	read: Reader,
	value: unknown,
	total: { least: number; most: number },
	sourceAt: SourceAt,
): Cutoff[] {
	const all = read.list(value, 'cutoffs', LIST_MAX).map((one, at) => {
		const place = under('cutoffs', at);
		const { at: from, population, source } = read.object(one, place, ['at', 'population', 'source']);
		return {
			at: read.whole(from, under(place, 'at'), total.least, total.most),
			population: read.oneOf(population, under(place, 'population'), POPULATIONS),
			source: sourceAt(source, under(place, 'source')),
		};
	});
	for (const [at, { population }] of all.entries())
		if (all.findIndex((one) => one.population === population) !== at)
			read.fault(under('cutoffs', at), `“${population}” is there twice`, 'Keep one for each population');
	return all;
}

function safetyOf(read: Reader, value: unknown, items: readonly number[][]): SafetyItem[] {
	return read.list(value, 'safety', LIST_MAX).map((one, at) => {
		const place = under('safety', at);
		const { item, from } = read.object(one, place, ['item', 'from']);
		const of = read.whole(item, under(place, 'item'), 0, Math.max(items.length - 1, 0));
		const values = items[of] ?? [];
		if (!values.includes(from as number))
			read.fault(under(place, 'from'), 'it is no answer of the item', `Write one of ${values.join(', ')}`);
		return { item: of, from: typeof from === 'number' ? from : 0 };
	});
}
