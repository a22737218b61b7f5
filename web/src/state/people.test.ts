import { expect, test } from 'vitest';
import type { PeopleEvent, Returned } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, RETURNED } from '../testing/sample';
import { apart, canSayAgain, CirclePeople, howGone, lately, letInBy, told } from './people.svelte';

const open = async (): Promise<{ fake: FakeBridge; circlePeople: CirclePeople }> => {
	const fake = new FakeBridge();
	fake.lead();
	const circlePeople = new CirclePeople(fake, CIRCLE);
	await circlePeople.list.load();
	return { fake, circlePeople };
};

test('this phone’s owner comes first; those who wait and those who are out stand apart', async () => {
	const { circlePeople } = await open();
	const { here, waiting, gone } = apart(circlePeople.list.value?.people ?? []);
	expect(waiting.map(({ name }) => name)).toEqual(['Njeri']);
	expect(here.some(({ standing }) => standing !== 'active')).toBe(false);
	expect(here[0]?.me).toBe(true);
	expect(here[1]?.name).toBe('Auntie Ruth');
	expect(gone.map(({ name }) => name)).toEqual(['Hassan']);
	expect(circlePeople.me?.name).toBe('Ana');
});

test('taking out, confirming and promoting show in the list at once', async () => {
	const { circlePeople } = await open();
	expect(await circlePeople.confirm('m10')).toBe(true);
	expect(circlePeople.person('m10')?.standing).toBe('active');
	expect(await circlePeople.promote('m1')).toBe(true);
	expect(circlePeople.person('m1')?.role).toBe('facilitator');
	expect(await circlePeople.remove('m1')).toBe(true);
	expect(circlePeople.person('m1')?.standing).toBe('removed');
	expect(circlePeople.list.value?.events.slice(0, 3).map(({ kind }) => kind)).toEqual([
		'removed',
		'promoted',
		'confirmed',
	]);
});

test('taking out takes those who are named along, and nobody else whom they let in', async () => {
	const { fake, circlePeople } = await open();
	const people = circlePeople.list.value?.people ?? [];
	expect(letInBy(people, 'm9').map(({ name }) => name)).toEqual(['Njeri', 'Tomás']);
	expect(await circlePeople.remove('m9', ['m11'])).toBe(true);
	expect(fake.asked.at(-1)).toEqual({ cmd: 'remove', circle: CIRCLE, member: 'm9', also: ['m11'] });
	expect([circlePeople.person('m11')?.standing, circlePeople.person('m10')?.standing]).toEqual([
		'removed',
		'provisional',
	]);
	await circlePeople.remove('m1');
	expect(fake.asked.at(-1)).toMatchObject({ member: 'm1', also: [] });
});

test('whom a facilitator let in does not count as let in by somebody when it is this phone’s own person', async () => {
	const { circlePeople } = await open();
	const people = circlePeople.list.value?.people ?? [];
	expect(people.find(({ me }) => me)?.letInBy).toBe('m12');
	expect(letInBy(people, 'm12').some(({ me }) => me)).toBe(false);
});

test('whoever is out is brought back as a member, a facilitator is made a member again', async () => {
	const { circlePeople } = await open();
	expect(circlePeople.person('m9')?.canBringBack).toBe(true);
	expect(await circlePeople.confirm('m9')).toBe(true);
	expect(circlePeople.person('m9')).toMatchObject({
		standing: 'active',
		role: 'member',
		canBringBack: false,
	});
	expect(await circlePeople.demote('m12')).toBe(true);
	expect(circlePeople.person('m12')?.role).toBe('member');
	expect(circlePeople.list.value?.events.slice(0, 2).map(({ kind }) => kind)).toEqual([
		'demoted',
		'broughtBack',
	]);
});

test('an invitation that is withdrawn is not in the list any more, and one that is gone can’t be', async () => {
	const { circlePeople } = await open();
	expect(circlePeople.list.value?.invites.map(({ invite }) => invite)).toEqual(['i3', 'i1', 'i2']);
	expect(await circlePeople.withdraw('i1')).toBe(true);
	expect(circlePeople.list.value?.invites.map(({ invite }) => invite)).toEqual(['i3', 'i2']);
	expect(await circlePeople.withdraw('i1')).toBe(false);
	expect(circlePeople.problem?.code).toBe('not-allowed');
});

test('what the server did not take is offered again only where it would still change something', async () => {
	const { fake, circlePeople } = await open();
	fake.returns(RETURNED);
	await circlePeople.list.load();
	const all = circlePeople.list.value;
	if (!all) throw new Error('the people are here');
	const returned = (what: Returned['what'], who: string, thing = ''): boolean =>
		canSayAgain({ statement: 's', what, who, whoName: '', thing, why: 'too-soon' }, all);
	expect(returned('demote', 'm12')).toBe(true);
	expect(returned('demote', 'm1')).toBe(false);
	expect([returned('promote', 'm1'), returned('promote', 'm12')]).toEqual([true, false]);
	expect([returned('remove', 'm1'), returned('remove', 'm9'), returned('remove', 'm0')]).toEqual([
		true,
		false,
		false,
	]);
	expect([returned('confirm', 'm9'), returned('confirm', 'm10'), returned('confirm', 'm1')]).toEqual([
		true,
		true,
		false,
	]);
	expect([returned('invite', ''), returned('device', ''), returned('withdraw', '')]).toEqual([
		true,
		true,
		false,
	]);
	expect([returned('withdraw', '', 'i2'), returned('withdraw', '', 'i9')]).toEqual([true, false]);
	const phone = circlePeople.person('m1')?.devices[0]?.device ?? '';
	expect([returned('removeDevice', 'm1', phone), returned('removeDevice', 'm1', 'gone')]).toEqual([
		true,
		false,
	]);
	expect(await circlePeople.dismiss('s1')).toBe(true);
	expect(circlePeople.list.value?.returned.map(({ statement }) => statement)).toEqual(['s2']);
	fake.people = { ...fake.people, leads: false };
	await circlePeople.list.load();
	const lost = circlePeople.list.value;
	expect(RETURNED.map((one) => lost !== null && canSayAgain(one, lost))).toEqual([false, false]);
});

