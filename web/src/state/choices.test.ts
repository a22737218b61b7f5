import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, members } from '../testing/sample';
import { Choices } from './choices.svelte';

test('what is chosen holds until it is chosen no more, each by itself', async () => {
	const choices = new Choices(new FakeBridge(), CIRCLE);
	const stop = choices.start();
	const other = members[1]?.member ?? '';
	expect(choices.has('buddy', other)).toBe(false);
	expect(await choices.set('buddy', other, true)).toBe(true);
	expect(await choices.set('reads', other, true)).toBe(true);
	expect([choices.has('buddy', other), choices.has('reads', other)]).toEqual([true, true]);
	await choices.set('buddy', other, false);
	expect([choices.has('buddy', other), choices.has('reads', other)]).toEqual([false, true]);
	stop();
});

test('what can’t be chosen says so, and changes nothing', async () => {
	const choices = new Choices(new FakeBridge(), CIRCLE);
	const me = members.find((one) => one.me)?.member ?? '';
	expect(await choices.set('blocked', me, true)).toBe(false);
	expect(choices.all.problem?.code).toBe('bad-input');
	expect(choices.has('blocked', me)).toBe(false);
});
