import { expect, test } from 'vitest';
import { parse } from './route.svelte';
import { sideOf } from './side';

test('beside a note stand the sessions, beside a conversation the conversations, beside all else nothing', () => {
	const side = (place: string): string | null => sideOf(parse(`https://kith.example/#/c/a/${place}`));
	expect(['sessions', 'note/n1'].map(side)).toEqual(['sessions', 'sessions']);
	expect(['talk', 'talk/t1'].map(side)).toEqual(['threads', 'threads']);
	expect(['safe', 'people', 'settings', 'sessions/new', 'who/t1', 'invite'].map(side)).toEqual([
		null,
		null,
		null,
		null,
		null,
		null,
	]);
});