test('a fork has two sides, and ends for this phone when it goes on with one', async () => {
	const { fake, circlePeople } = await open();
	fake.warn('fork');
	await circlePeople.list.load();
	expect(circlePeople.list.value?.fork?.theirs.position).toBe(43);
	expect(await circlePeople.goOn('theirs')).toBe(true);
	expect(fake.asked.at(-1)).toEqual({ cmd: 'goOn', circle: CIRCLE, with: 'theirs' });
	expect(circlePeople.list.value?.fork).toBeNull();
});

test('an act that is not allowed changes nothing and says why', async () => {
	const { fake, circlePeople } = await open();
	fake.fails.set('remove', 'not-allowed');
	expect(await circlePeople.remove('m1')).toBe(false);
	expect([circlePeople.problem?.code, circlePeople.person('m1')?.standing, circlePeople.working]).toEqual([
		'not-allowed',
		'active',
		false,
	]);
	expect(await circlePeople.remove('m1')).toBe(true);
	expect(circlePeople.problem).toBeNull();
});

test('another phone of one’s own, or a new one for who lost theirs, is asked for as such', async () => {
	const { fake, circlePeople } = await open();
	expect((await circlePeople.inviteDevice('m0', false))?.code).toMatch(/^(\w{4}-)+\w{4}$/);
	await circlePeople.inviteDevice('m1', true);
	expect(fake.asked.filter(({ cmd }) => cmd === 'inviteDevice')).toEqual([
		{ cmd: 'inviteDevice', circle: CIRCLE, member: 'm0', recovers: false },
		{ cmd: 'inviteDevice', circle: CIRCLE, member: 'm1', recovers: true },
	]);
});

/** What was begun by promises alone is done. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('the people change on screen when a notice says so, and not for another circle', async () => {
	const { fake, circlePeople } = await open();
	const stop = circlePeople.start();
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
	pending: false,
});
const said = told;

test('what happened is told in plain words, also when a name has not come yet', () => {
	expect(said(event('granted', 'Ana', 'Grace'))).toBe('Grace let Ana in');
	expect(said(event('recovered', 'Ana', 'Ana'))).toBe('Ana came back with a new phone');
	expect(said(event('removed', 'Ana', ''))).toBe('The organisation took Ana out of the circle');
	expect(said(event('waits', 'Ana', 'Grace'))).toBe('Ana is waiting: Grace, who let them in, was taken out');
	expect(said(event('broughtBack', 'Ana', 'Grace'))).toBe('Grace brought Ana back');
	expect(said(event('demoted', 'Ana', 'Grace'))).toBe('Grace made Ana a member again');
	expect(said(event('withdrawn', '', 'Grace'))).toBe('Grace withdrew an invitation');
	expect(said({ ...event('newServer', '', ''), whoName: '' })).toBe(
		'The organisation gave the server a new key',
	);
	expect(said({ ...event('granted', 'Ana', 'Grace'), whoName: '', byName: '' })).toBe(
		'Someone let Someone in',
	);
});

test('a hostile name is told as it was written, a letter for each letter', () => {
	const name = '<img src=x onerror="alert(1)">{constructor}';
	expect(said(event('granted', name, 'Grace'))).toBe(`Grace let ${name} in`);
});

test('of what somebody did, the last few are told, and nothing that others did', () => {
	const events = Array.from({ length: 9 }, (_, at) => event('granted', `m${at}`, at === 0 ? 'm2' : 'm1'));
	expect(lately(events, 'm1').map(({ who }) => who)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
	expect(lately(events, 'm3')).toEqual([]);
});

test('who starts conversations is the facilitators’ to decide, and what a member may not do is not offered', async () => {
	const { fake, circlePeople } = await open();
	expect(circlePeople.list.value?.everyoneBegins).toBe(true);
	expect(await circlePeople.setConversations(false)).toBe(true);
	expect([circlePeople.list.value?.everyoneBegins, circlePeople.list.value?.events[0]?.kind]).toEqual([
		false,
		'conversationsReserved',
	]);
	fake.people = { ...fake.people, leads: false };
	const mayBegin = async (): Promise<boolean | undefined> => {
		const reply = await fake.ask<'circles'>({ cmd: 'circles' });
		return reply.ok ? reply.value[0]?.mayBegin : undefined;
	};
	expect(await mayBegin()).toBe(false);
	expect(await circlePeople.setConversations(true)).toBe(true);
	expect(await mayBegin()).toBe(true);
	fake.fails.set('setConversations', 'not-allowed');
	expect(await circlePeople.setConversations(false)).toBe(false);
	expect(circlePeople.problem?.code).toBe('not-allowed');
});

test('who left by themself is not called taken out, nor is one of whom it is no longer known', () => {
	const event = (kind: PeopleEvent['kind'], who: string): PeopleEvent => ({
		kind,
		who,
		whoName: '',
		by: '',
		byName: '',
		timeMs: 0,
		pending: false,
	});
	const events = [event('left', 'm1'), event('joined', 'm1'), event('removed', 'm1'), event('removed', 'm2')];
	expect(['m1', 'm2', 'm3'].map((member) => howGone(events, member))).toEqual(['left', 'removed', 'unknown']);
});
