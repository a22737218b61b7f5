import { expect, test, vi } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { Drafts } from './drafts';

test('a draft outlives its page, and is kept once for a burst of typing', async () => {
	vi.useFakeTimers();
	const fake = new FakeBridge();
	const drafts = new Drafts(fake);
	for (const text of ['b', 'be', 'begun']) drafts.write('t', text);
	expect(drafts.now('t')).toBe('begun');
	await vi.advanceTimersByTimeAsync(1_000);
	vi.useRealTimers();
	expect(fake.asked).toEqual([{ cmd: 'writeDraft', key: 't', text: 'begun' }]);
	expect(await new Drafts(fake).load('t')).toBe('begun');
});

test('what is typed while the draft is being fetched is not overwritten by it', async () => {
	const fake = new FakeBridge();
	fake.drafts.set('t', 'old');
	fake.delayMs = 5;
	const drafts = new Drafts(fake);
	const loading = drafts.load('t');
	drafts.write('t', 'new');
	expect(await loading).toBe('new');
	drafts.flush('t');
	await vi.waitFor(() => expect(fake.drafts.get('t')).toBe('new'));
});
