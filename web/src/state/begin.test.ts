import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { Founding, Return } from './begin.svelte';

test('a printed code brings back into the circle, in any case and spacing', async () => {
	const fake = new FakeBridge();
	fake.enrolled = false;
	const back = new Return(fake);
	expect(await back.go()).toBeNull();
	expect(back.codeMissing).toBe(true);
	back.code = 'K7QF 2M9X';
	expect(await back.go()).toBeNull();
	expect([back.problem?.code, back.code]).toEqual(['code-invalid', 'K7QF 2M9X']);
	back.code = ' k7qf2m9x-pd4t-8hwc-3vrb-6nyj-z5ga ';
	expect(await back.go()).toHaveLength(1);
	expect([back.problem, fake.enrolled]).toEqual([null, true]);
});

test('a circle is started with its name and one’s own, and not without', async () => {
	const fake = new FakeBridge();
	const founding = new Founding(fake);
	expect(await founding.go()).toBeNull();
	expect([founding.circleMissing, founding.nameMissing, fake.asked]).toEqual([true, true, []]);
	founding.circleName = ' Monday circle ';
	founding.name = 'Grace';
	fake.fails.set('found', 'not-allowed');
	expect(await founding.go()).toBeNull();
	expect(founding.problem?.code).toBe('not-allowed');
	expect((await founding.go())?.name).toBe('Monday circle');
	expect(founding.problem).toBeNull();
});
