import { expect, test } from 'vitest';
import { INSTRUMENTS, instrumentOf, isInstrument, open } from '.';
import { faultSaid, type Checked } from './fault';
import type { Instrument } from './types';
import { validate, validateTexts } from './validate';

const files: Record<string, unknown> = import.meta.glob('./data/*.json', { eager: true, import: 'default' });
const texts: Record<string, unknown> = import.meta.glob('./texts/*/*.json', {
	eager: true,
	import: 'default',
});
const phq9 = await instrumentOf('phq-9');
const good = await open('phq-9', 'en');

const faults = (checked: Checked<unknown>): string[] => (checked.ok ? [] : checked.faults.map(faultSaid));
/** What is said of the questionnaire after a change. */
const changed = (change: Partial<Record<keyof Instrument, unknown>>): string[] =>
	faults(validate({ ...phq9, ...change }));
const pick = <T>(list: readonly T[], at: number): T => {
	const one = list[at];
	if (one === undefined) throw new Error(`nothing at ${at}`);
	return one;
};

test('every questionnaire that Kith brings can be used, and no file is left over', () => {
	expect(Object.keys(files).sort()).toEqual(INSTRUMENTS.map((id) => `./data/${id}.json`).sort());
	for (const [path, data] of Object.entries(files)) {
		expect(faults(validate(data)), path).toEqual([]);
		expect(path).toBe(`./data/${(data as Instrument).id}.json`);
	}
});

test('every language of every questionnaire has the same items and answers, and no file is left over', async () => {
	const expected: string[] = [];
	for (const id of INSTRUMENTS) {
		const instrument = await instrumentOf(id);
		for (const language of instrument.languages) {
			const path = `./texts/${language}/${id}.json`;
			expected.push(path);
			expect(faults(validateTexts(texts[path], instrument)), path).toEqual([]);
		}
	}
	expect(Object.keys(texts).sort()).toEqual(expected.sort());
});

test('an answer is called the same in every item that has it, but in PACS, where each item has its own', () => {
	for (const [path, data] of Object.entries(texts)) {
		const { items } = data as { items: { answers: string[] }[] };
		const kinds = new Set(items.map(({ answers }) => answers.join('|')));
		expect(kinds.size, path).toBe(path.endsWith('pacs.json') ? items.length : 1);
	}
});

test('items that questionnaires share read the same in each, in every language', () => {
	for (const language of ['en', 'es']) {
		const items = (id: string): string[] =>
			(texts[`./texts/${language}/${id}.json`] as { items: { text: string }[] }).items.map(
				({ text }) => text,
			);
		expect(items('phq-8')).toEqual(items('phq-9').slice(0, 8));
		expect(items('phq-4')).toEqual([...items('gad-7').slice(0, 2), ...items('phq-9').slice(0, 2)]);
	}
});

test('one is opened in the person’s language, or else in the one that stands in', async () => {
	expect((await open('phq-4', 'es')).texts.language).toBe('es');
	expect((await open('phq-4', 'en')).texts.language).toBe('en');
	expect((await open('phq-4', 'ar')).texts.language).toBe('en');
	expect((await open('barc-10', 'es')).texts.language).toBe('en');
	expect([isInstrument('phq-9'), isInstrument('who-5'), isInstrument('')]).toEqual([true, false, false]);
});

test('what is no questionnaire at all is named as that', () => {
	for (const data of [null, undefined, 7, 'phq-9', [], {}]) {
		const [first] = faults(validate(data));
		expect(first).toMatch(/^questionnaire: /);
	}
	expect(faults(validate(null))[0]).toBe(
		'questionnaire: it is not an object. Write one with id, version, name, subject, languages, needs, items, ' +
			'scoring, subscales, missing, bands, bandsSource, cutoffs, safety, sources.',
	);
	expect(changed({ extra: 1 } as never)[0]).toMatch(
		/^phq-9: extra: it is not known\. Remove it; known are id,/,
	);
});

