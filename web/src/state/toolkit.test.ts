import { expect, test } from 'vitest';
import type { Moment, Strategy } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { sampleStrategies } from '../testing/fake-toolkit';
import { CIRCLE } from '../testing/sample';
import {
	isCovered,
	isSame,
	matching,
	MOMENTS,
	momentSaid,
	momentsIn,
	momentsOf,
	standing,
	stillPicked,
	Toolkit,
} from './toolkit.svelte';

const all = sampleStrategies();
const titles = (found: readonly Strategy[]): string[] => found.map(({ title }) => title);
const own = (word: string): Moment => ({ moment: 'own', word });

async function opened(): Promise<[Toolkit, FakeBridge]> {
	const bridge = new FakeBridge();
	const toolkit = new Toolkit(bridge, CIRCLE);
	await toolkit.all.load();
	return [toolkit, bridge];
}

test('what helped oneself stands first, then the newest, and what was taken back nowhere', () => {
	const [first, ...rest] = standing(all);
	expect(first?.helpedMe).toBe(true);
	expect(titles(rest)).toEqual([
		'Radio, low, all night',
		'Five things, with my daughter',
		'Call before, not after',
	]);
	expect(standing(all.map((one) => ({ ...one, body: 'gone' })))).toEqual([]);
	expect(standing(all.map((one) => ({ ...one, body: 'missing' })))).toHaveLength(all.length);
});

test('a search finds every word in any order, whatever its case and accents, in titles, texts, moments and names', () => {
	expect(titles(matching(all, 'FIVE daughter', null))).toEqual(['Five things, with my daughter']);
	expect(titles(matching(all, 'language  voices', null))).toEqual(['Radio, low, all night']);
	expect(titles(matching(all, 'family baraka', null))).toEqual(['Call before, not after']);
	expect(titles(matching(all, 'can’t sleep', null))).toEqual(['Radio, low, all night']);
	const accents = all.map((one) => ({ ...one, title: 'Respirar después' }));
	expect(matching(accents, 'DESPUES', null)).toHaveLength(all.length);
	expect(matching(all, 'nobody wrote this', null)).toEqual([]);
	expect(matching(all, ' ', null)).toEqual(all);
});

test('what a facilitator hid stands in lists for nobody but its author: no search, no moment, no title finds it', () => {
	const hidden = { by: 'm12', name: 'Auntie Ruth', atMs: 1 };
	const covered = all.map((one) => ({ ...one, hidden }));
	expect(covered.filter(isCovered).map(({ mine }) => mine)).toEqual([false, false, false]);
	expect(titles(matching(covered, 'radio', null))).toEqual([]);
	expect(titles(matching(covered, 'daughter', null))).toEqual(['Five things, with my daughter']);
	expect(matching(covered, '', null)).toHaveLength(all.length);
	expect(momentsOf(covered).map(momentSaid)).toEqual(['Panic', 'Any time']);
	expect(titles(matching(covered, '', { moment: 'panic' }))).toEqual(['Five things, with my daughter']);
});

test('a moment keeps those that are for it, together with a search', () => {
	expect(titles(matching(all, '', { moment: 'panic' }))).toHaveLength(2);
	expect(titles(matching(all, 'grace', { moment: 'flashback' }))).toEqual(['Five things I can see']);
	expect(titles(matching(all, '', own('FAMILY days')))).toEqual(['Call before, not after']);
});

test('moments are listed once, those of the list before people’s own words', () => {
	const listed = momentsOf([...all, ...all]);
	expect(listed.map(momentSaid)).toEqual([
		'Panic',
		'Can’t sleep',
		'Flashback',
		'Alone',
		'Before a hard talk',
		'Any time',
		'Family days',
	]);
	expect(isSame({ moment: 'later', code: 9 }, { moment: 'later', code: 10 })).toBe(false);
	expect(isSame(own('panic'), { moment: 'panic' })).toBe(false);
	expect(new Set(MOMENTS.map((moment) => momentSaid({ moment }))).size).toBe(MOMENTS.length);
});

