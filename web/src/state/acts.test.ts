import { expect, test } from 'vitest';
import type { KithProblem } from '$bridge';
import { Acts, type Done } from './acts.svelte';

class Open extends Acts {
	readonly log: string[] = [];
	act = (reply: Promise<Done>): Promise<boolean> =>
		this.done(
			() => reply,
			() => Promise.resolve(this.log.push(`after, ${String(this.working)}`)),
		);
}

test('a second act waits for nothing and is not done; the first is being done until what follows it has ended', async () => {
	const acts = new Open();
	let answer = (_: Done): void => {};
	const first = acts.act(new Promise((resolve) => (answer = resolve)));
	expect(acts.working).toBe(true);
	expect(await acts.act(Promise.resolve({ ok: true }))).toBe(false);
	expect([acts.problem, acts.log]).toEqual([null, []]);
	answer({ ok: true });
	expect(await first).toBe(true);
	expect([acts.working, acts.log]).toEqual([false, ['after, true']]);
});

test('why an act was not done is said until one is', async () => {
	const acts = new Open();
	const problem = { code: 'not-allowed' } as KithProblem;
	expect(await acts.act(Promise.resolve({ ok: false, problem }))).toBe(false);
	expect(acts.problem).toEqual(problem);
	expect(await acts.act(Promise.resolve({ ok: true }))).toBe(true);
	expect(acts.problem).toBe(null);
});
