import { expect, test } from 'vitest';
import type { CircleSummary } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { circle } from '../testing/sample';
import { canSend, isOutOf, leaders } from './standing';

const summary = (id: string, standing: CircleSummary['standing']): CircleSummary => ({
	circle: id,
	name: '',
	members: 1,
	unread: 0,
	pending: false,
	standing,
	warning: null,
	mayBegin: true,
	leaving: false,
});

test('p18 a phone is out of the circle that it was taken out of, and of no other', () => {
	const circles = [summary('a', 'removed'), summary('b', 'active'), summary('c', 'provisional')];
	expect(['a', 'b', 'c', 'd', null].map((one) => isOutOf(circles, one))).toEqual([
		true,
		false,
		false,
		false,
		false,
	]);
	expect(isOutOf(null, 'a')).toBe(false);
});

test('what can be sent nowhere is not offered to be sent', () => {
	const standings = ['active', 'provisional', 'removed'] as const;
	for (const one of standings)
		for (const other of standings) {
			const sends = one !== 'removed' || other !== 'removed';
			expect(canSend([summary('a', one), summary('b', other)])).toBe(sends);
		}
	expect(canSend(null)).toBe(true);
});

test('whom to speak to are the facilitators by name, never oneself', async () => {
	expect(leaders(circle)).toEqual(['Auntie Ruth']);
	expect(leaders(null)).toEqual([]);
	const mine = circle.members.map((one) => ({ ...one, role: 'facilitator' as const }));
	expect(leaders({ ...circle, members: mine })).not.toContain('Ana');
	const fake = new FakeBridge();
	fake.standing = 'removed';
	const reply = await fake.ask<'circles'>({ cmd: 'circles' });
	expect(reply.ok && isOutOf(reply.value, reply.value[0]?.circle ?? null)).toBe(true);
});
