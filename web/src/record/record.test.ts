import { beforeAll, expect, test } from 'vitest';
import type { Circle, RecordItem } from '../bridge/contract';
import { FakeBridge } from '../testing/fake';
import { recordItem } from '../testing/fake-leaving';
import { CIRCLE } from '../testing/sample';
import '../testing/words';
import { collect, type Collected } from './collect';
import { formsOf } from './forms';
import { jsonOf } from './json';
import { pageOf } from './page';

const NOW = Date.UTC(2026, 10, 30, 9, 15);
const HOSTILE = `</style></p><script>alert(1)</script><img src=x onerror="alert('2')"> \u202eevil\u2066 & "quoted"`;
let circle: Circle;

beforeAll(async () => {
	const reply = await new FakeBridge().ask<'circle'>({ cmd: 'circle', circle: CIRCLE });
	if (!reply.ok) throw new Error('no circle');
	circle = reply.value;
});

const whole = (pieces: Iterable<string>): string => [...pieces].join('');
const of = (items: RecordItem[], closed = 0): Collected => ({ items, closed, missing: 0 });
const how = { now: NOW, dir: 'ltr', app: 'Kith' };

async function both(items: RecordItem[], who = circle): Promise<{ page: string; data: RecordJson }> {
	const forms = await formsOf(items, 'en');
	const text = whole(jsonOf(who, of(items), forms, NOW));
	return { page: whole(pageOf(who, of(items), forms, how)), data: JSON.parse(text) as RecordJson };
}

interface RecordJson {
	format: string;
	version: number;
	madeAt: string;
	person: { name: string };
	items: { id: string; state: string; text: string | null; seenBy: string; of: unknown; other: unknown }[];
}

test('a record with nothing in it is whole and says so', async () => {
	const { page, data } = await both([]);
	expect(data).toMatchObject({ format: 'kith-own-record', version: 1, madeAt: '2026-11-30T09:15:00.000Z' });
	expect(data.items).toEqual([]);
	expect(page).toContain('Nothing was written here.');
	expect(page).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
});

test('names and words of any kind are words, and turn nothing around them', async () => {
	const who = { ...circle, name: HOSTILE, ownName: HOSTILE };
	const long = 'ه'.repeat(2_000);
	const items = [
		recordItem({ key: 'a', text: HOSTILE, place: HOSTILE, madeMs: NOW }),
		recordItem({ key: 'b', text: long, audience: 'pair', place: HOSTILE, madeMs: NOW + 1 }),
	];
	const { page, data } = await both(items, who);
	expect(page).not.toMatch(/<script|<img|onerror="/);
	expect(page.match(/<\/style>/g)).toHaveLength(1);
	expect(page).toContain(long);
	for (const asked of page.matchAll(/<[a-z][^>]*\s(?:src|href|http-equiv)\s*=|url\(|@import/g))
		throw new Error(asked[0]);
	expect(page).toContain('<p dir="auto">');
	expect(page).toMatch(/<bdi>[^<]*\u202e/);
	expect([data.items[0]?.text, data.person.name]).toEqual([HOSTILE, HOSTILE]);
});

test('each item says who sees it, when it was written, and whether it was taken back', async () => {
	const items = [
		recordItem({ key: 'gone', body: 'gone', text: '', madeMs: NOW }),
		recordItem({ key: 'mine', text: 'Mine.', madeMs: NOW + 1, audience: 'me' }),
		recordItem({
			key: 'pair',
			text: 'To you.',
			madeMs: NOW + 2,
			audience: 'pair',
			place: 'Ben',
			other: 'mine',
		}),
		recordItem({ key: 'theirs', text: 'So true.', madeMs: NOW + 3, other: 'of-another' }),
	];
	const { page, data } = await both(items);
	expect(data.items.map(({ state }) => state)).toEqual(['takenBack', 'here', 'here', 'here']);
	expect(data.items.map(({ seenBy }) => seenBy)).toEqual(['circle', 'me', 'pair', 'circle']);
	expect(data.items[2]?.other).toEqual({ id: 'mine', text: 'Mine.' });
	expect(data.items[3]?.other).toEqual({ id: 'of-another', text: null });
	expect(page).toContain('Taken back. Its words are gone.');
	expect(page).toContain('You and Ben see this');
	expect(page).toContain('Answers: “Mine.”');
	expect(page).not.toContain('of-another');
	expect(page).toMatch(/Written November 30, 2026|Written 30 November 2026/);
});

test('a questionnaire stands with what was asked, what was answered and where its number lies', async () => {
	const entry = { kind: 'filled', instrument: 'phq-4', version: 1, answers: [3, 2, 1, null] } as const;
	const items = [recordItem({ kind: 'journal', audience: 'me', entry: { ...entry, answers: [3, 2, 1, 0] } })];
	const { page, data } = await both(items);
	expect(data.items[0]?.of).toMatchObject({ entry: 'questionnaire', name: 'PHQ-4', result: { total: 6 } });
	expect(page).toContain('PHQ-4: 6 of 12');
	expect(page).toContain('Nearly every day');
	const later = { ...entry, version: 99, answers: [3, null] };
	const unknown = await both([recordItem({ kind: 'journal', entry: later })]);
	expect(unknown.data.items[0]?.of).toMatchObject({ result: null, version: 99 });
	expect(unknown.page).toContain('not answered');
});

test('the same record is the same file, whatever order its documents came in', async () => {
	const fake = new FakeBridge();
	const items = [3, 1, 2, 0].map((at) =>
		recordItem({ key: `k${at}`, text: `${at}`, madeMs: NOW + (at >> 1) }),
	);
	const gathered = async (record: RecordItem[]): Promise<string> => {
		fake.leaving.record = record;
		const collected = await collect(fake, CIRCLE, () => {});
		if (!('items' in collected)) throw new Error(collected.code);
		return whole(jsonOf(circle, collected, new Map(), NOW));
	};
	const one = await gathered(items);
	expect(await gathered([...items].reverse())).toBe(one);
	expect((JSON.parse(one) as RecordJson).items.map(({ id }) => id)).toEqual(['k0', 'k1', 'k2', 'k3']);
});

test('a record that cannot be collected says why, and gives no half file', async () => {
	const fake = new FakeBridge();
	fake.fails.set('record', 'storage-failed');
	expect(await collect(fake, CIRCLE, () => {})).toMatchObject({ code: 'storage-failed' });
});
