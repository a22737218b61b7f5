import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { Going } from './going.svelte';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function going(): Promise<{ fake: FakeBridge; going: Going }> {
	const fake = new FakeBridge();
	const going = new Going(fake, CIRCLE);
	going.start();
	await settled();
	return { fake, going };
}

test('who asks to leave waits for the server, may stay, and is gone once it was reached', async () => {
	const { fake, going: one } = await going();
	expect(one.standing?.stage).toBe('not');
	await one.leave(true, false);
	expect(one.standing).toMatchObject({ stage: 'asked', erase: true });
	await one.stay();
	expect(one.standing?.stage).toBe('not');
	await one.leave(false, false);
	fake.leaving.reach();
	await settled();
	expect(one.gone).toBe(true);
});

test('the only one who leads is told why, and nothing was done', async () => {
	const { fake, going: one } = await going();
	fake.leaving.lastFacilitator = true;
	await one.leave(false, false);
	expect(one.problem).toMatchObject({ code: 'not-allowed', why: 'last-facilitator' });
	expect([one.gone, one.working]).toEqual([false, false]);
});

test('what was typed a moment ago is kept before anybody leaves, and a second tap does nothing', async () => {
	const { fake, going: one } = await going();
	await Promise.all([one.leave(false, false), one.leave(true, true)]);
	const asked = fake.asked.map(({ cmd }) => cmd).filter((cmd) => cmd === 'flush' || cmd === 'leave');
	expect(asked).toEqual(['flush', 'leave']);
});
