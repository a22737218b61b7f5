import { beforeEach, expect, test } from 'vitest';
import type { Circle } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { sampleHelplines } from '../testing/fake-help';
import { CIRCLE, circle } from '../testing/sample';
import { CircleHelp, isOld, valuesOf, whomToAsk, type Line } from './help.svelte';

const LINE: Line = {
	name: 'Clinic',
	phone: '1',
	sms: '',
	region: '',
	hours: '',
	language: '',
	checked: null,
};

beforeEach(() => {
	Object.assign(circle, { helplines: sampleHelplines(), followUp: null, aboutAlcohol: false, contested: [] });
});

async function opened(): Promise<[CircleHelp, FakeBridge]> {
	const bridge = new FakeBridge();
	bridge.lead();
	const help = new CircleHelp(bridge, CIRCLE);
	await help.circle.load();
	return [help, bridge];
}

const names = (help: CircleHelp): string[] => help.circle.value?.helplines.map(({ name }) => name) ?? [];

test('what a facilitator enters stands before what the organisation says, and only theirs is changed', async () => {
	const [help] = await opened();
	expect(help.leads).toBe(true);
	expect(await help.add(LINE)).toBe(true);
	expect(names(help)).toEqual(['Example: night line', 'Clinic', 'Example: clinic desk']);
	const item = help.circle.value?.helplines[1]?.item ?? '';
	expect(await help.change(item, { sms: '2', checked: 20_700 })).toBe(true);
	expect(help.of(item)).toMatchObject({ name: 'Clinic', phone: '1', sms: '2', checked: 20_700 });
	expect(await help.change('', { sms: '2' })).toBe(true);
	expect(await help.remove(item)).toBe(true);
	expect(names(help)).toHaveLength(2);
	expect([help.of(item), help.of(null)]).toEqual([null, null]);
});

test('what was not done says why, and a second tap while one is under way does nothing', async () => {
	const [help, bridge] = await opened();
	expect(await help.add({ ...LINE, phone: '' })).toBe(false);
	expect(help.problem?.code).toBe('empty');
	expect(await help.add({ ...LINE, phone: 'call us' })).toBe(false);
	expect(help.problem?.why).toBe('number');
	bridge.delayMs = 5;
	expect(await Promise.all([help.add(LINE), help.add(LINE)])).toEqual([true, false]);
	expect(names(help)).toHaveLength(3);
	expect(help.problem).toBeNull();
});

test('who follows up is said by both or by neither', async () => {
	const [help] = await opened();
	expect(await help.decide({ followUpWho: 'Ruth', followUpBy: '' })).toBe(false);
	expect(await help.decide({ followUpWho: 'Ruth', followUpBy: 'the next day', aboutAlcohol: true })).toBe(
		true,
	);
	expect(help.circle.value).toMatchObject({
		followUp: { who: 'Ruth', by: 'the next day' },
		aboutAlcohol: true,
	});
	expect(await help.decide({ followUpWho: '', followUpBy: '' })).toBe(true);
	expect(help.circle.value?.followUp).toBeNull();
});

test('half a year after it was checked a helpline should be checked again', () => {
	expect([isOld(20_700, 20_700), isOld(20_700, 20_883), isOld(20_700, 20_884)]).toEqual([false, false, true]);
	expect(isOld(null, 20_700)).toBe(true);
	expect(isOld(20_800, 20_700)).toBe(false);
});

test('a circle without helplines names those who can enter them', () => {
	const member = { member: 'm', names: [], role: 'member', me: false, name: 'Ana' } as const;
	const people = [
		{ ...member, name: 'Wanjiku', role: 'facilitator' },
		{ ...member, name: 'Baraka' },
		{ ...member, name: 'Auntie Ruth', role: 'facilitator' },
		{ ...member, name: '', role: 'facilitator' },
		{ ...member, name: 'Me', role: 'facilitator', me: true },
	] as unknown as Circle['members'];
	expect(whomToAsk({ ...circle, members: people })).toEqual(['Auntie Ruth', 'Wanjiku']);
	expect(whomToAsk({ ...circle, members: [] })).toEqual([]);
});

test('values that stand beside each other are those of one field', () => {
	const by = { author: 'm0', authorName: 'Ana' };
	const all = [
		{ ...by, field: 'phone', value: '1' },
		{ ...by, field: 'phone', value: '2' },
		{ ...by, field: 'name', value: 'x' },
	] as const;
	expect(valuesOf(all, 'phone').map(({ value }) => value)).toEqual(['1', '2']);
	expect(valuesOf(all, 'sms')).toEqual([]);
});
