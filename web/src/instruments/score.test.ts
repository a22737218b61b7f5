import { expect, test } from 'vitest';
import { random as seeded } from '../testing/random';
import { INSTRUMENTS, instrumentOf, isOffered, type InstrumentId } from '.';
import { opensSafety, score, type Answers, type Score } from './score';
import type { Instrument, Level } from './types';

const all = Object.fromEntries(
	await Promise.all(INSTRUMENTS.map(async (id) => [id, await instrumentOf(id)])),
) as Record<InstrumentId, Instrument>;

/** The published tables, written down a second time: the first total of each band. */
const TABLES: Record<InstrumentId, { most: number; least: number; bands: [from: number, level: Level][] }> = {
	'phq-4': {
		least: 0,
		most: 12,
		bands: [
			[0, 'none'],
			[3, 'mild'],
			[6, 'moderate'],
			[9, 'severe'],
		],
	},
	'phq-8': {
		least: 0,
		most: 24,
		bands: [
			[0, 'none'],
			[5, 'mild'],
			[10, 'moderate'],
			[15, 'moderatelySevere'],
			[20, 'severe'],
		],
	},
	'phq-9': {
		least: 0,
		most: 27,
		bands: [
			[0, 'minimal'],
			[5, 'mild'],
			[10, 'moderate'],
			[15, 'moderatelySevere'],
			[20, 'severe'],
		],
	},
	'gad-7': {
		least: 0,
		most: 21,
		bands: [
			[0, 'minimal'],
			[5, 'mild'],
			[10, 'moderate'],
			[15, 'severe'],
		],
	},
	'barc-10': {
		least: 10,
		most: 60,
		bands: [
			[10, 'belowLasting'],
			[47, 'lasting'],
		],
	},
	pacs: { least: 0, most: 30, bands: [] },
};

/** Answers that come to a total: each item takes as much as it can. */
function reaching({ items }: Instrument, total: number): number[] {
	let left = total - items.reduce((sum, values) => sum + (values[0] ?? 0), 0);
	return items.map((values) => {
		const least = values[0] ?? 0;
		const more = Math.min(left, (values.at(-1) ?? 0) - least);
		left -= more;
		return least + more;
	});
}

function scored(result: Score): Extract<Score, { scored: true }> {
	if (!result.scored) throw new Error(`no score: ${result.why}`);
	return result;
}

const without = (answers: Answers, ...at: number[]): (number | null)[] =>
	answers.map((value, place) => (at.includes(place) ? null : value));

test.each(INSTRUMENTS)('%s: every total has the band of the published table', (id) => {
	const { least, most, bands } = TABLES[id];
	for (let total = least; total <= most; total++) {
		const result = scored(score(all[id], reaching(all[id], total)));
		expect([result.total, result.least, result.most, result.filled]).toEqual([total, least, most, 0]);
		expect(result.band?.level ?? null).toBe(bands.findLast(([from]) => total >= from)?.[1] ?? null);
	}
});

test.each(INSTRUMENTS)('%s: the total is the sum, whichever items it comes from', (id) => {
	const random = seeded(id.length);
	for (let tries = 0; tries < 2_000; tries++) {
		const answers = all[id].items.map((values) => random.pick(values));
		const sum = answers.reduce((one, other) => one + other, 0);
		expect(scored(score(all[id], answers)).total).toBe(sum);
	}
});

test.each(INSTRUMENTS.filter((id) => id !== 'phq-9'))(
	'%s: no rule for missing answers is published, so that one gives no score',
	(id) => {
		for (let total = TABLES[id].least; total <= TABLES[id].most; total++)
			for (const at of all[id].items.keys())
				expect(score(all[id], without(reaching(all[id], total), at))).toMatchObject({
					scored: false,
					why: 'missing',
					items: [at],
				});
	},
);

test('PHQ-9: for one or two missing answers the mean of the others stands in, and three give no score', () => {
	const phq9 = all['phq-9'];
	for (let total = 0; total <= 27; total++) {
		const answers = reaching(phq9, total);
		for (const a of answers.keys())
			for (const b of answers.keys()) {
				const missing = new Set([a, b]).size;
				const given = total - (answers[a] ?? 0) - (a === b ? 0 : (answers[b] ?? 0));
				const result = scored(score(phq9, without(answers, a, b)));
				expect(result.total).toBe(Math.round(given + (missing * given) / (9 - missing)));
				expect(result.filled).toBe(missing);
				expect(result.band).toEqual(scored(score(phq9, reaching(phq9, result.total))).band);
			}
		expect(score(phq9, without(answers, 0, 4, 8))).toMatchObject({ why: 'missing', items: [0, 4, 8] });
	}
	expect(score(phq9, Array(9).fill(null))).toMatchObject({ scored: false, why: 'missing' });
});

