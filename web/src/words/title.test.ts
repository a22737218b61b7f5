import { afterEach, expect, test } from 'vitest';
import { phoneKept } from '../state/kept';
import '../testing/words';
import { titled, untitled } from './title';

const plain = phoneKept('plain');
afterEach(() => plain.clear());

test('a tab says which screen of which app it shows', () => {
	expect([titled('Talk'), untitled()]).toEqual(['Talk · Kith', 'Kith']);
});

test('with a name that says nothing, a tab says that name alone', () => {
	plain.set('Notes');
	expect([titled('My plan for hard moments'), untitled()]).toEqual(['Notes', 'Notes']);
});
