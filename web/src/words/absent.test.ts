import type { Message } from '$bridge';
import { expect, test } from 'vitest';
import { absentText } from './absent';

const absent: Message['body'][] = ['missing', 'gone', 'before', 'waiting', 'unverified', 'hidden'];

test('p18 what was written before someone came says that it stays closed, and what waits says that it comes', () => {
	expect(absentText('before')).toBe('This was written before you joined, so it stays closed.');
	expect(absentText('waiting')).toBe(
		'The key for this hasn’t arrived yet. It will open on its own after a sync.',
	);
});

test('each reason why a text is not there has words of its own', () => {
	expect(new Set(absent.map(absentText)).size).toBe(absent.length);
	expect(absent.map(absentText).filter((text) => text === '')).toEqual([]);
	expect(absentText('here')).toBe('');
});
