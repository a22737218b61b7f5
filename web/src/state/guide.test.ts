import { beforeEach, expect, test, vi } from 'vitest';
import { phoneKept } from './kept';

beforeEach(() => {
	phoneKept('guide.seen').clear();
	vi.resetModules();
});

test('the guide is offered until somebody is done with it, and not after the next start either', async () => {
	const first = (await import('./guide.svelte')).guide;
	expect(first.offered).toBe(true);
	first.done();
	expect(first.offered).toBe(false);
	const { Guide } = await import('./guide.svelte');
	expect(new Guide().offered).toBe(false);
});
