import { beforeEach, expect, test } from 'vitest';
import type { Circle } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, circle } from '../testing/sample';
import { agreedNames, agrees, isToMeet, met, Together } from './together.svelte';

beforeEach(() => {
	const none = {
		lines: [],
		agreementDigest: null,
		agreed: [],
		changed: null,
		roles: [],
		opening: '',
		closing: '',
	};
	Object.assign(circle, none);
});

async function opened(): Promise<[Together, FakeBridge]> {
	const bridge = new FakeBridge();
	bridge.lead();
	const together = new Together(bridge, CIRCLE);
	await together.circle.load();
	return [together, bridge];
}

/** Drafts that only this test has. */
class Kept {
	readonly all = new Map<string, string>();
	load(key: string): Promise<string> {
		return Promise.resolve(this.all.get(key) ?? '');
	}
	write(key: string, text: string): void {
		this.all.set(key, text);
	}
	flush(): void {
		// Everything is kept already.
	}
}

const shown = (together: Together): Circle => together.circle.value as Circle;

test('who agreed is shown by name, and a change asks again and says what changed', async () => {
	const [together] = await opened();
	expect(await together.act({ cmd: 'addAgreementLine', circle: CIRCLE, text: 'We listen.' })).toBe(true);
	const digest = shown(together).agreementDigest;
	expect(agrees(shown(together))).toBe(false);
	await together.act({ cmd: 'agree', circle: CIRCLE, digest });
	expect([agrees(shown(together)), agreedNames(shown(together))]).toEqual([true, ['Ana']]);
	await together.act({ cmd: 'addAgreementLine', circle: CIRCLE, text: 'Anyone may pass.' });
	expect(agreedNames(shown(together))).toEqual([]);
	expect(shown(together).changed?.map(({ before, now }) => [before, now])).toEqual([
		['', 'Anyone may pass.'],
	]);
});

test('an agreement is met once, and again when it says something else', async () => {
	const [together] = await opened();
	const kept = new Kept();
	expect(await isToMeet(shown(together), kept)).toBe(false);
	await together.act({ cmd: 'addAgreementLine', circle: CIRCLE, text: 'We listen.' });
	expect(await isToMeet(shown(together), kept)).toBe(true);
	met(shown(together), kept);
	expect(await isToMeet(shown(together), kept)).toBe(false);
	await together.act({ cmd: 'addAgreementLine', circle: CIRCLE, text: 'Anyone may pass.' });
	expect(await isToMeet(shown(together), kept)).toBe(true);
	const { agreementDigest: digest } = shown(together);
	await together.act({ cmd: 'agree', circle: CIRCLE, digest });
	expect(await isToMeet(shown(together), kept)).toBe(false);
});

test('what was not done says why', async () => {
	const [together, bridge] = await opened();
	expect(await together.act({ cmd: 'addRole', circle: CIRCLE, name: ' ', member: null })).toBe(false);
	expect(together.problem?.code).toBe('empty');
	bridge.fails.set('setCircle', 'server-error');
	expect(await together.act({ cmd: 'setCircle', circle: CIRCLE, opening: 'A breath' })).toBe(false);
	expect(together.problem?.code).toBe('server-error');
	expect(await together.act({ cmd: 'setCircle', circle: CIRCLE, opening: ' A breath ' })).toBe(true);
	expect([together.problem, shown(together).opening]).toEqual([null, 'A breath']);
});
