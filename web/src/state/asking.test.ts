import { expect, test } from 'vitest';
import type { Person } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, RETURNED } from '../testing/sample';
import { peopleWords } from '../words';
import { Asking } from './asking.svelte';
import { CirclePeople } from './people.svelte';

const open = async (): Promise<{
	fake: FakeBridge;
	circlePeople: CirclePeople;
	asking: Asking;
	person: (member: string) => Person;
}> => {
	const fake = new FakeBridge();
	fake.lead();
	fake.returns(RETURNED);
	const circlePeople = new CirclePeople(fake, CIRCLE);
	await circlePeople.list.load();
	const person = (member: string): Person => {
		const found = circlePeople.person(member);
		if (!found) throw new Error(`no ${member}`);
		return found;
	};
	return { fake, circlePeople, asking: new Asking(circlePeople), person };
};

test('nothing is done before the answer, and nothing after a no', async () => {
	const { fake, asking, person } = await open();
	asking.remove(person('m1'));
	asking.demote(person('m12'));
	asking.promote(person('m1'));
	asking.bringBack(person('m9'));
	await asking.answered(false);
	expect(fake.asked.map(({ cmd }) => cmd)).toEqual(['people']);
	expect([asking.question, asking.happened]).toEqual([null, '']);
});

test('nobody is ticked when a removal is asked, not even after one where somebody was', async () => {
	const { fake, asking, person } = await open();
	asking.remove(person('m9'));
	expect(asking.also).toEqual([]);
	asking.also = ['m10'];
	await asking.answered(true);
	expect(fake.asked.at(-1)).toMatchObject({ cmd: 'remove', member: 'm9', also: ['m10'] });
	expect(asking.happened).toBe('Hassan and Njeri were taken out.');
	asking.remove(person('m1'));
	expect([asking.also, asking.question?.leaving?.name]).toEqual([[], 'Baraka']);
	await asking.answered(true);
	expect(fake.asked.at(-1)).toMatchObject({ cmd: 'remove', member: 'm1', also: [] });
	expect(asking.happened).toBe('Baraka was taken out.');
});

test('who waits is let in at once, who is out is brought back after a question', async () => {
	const { asking, circlePeople, person } = await open();
	expect(await asking.letIn(person('m10'))).toBe(true);
	expect([circlePeople.person('m10')?.standing, asking.happened]).toEqual(['active', 'Njeri is in.']);
	asking.bringBack(person('m9'));
	expect(asking.question?.text).toContain('comes back as a member');
	await asking.answered(true);
	expect([circlePeople.person('m9')?.standing, asking.happened]).toEqual(['active', 'Hassan is back.']);
});

test('what was returned is dismissed once it was said again, and stays when that failed too', async () => {
	const { fake, asking, circlePeople } = await open();
	const [demote] = RETURNED;
	if (!demote) throw new Error('there is one');
	asking.again(demote);
	expect(asking.question?.title).toBe('Make Auntie Ruth a member again?');
	fake.fails.set('demote', 'not-allowed');
	await asking.answered(true);
	expect(circlePeople.list.value?.returned).toHaveLength(2);
	asking.again(demote);
	await asking.answered(true);
	expect(fake.asked.slice(-2).map(({ cmd }) => cmd)).toEqual(['demote', 'dismiss']);
	expect(circlePeople.list.value?.returned.map(({ statement }) => statement)).toEqual(['s2']);
});

test('a phone that was not taken out and an invitation that was not withdrawn are tried again', async () => {
	const { fake, asking, circlePeople } = await open();
	const [first] = RETURNED;
	const device = circlePeople.person('m1')?.devices[0]?.device;
	const invite = circlePeople.list.value?.invites[0]?.invite;
	if (!first || !device || !invite) throw new Error('they are there');
	const what = { who: 'm1', whoName: '', why: 'lost-chain' } as const;
	asking.again({ ...what, statement: 's1', what: 'removeDevice', thing: device });
	await asking.answered(true);
	asking.again({ ...what, statement: 's2', what: 'withdraw', who: '', thing: invite });
	await asking.answered(true);
	expect(fake.asked.slice(-4)).toEqual([
		{ cmd: 'removeDevice', circle: CIRCLE, device },
		{ cmd: 'dismiss', circle: CIRCLE, statement: 's1' },
		{ cmd: 'withdraw', circle: CIRCLE, invite },
		{ cmd: 'dismiss', circle: CIRCLE, statement: 's2' },
	]);
});

test('leaving what was returned does nothing but dismiss it', async () => {
	const { fake, asking } = await open();
	for (const one of RETURNED) await asking.leave(one);
	expect(fake.asked.slice(1)).toEqual([
		{ cmd: 'dismiss', circle: CIRCLE, statement: 's1' },
		{ cmd: 'dismiss', circle: CIRCLE, statement: 's2' },
	]);
});

test('withdrawing, and going on with one of two lists, are asked first', async () => {
	const { fake, asking, circlePeople } = await open();
	const invite = circlePeople.list.value?.invites[0];
	if (!invite) throw new Error('there is one');
	asking.withdraw(invite);
	await asking.answered(true);
	expect(fake.asked.at(-1)).toEqual({ cmd: 'withdraw', circle: CIRCLE, invite: invite.invite });
	asking.goOn('ours');
	expect(asking.question?.text).toBe(peopleWords.fork.meansOurs);
	await asking.answered(false);
	asking.goOn('theirs');
	expect(asking.question?.text).toBe(peopleWords.fork.meansTheirs);
	await asking.answered(true);
	expect(fake.asked.at(-1)).toEqual({ cmd: 'goOn', circle: CIRCLE, with: 'theirs' });
});

test('only what takes somebody or their phone out does not look like the calm way on', async () => {
	const { asking, circlePeople } = await open();
	const ruth = circlePeople.list.value?.people.find(({ me }) => !me);
	if (!ruth) throw new Error('there is one');
	const asked = (ask: () => void): boolean => {
		ask();
		return asking.question?.danger ?? false;
	};
	expect(asked(() => asking.remove(ruth))).toBe(true);
	expect(asked(() => asking.lost(ruth, 'd1'))).toBe(true);
	for (const calm of [() => asking.promote(ruth), () => asking.demote(ruth), () => asking.bringBack(ruth)])
		expect(asked(calm)).toBe(false);
});