test('PHQ-9: with missing answers a total stays within the scale, and never falls when an answer rises', () => {
	const phq9 = all['phq-9'];
	const random = seeded(9);
	for (let tries = 0; tries < 5_000; tries++) {
		const full = phq9.items.map((values) => random.pick(values));
		const answers = without(full, random.below(9), random.below(9));
		const { total } = scored(score(phq9, answers));
		expect(total).toBeGreaterThanOrEqual(0);
		expect(total).toBeLessThanOrEqual(27);
		const at = answers.findIndex((value) => value !== null && value < 3);
		if (at < 0) continue;
		const risen = answers.map((value, place) => (place === at ? (value ?? 0) + 1 : value));
		expect(scored(score(phq9, risen)).total).toBeGreaterThanOrEqual(total);
	}
});

test('PHQ-4: each half has a total of its own, and is reached from 3 on', () => {
	for (let a = 0; a <= 3; a++)
		for (let b = 0; b <= 3; b++) {
			const { parts } = score(all['phq-4'], [a, b, 3, 0]);
			expect(parts).toEqual([
				{ subject: 'anxiety', total: a + b, most: 6, reached: a + b >= 3 },
				{ subject: 'mood', total: 3, most: 6, reached: true },
			]);
		}
	expect(score(all['phq-4'], [null, 1, 1, 1]).parts).toEqual([
		{ subject: 'anxiety', total: null, most: 6, reached: null },
		{ subject: 'mood', total: 2, most: 6, reached: false },
	]);
});

test('a cut-off is that of the people it was found with', () => {
	const reached = (id: InstrumentId, total: number, population?: 'zanzibar'): boolean | null =>
		scored(score(all[id], reaching(all[id], total), population)).reached;
	for (let total = 0; total <= 27; total++) {
		expect(reached('phq-9', total)).toBe(total >= 10);
		expect(reached('phq-9', total, 'zanzibar')).toBe(total >= 5);
	}
	for (let total = 0; total <= 21; total++) {
		expect(reached('gad-7', total)).toBe(total >= 10);
		expect(reached('gad-7', total, 'zanzibar')).toBe(total >= 3);
	}
	for (let total = 0; total <= 24; total++) expect(reached('phq-8', total, 'zanzibar')).toBe(total >= 10);
	for (const id of ['phq-4', 'barc-10', 'pacs'] as const) expect(reached(id, TABLES[id].most)).toBeNull();
});

test.each(INSTRUMENTS)('%s: answers that are none of it are not scored', (id) => {
	const { items } = all[id];
	const good = reaching(all[id], TABLES[id].most);
	for (const wrong of [good.slice(1), [...good, 0], []])
		expect(score(all[id], wrong)).toEqual({ scored: false, why: 'count', items: [], parts: [] });
	for (const at of items.keys())
		for (const value of [-1, 0.5, (items[at]?.at(-1) ?? 0) + 1, NaN, Infinity])
			expect(score(all[id], good.with(at, value))).toEqual({
				scored: false,
				why: 'range',
				items: [at],
				parts: [],
			});
});

test('the ninth item of PHQ-9 opens the questions about safety, whatever else is answered; no other does', () => {
	const phq9 = all['phq-9'];
	const nothing = Array<number | null>(9).fill(null);
	expect(opensSafety(phq9, nothing)).toBe(false);
	for (const value of [0, 1, 2, 3]) expect(opensSafety(phq9, nothing.with(8, value))).toBe(value > 0);
	expect(opensSafety(phq9, [...Array<number>(8).fill(3), 0])).toBe(false);
	expect(opensSafety(phq9, [])).toBe(false);
	for (const id of INSTRUMENTS.filter((one) => one !== 'phq-9'))
		expect(opensSafety(all[id], reaching(all[id], TABLES[id].most))).toBe(false);
});

test('PHQ-9 is offered where somebody follows up, and PACS where the circle is about alcohol', () => {
	const offered = (followUp: boolean, aboutAlcohol: boolean): string[] =>
		INSTRUMENTS.filter((id) => isOffered(all[id], { followUp, aboutAlcohol }));
	expect(offered(false, false)).toEqual(['phq-4', 'phq-8', 'gad-7', 'barc-10']);
	expect(offered(true, false)).toEqual(['phq-4', 'phq-8', 'gad-7', 'barc-10', 'phq-9']);
	expect(offered(true, true)).toEqual([...INSTRUMENTS]);
});