test('what helped is shown at once, and not when it was not taken', async () => {
	const [toolkit, bridge] = await opened();
	const [, second] = toolkit.all.value ?? [];
	if (!second) throw new Error('no strategy');
	await toolkit.helped(second, true);
	expect(toolkit.of(second.key)?.helpedMe).toBe(true);
	bridge.fails.set('helped', 'storage-full');
	await toolkit.helped({ ...second, helpedMe: true }, false);
	expect(toolkit.of(second.key)?.helpedMe).toBe(true);
	expect(toolkit.problem?.code).toBe('storage-full');
});

test('a second tap while one is under way adds nothing', async () => {
	const [toolkit, bridge] = await opened();
	bridge.delayMs = 5;
	const both = await Promise.all([
		toolkit.add('Walk', 'Out.', [], null),
		toolkit.add('Walk', 'Out.', [], null),
	]);
	expect(both.filter((key) => key !== null)).toHaveLength(1);
	await toolkit.all.load();
	expect(titles(toolkit.all.value ?? []).filter((title) => title === 'Walk')).toHaveLength(1);
});

test('only one’s own is taken back, and stays as something that is gone', async () => {
	const [toolkit] = await opened();
	const [theirs, , mine] = toolkit.all.value ?? [];
	if (!theirs || !mine) throw new Error('no strategy');
	expect(await toolkit.takeBack(theirs)).toBe(false);
	expect(toolkit.problem?.why).toBe('not-yours');
	expect(await toolkit.takeBack(mine)).toBe(true);
	await toolkit.all.load();
	expect(toolkit.of(mine.key)).toMatchObject({ body: 'gone', title: '' });
	expect(toolkit.of('nothing')).toBeNull();
	expect(toolkit.of(null)).toBeNull();
});

test('words that differ in letters are two, whatever a script writes them with', () => {
	for (const [one, other] of [
		['दिन', 'दान'],
		['ที่', 'ทู่'],
		['がく', 'かく'],
	] as const) {
		expect(isSame(own(one), own(other)), one).toBe(false);
		const [first] = all;
		const said = [{ ...first, title: one } as Strategy];
		expect([matching(said, one, null), matching(said, other, null)], one).toEqual([said, []]);
	}
	for (const [one, other] of [
		['Después', 'DESPUES'],
		['שָׁלוֹם', 'שלום'],
		['سَلَام', 'سلام'],
		['❤️', '❤'],
	] as const)
		expect(isSame(own(one), own(other)), one).toBe(true);
});

test('whatever is searched, nothing breaks', () => {
	for (const odd of ['.*', '(', '[', '\\', '\u0301\u0301', '\ud800', 'x'.repeat(10_000)])
		expect(matching(all, odd, null).length, odd.slice(0, 9)).toBeLessThanOrEqual(all.length);
});

test('moments that a form kept are read as far as they are any', () => {
	const rain = own('rain');
	expect(momentsIn(JSON.stringify([rain, { moment: 'anger' }, { moment: 'later', code: 9 }]))).toHaveLength(
		3,
	);
	for (const broken of ['', '{', 'null', '7', '"panic"', '{"moment":"panic"}', '[null,7,"panic",[]]'])
		expect(momentsIn(broken), broken).toEqual([]);
	const foreign = [
		{ moment: 'dancing' },
		{ moment: 'own' },
		{ moment: 'own', word: ' ' },
		{ moment: 'later' },
	];
	expect(momentsIn(JSON.stringify([...foreign, rain, own('Rain')]))).toEqual([rain]);
	const many = Array.from({ length: 20 }, (_, at) => own(String(at)));
	expect(momentsIn(JSON.stringify(many))).toHaveLength(8);
});

test('a moment whose last strategy was taken back narrows the list no more', () => {
	const panic: Moment = { moment: 'panic' };
	expect(stillPicked([panic], panic)).toBe(panic);
	expect(stillPicked([own('rain')], panic)).toBeNull();
	expect(stillPicked([panic], null)).toBeNull();
});
