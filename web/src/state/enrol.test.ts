import { beforeEach, expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { Enrolment } from './enrol.svelte';
import { tabSealed } from './kept';

const LINK = 'https://kith.example/#/join?t=one';
const kept = tabSealed('begun.join');

function coming(link = LINK): Enrolment {
	const fake = new FakeBridge();
	fake.enrolled = false;
	return new Enrolment(fake, link);
}

beforeEach(() => kept.clear());

test('what was typed for a link is taken up by a page that begins anew, with the tap on "join"', () => {
	const first = coming();
	first.name = 'Ana';
	first.keep(false);
	const second = coming();
	expect([second.resume(), second.name]).toEqual([false, 'Ana']);
	second.keep(true);
	const third = coming();
	expect([third.resume(), third.name]).toEqual([true, 'Ana']);
});

test('nothing of it stays once one is in, gave up, or opened another link', () => {
	const first = coming();
	first.name = 'Ana';
	first.keep(true);
	first.forget();
	expect(kept.get()).toBeNull();
	const again = coming();
	expect([again.resume(), again.name]).toEqual([false, '']);

	first.keep(true);
	const other = coming('https://kith.example/#/join?t=two');
	expect([other.resume(), other.name]).toEqual([false, '']);
	expect(kept.get()).toBeNull();
	for (const broken of ['{', 'null', '7', '{"name":"Ana"}']) {
		kept.set(broken);
		expect([coming().resume(), kept.get()]).toEqual([false, null]);
	}
});
