import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { inOrder } from './sort';

interface One {
	name: string;
	role: 'facilitator' | 'member';
}
const names = (people: readonly One[]): string[] => inOrder(people).map(({ name }) => name);
const member = (name: string): One => ({ name, role: 'member' });

test('people stand with facilitators first, then by name as their language has it', () => {
	const people = [member('zora'), member('Émile'), member('Ana (10)'), member('Ana (2)'), member('Eva')];
	expect(names([...people, { name: 'Ruth', role: 'facilitator' }])).toEqual([
		'Ruth',
		'Ana (2)',
		'Ana (10)',
		'Émile',
		'Eva',
		'zora',
	]);
});

test('whoever has no name yet comes last, and any list comes out in one order', () => {
	for (let seed = 0; seed < 100; seed++) {
		const next = random(seed);
		const people = Array.from({ length: next.below(20) }, (): One => ({
			name: next.pick(['', 'Ana', 'ana', 'Ben', 'Ñusta', 'Nina', 'بن', '李']),
			role: next.pick(['member', 'member', 'facilitator']),
		}));
		const once = inOrder(people);
		expect(inOrder([...once].reverse()).map(({ name, role }) => name.toLowerCase() + role)).toEqual(
			once.map(({ name, role }) => name.toLowerCase() + role),
		);
		const unnamed = once.findIndex(({ name }) => name === '');
		if (unnamed >= 0) expect(once.slice(unnamed).every(({ name }) => name === '')).toBe(true);
	}
});