test('answers that are missing, doubled, out of order or out of range are named', () => {
	const items = (values: unknown): string[] =>
		changed({ items: phq9.items.map((one, at) => (at ? one : values)) });
	expect(items([0, 1, 1, 3])).toEqual([
		'phq-9: items[0][2]: 1 is there twice. Write each value once, lowest first.',
	]);
	expect(items([0, 2, 1, 3])).toEqual([
		'phq-9: items[0][2]: 1 comes after 2. Write each value once, lowest first.',
	]);
	expect(items([0])[0]).toBe('phq-9: items[0]: it has no two answers. Write the value of each answer.');
	expect(items([])[0]).toBe('phq-9: items[0]: it has no two answers. Write the value of each answer.');
	for (const value of [-1, 0.5, 101, NaN, '1', null])
		expect(items([value, 100])[0]).toBe(
			'phq-9: items[0][0]: it is not a whole number that fits. Write one from 0 to 100.',
		);
	expect(items('0-3')[0]).toBe('phq-9: items[0]: it is not a list. Write a list, even if it is empty.');
	expect(changed({ items: [] })).toContain(
		'phq-9: items: there are none. Write the values of each item’s answers.',
	);
	expect(changed({ items: Array(41).fill([0, 1]) })).toContain(
		'phq-9: items: it has 41 entries. Keep to 40.',
	);
});

test('a gap between bands, totals in two of them, and totals in none are named', () => {
	const bands = (at: number, change: object): string[] =>
		changed({ bands: phq9.bands.map((band, place) => (place === at ? { ...band, ...change } : band)) });
	expect(bands(2, { from: 11 })).toEqual(['phq-9: bands[2].from: 10 to 10 is in no band. Begin it at 10.']);
	expect(bands(2, { from: 9 })).toEqual(['phq-9: bands[2].from: 9 is in two bands. Begin it at 10.']);
	expect(bands(0, { from: 1 })).toEqual(['phq-9: bands[0].from: 0 to 0 is in no band. Begin it at 0.']);
	expect(bands(4, { to: 26 })).toEqual(['phq-9: bands: 27 to 27 is in no band. End the last one at 27.']);
	expect(bands(4, { to: 28 })[0]).toBe(
		'phq-9: bands[4].to: it is not a whole number that fits. Write one from 0 to 27.',
	);
	expect(bands(1, { to: 4 })).toContain(
		'phq-9: bands[1].to: it ends before it begins. End it at 5 or later.',
	);
	expect(bands(1, { level: 'none' })).toEqual([]);
	expect(bands(1, { level: 'minimal' })).toEqual([
		'phq-9: bands[1].level: “minimal” is there twice. Give each band a level of its own.',
	]);
	expect(bands(1, { level: 'terrible' })[0]).toBe(
		'phq-9: bands[1].level: “terrible” is not known. Write one of none, minimal, mild, moderate, ' +
			'moderatelySevere, severe, belowLasting, lasting.',
	);
	expect(changed({ bands: [] })).toEqual(['phq-9: bandsSource: there are no bands. Write null.']);
	expect(changed({ bands: [], bandsSource: null })).toEqual([]);
});

test('rules, needs, populations and subjects that are not known are named', () => {
	expect(changed({ scoring: 'product' })).toEqual([
		'phq-9: scoring: “product” is not known. Write one of sum.',
	]);
	expect(changed({ missing: { rule: 'median' } })).toContain(
		'phq-9: missing.rule: “median” is not known. Write one of none, mean.',
	);
	expect(changed({ missing: { rule: 'none', most: 2 } })).toEqual([
		'phq-9: missing: without a rule nothing else is said. Write the rule alone.',
	]);
	expect(changed({ missing: { rule: 'mean', most: 9, source: 1 } })[0]).toMatch(/^phq-9: missing\.most: /);
	expect(changed({ missing: { rule: 'mean', most: 2, source: 9 } })[0]).toMatch(/^phq-9: missing\.source: /);
	expect(changed({ needs: 'consent' })[0]).toMatch(/^phq-9: needs: “consent” is not known/);
	expect(changed({ subject: 'luck' })[0]).toMatch(/^phq-9: subject: “luck” is not known/);
	const cutoff = pick(phq9.cutoffs, 0);
	expect(changed({ cutoffs: [{ ...cutoff, population: 'mars' }] })[0]).toMatch(/“mars” is not known/);
	expect(changed({ cutoffs: [cutoff, cutoff] })).toEqual([
		'phq-9: cutoffs[1]: “elsewhere” is there twice. Keep one for each population.',
	]);
	expect(changed({ cutoffs: [{ ...cutoff, at: 28 }] })[0]).toMatch(/Write one from 0 to 27/);
});

