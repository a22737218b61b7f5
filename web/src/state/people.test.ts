import { expect, test } from 'vitest';
import type { PeopleEvent } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { peopleWords } from '../words/people';
import { Folk, hereAndGone, told } from './people.svelte';

const open = async (): Promise<{ fake: FakeBridge; folk: Folk }> => {
	const fake = new FakeBridge();
	fake.lead();
	const folk = new Folk(fake, CIRCLE);
	await folk.list.load();
	return { fake, folk };
};

test('this phone’s owner comes first, who was taken out stands apart', async () => {
	const { folk } = await open();
	const { here, gone } = hereAndGone(folk.list.value?.people ?? []);
	expect(here[0]?.me).toBe(true);
	expect(here[1]?.name).toBe('Auntie Ruth');
	expect(gone.map(({ name }) => name)).toEqual(['Hassan']);
	expect(folk.me?.name).toBe('Ana');
});

test('taking out, confirming and promoting show in the list at once', async () => {
	const { folk } = await open();
	expect(await folk.confirm('m10')).toBe(true);
	expect(folk.person('m10')?.standing).toBe('active');
	expect(await folk.promote('m1')).toBe(true);
	expect(folk.person('m1')?.role).toBe('facilitator');
	expect(await folk.remove('m1')).toBe(true);
	expect(folk.person('m1')?.standing).toBe('removed');
	expect(folk.list.value?.events.slice(0, 3).map(({ kind }) => kind)).toEqual([
		'removed',
		'promoted',
		'confirmed',
	]);
});

test('an act that is not allowed changes nothing and says why', async () => {
	const { fake, folk } = await open();
	fake.fails.set('remove', 'not-allowed');
	expect(await folk.remove('m1')).toBe(false);
	expect([folk.problem?.code, folk.person('m1')?.standing, folk.working]).toEqual([
		'not-allowed',
		'active',
		false,
	]);
	expect(await folk.remove('m1')).toBe(true);
	expect(folk.problem).toBeNull();
});

test('another phone of one’s own, or a new one for who lost theirs, is asked for as such', async () => {
	const { fake, folk } = await open();
	expect((await folk.inviteDevice('m0', false))?.code).toMatch(/^(\w{4}-)+\w{4}$/);
	await folk.inviteDevice('m1', true);
	expect(fake.asked.filter(({ cmd }) => cmd === 'inviteDevice')).toEqual([
		{ cmd: 'inviteDevice', circle: CIRCLE, member: 'm0', recovers: false },
		{ cmd: 'inviteDevice', circle: CIRCLE, member: 'm1', recovers: true },
	]);
});

/** What was begun by promises alone is done. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('the people change on screen when a notice says so, and not for another circle', async () => {
	const { fake, folk } = await open();
	const stop = folk.start();
	const times = (): number => fake.asked.filter(({ cmd }) => cmd === 'people').length;
	await settled();
	const before = times();
	fake.tell({ notice: 'lists', circle: 'another', what: ['people'] });
	await settled();
	expect(times()).toBe(before);
	fake.tell({ notice: 'lists', circle: CIRCLE, what: ['people'] });
	await settled();
	expect(times()).toBe(before + 1);
	stop();
});

const event = (kind: PeopleEvent['kind'], who: string, by: string): PeopleEvent => ({
	kind,
	who,
	whoName: who,
	by,
	byName: by,
	timeMs: 0,
});
const nobody = { someone: 'Someone', organisation: 'The organisation' };
const said = (one: PeopleEvent): string => told(one, peopleWords.events, nobody);

test('what happened is told in plain words, also when a name has not come yet', () => {
	expect(said(event('granted', 'Ana', 'Grace'))).toBe('Grace let Ana in');
	expect(said(event('recovered', 'Ana', 'Ana'))).toBe('Ana came back with a new phone');
	expect(said(event('removed', 'Ana', ''))).toBe('The organisation took Ana out of the circle');
	expect(said({ ...event('granted', 'Ana', 'Grace'), whoName: '', byName: '' })).toBe(
		'Someone let Someone in',
	);
});

test('a hostile name is told as it was written, a letter for each letter', () => {
	const name = '<img src=x onerror="alert(1)">{constructor}';
	expect(said(event('granted', name, 'Grace'))).toBe(`Grace let ${name} in`);
});
