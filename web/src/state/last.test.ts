import type { ThreadSummary } from '$bridge';
import { expect, test } from 'vitest';
import { lastOf } from './last';

const thread = (change: Partial<ThreadSummary>): ThreadSummary => ({
	thread: 't',
	with: null,
	blocked: false,
	title: '',
	excerpt: '',
	lastMs: 1,
	lastName: 'Grace',
	lastMine: false,
	lastBody: 'here',
	unread: 0,
	titles: [],
	...change,
});

test('a list says who spoke last, and the last words', () => {
	expect(lastOf(thread({ excerpt: 'A chair.' }))).toEqual({ who: 'Grace', said: 'A chair.' });
	expect(lastOf(thread({ excerpt: 'A chair.', lastMine: true }))).toEqual({ who: 'You', said: 'A chair.' });
	expect(lastOf(thread({ lastName: '', excerpt: 'Hello' })).who).toBe('Someone new');
});

test('only a conversation in which nobody ever wrote is said to have no words', () => {
	const none = lastOf(thread({ lastBody: null, lastMs: null }));
	expect(none).toEqual({ who: '', said: 'No messages yet' });
	for (const lastBody of ['missing', 'gone', 'before', 'waiting', 'unverified', 'hidden'] as const) {
		const { said } = lastOf(thread({ lastBody }));
		expect(said === '' || said === none.said, lastBody).toBe(false);
	}
	expect(lastOf(thread({ lastBody: 'gone' }))).toEqual({ who: 'Grace', said: 'Taken back.' });
});