test('items that parts and safety name must be there', () => {
	const part = { subject: 'mood', items: [0, 1], cutoff: 3 };
	expect(changed({ subscales: [part] })).toEqual([]);
	expect(changed({ subscales: [{ ...part, items: [0, 9] }] })[0]).toMatch(/Write one from 0 to 8/);
	expect(changed({ subscales: [{ ...part, items: [1, 1] }] })).toEqual([
		'phq-9: subscales[0].items: an item is there twice. Name each once.',
	]);
	expect(changed({ subscales: [{ ...part, items: [] }] })[0]).toMatch(/there are none/);
	expect(changed({ subscales: [{ ...part, cutoff: 7 }] })[0]).toMatch(/Write one from 0 to 6/);
	expect(changed({ safety: [{ item: 9, from: 1 }] })[0]).toMatch(/^phq-9: safety\[0\]\.item: /);
	expect(changed({ safety: [{ item: 8, from: 4 }] })).toEqual([
		'phq-9: safety[0].from: it is no answer of the item. Write one of 0, 1, 2, 3.',
	]);
});

test('names, versions, languages and sources are held', () => {
	expect(changed({ id: 'PHQ 9' })).toEqual([
		'PHQ 9: id: “PHQ 9” has other signs. Use lower-case letters, digits and hyphens.',
	]);
	expect(changed({ id: 'a'.repeat(25) })[0]).toMatch(/it has 25 characters\. Keep to 24/);
	for (const version of [0, 65_536, 1.5, '1']) expect(changed({ version })[0]).toMatch(/^phq-9: version: /);
	expect(changed({ languages: [] })[0]).toMatch(/^phq-9: languages: there is none/);
	expect(changed({ languages: ['en', 'en'] })[0]).toMatch(/^phq-9: languages\[1\]: “en” is no new language/);
	expect(changed({ languages: ['English'] })[0]).toMatch(/“English” is no new language/);
	expect(changed({ sources: [] })).toContain('phq-9: sources: there is none. Name where this was read.');
	expect(changed({ name: ' ' })).toEqual(['phq-9: name: it is empty. Write a text.']);
	expect(changed({ name: 'x'.repeat(121) })[0]).toMatch(/Keep to 120/);
});

test('texts that are not those of the questionnaire are named', () => {
	const said = (change: object): string[] => faults(validateTexts({ ...good.texts, ...change }, phq9));
	const { items } = good.texts;
	expect(said({})).toEqual([]);
	expect(said({ id: 'phq-8' })[0]).toBe(
		'phq-8, texts: id: it is not “phq-9”. Write the texts of this questionnaire.',
	);
	expect(said({ language: 'ar' })).toEqual([
		'phq-9, texts: language: “ar” is not one of it. Write one of en, es.',
	]);
	expect(said({ items: items.slice(1) })).toEqual(['phq-9, texts: items: there are 8. Write 9.']);
	const first = (change: object): string[] =>
		said({ items: items.with(0, { ...pick(items, 0), ...change }) });
	expect(first({ answers: ['a', 'b', 'c'] })).toEqual([
		'phq-9, texts: items[0].answers: there are 3. Write 4, one for each value.',
	]);
	expect(first({ answers: ['a', '', '', 'd'] })).toEqual([]);
	expect(first({ answers: ['', 'b', 'c', 'd'] })).toEqual([
		'phq-9, texts: items[0].answers: an end of the scale has no words. Write what both ends mean.',
	]);
	expect(first({ text: '' })).toEqual(['phq-9, texts: items[0].text: it is empty. Write a text.']);
	expect(said({ stem: 5 })).toEqual(['phq-9, texts: stem: it is not a text. Write a text.']);
});
