import { expect, test } from 'vitest';
import { parse } from './route.svelte';
import { to } from './to';
import { upFrom } from './up';

const CIRCLE = 'c1';

test('from a screen that can’t be drawn the way back leads to the one above it', () => {
	const above: [string, string][] = [
		[to.note(CIRCLE, 'n1'), to.sessions(CIRCLE)],
		[to.thread(CIRCLE, 't1'), to.threads(CIRCLE)],
		[to.sessions(CIRCLE), to.home(CIRCLE)],
		[to.threads(CIRCLE), to.home(CIRCLE)],
		[to.people(CIRCLE), to.home(CIRCLE)],
		[to.invite(CIRCLE, 'm1'), to.home(CIRCLE)],
		[to.plan(CIRCLE), to.home(CIRCLE)],
		[to.planEdit(CIRCLE, 'ask'), to.plan(CIRCLE)],
		[to.leave, to.start],
		[to.found, to.start],
	];
	for (const [here, up] of above) expect(upFrom(parse(`https://kith.example/${here}`)), here).toBe(up);
});
