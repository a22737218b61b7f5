import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { Stories } from './stories.svelte';
import { endOf, lastDay } from './story-end';

const story = (endsMs: number | null) =>
	({ kind: 'story', title: 'The river', text: 'I went.', endsMs }) as const;

test('a story is shared with the circle or with chosen people, and ended for everyone', async () => {
	const bridge = new FakeBridge();
	const stories = new Stories(bridge, CIRCLE);
	await stories.all.load();
	const before = stories.all.value?.length ?? 0;
	expect(await stories.add(story(null), [])).toBe(true);
	expect(await stories.add(story(null), ['m1', 'm2'])).toBe(true);
	const [few, all] = stories.all.value ?? [];
	expect([few?.everyone, few?.to.length, all?.everyone, all?.to]).toEqual([false, 2, true, []]);
	expect(await stories.end(few?.key ?? '')).toBe(true);
	expect(stories.all.value).toHaveLength(before + 1);
	expect(await stories.end('story2')).toBe(false);
	expect(stories.problem?.why).toBe('not-yours');
});

test('a facilitator hides what the whole circle is told, and shows it again', async () => {
	const bridge = new FakeBridge();
	bridge.people = { ...bridge.people, leads: true };
	const stories = new Stories(bridge, CIRCLE);
	await stories.all.load();
	const of = (key: string) => stories.all.value?.find((one) => one.key === key);
	const [heron, few] = [of('story2'), of('story1')];
	if (!heron || !few) throw new Error('no stories');
	expect(await stories.hide(heron, true)).toBe(true);
	expect([of('story2')?.hidden !== null, of('story2')?.told]).toEqual([true, heron.told]);
	expect(await stories.hide(heron, false)).toBe(true);
	expect(of('story2')?.hidden).toBe(null);
	expect(await stories.hide(few, true)).toBe(false);
	expect(stories.problem?.code).toBe('unknown-document');
	bridge.people = { ...bridge.people, leads: false };
	expect(await stories.hide(heron, true)).toBe(false);
	expect(stories.problem?.code).toBe('not-allowed');
});

test('what is over is shared with nobody, and says why', async () => {
	const stories = new Stories(new FakeBridge(), CIRCLE);
	expect(await stories.add(story(Date.now() - 1), [])).toBe(false);
	expect(stories.problem?.why).toBe('end-passed');
});

test('a milestone that is kept to oneself goes into the journal and to nobody', async () => {
	const bridge = new FakeBridge();
	const stories = new Stories(bridge, CIRCLE);
	expect(await stories.keep(20_700, 'I called my sister.')).toBe(true);
	const asked = bridge.asked.filter(({ cmd }) => cmd === 'addEntry' || cmd === 'addStory');
	const entry = { kind: 'text', text: 'I called my sister.' };
	expect(asked).toEqual([{ cmd: 'addEntry', circle: CIRCLE, day: 20_700, entry, replaces: null }]);
});

test('a story that ends with a day is over when that day is, where its author is', () => {
	// After 84,005 no later day is drawn.
	for (const day of [10_957, 20_788, 20_789, 84_004]) {
		const end = new Date(endOf(day));
		expect([end.getHours(), end.getMinutes(), lastDay(endOf(day)), lastDay(endOf(day) + 1)]).toEqual([
			0,
			0,
			day,
			day + 1,
		]);
	}
});
