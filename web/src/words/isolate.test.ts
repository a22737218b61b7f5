import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { isolate } from './isolate';

test('a name in a sentence opens and ends one isolation at most, whatever is in it', () => {
	const { below, pick } = random(3);
	const signs = ['a', 'א', 'م', ' ', '\u202e', '\u202b', '\u2066', '\u2068', '\u2069', '\u200f', '1', '!'];
	for (let turn = 0; turn < 400; turn++) {
		const name = Array.from({ length: below(9) }, () => pick(signs)).join('');
		const said = isolate(name);
		expect(said.replace(/^\u2068(.*)\u2069$/su, '$1')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
		if (/[אم]/.test(name)) expect(said).toMatch(/^\u2068.*\u2069$/su);
	}
	expect(isolate('Ana')).toBe('Ana');
});
