import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { Begun } from './begun.svelte';
import { Drafts } from './drafts';

const kept = (bridge: FakeBridge): string[] =>
	bridge.asked.flatMap((one) => (one.cmd === 'writeDraft' ? [one.text] : []));

test('what must outlive the next moment is kept at once, and only once', async () => {
	const bridge = new FakeBridge();
	const form = new Begun('c.tell', { sent: '' }, new Drafts(bridge));
	form.values.sent = 'first';
	form.keep();
	expect(kept(bridge)).toEqual([]);
	form.values.sent = 'second';
	form.keepNow();
	expect(kept(bridge)).toEqual(['{"sent":"second"}']);
	await new Promise((resolve) => setTimeout(resolve, 400));
	expect(kept(bridge)).toHaveLength(1);
	const again = new Begun('c.tell', { sent: '' }, new Drafts(bridge));
	await again.load();
	expect([again.values.sent, again.found]).toEqual(['second', true]);
});
