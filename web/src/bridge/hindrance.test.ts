import { expect, test } from 'vitest';
import type { Hindrance } from './contract';
import { hindranceOf } from './hindrance';

const able = {
	isSecureContext: true,
	crypto: { subtle: {}, randomUUID: () => '' },
	navigator: { locks: {} },
	indexedDB: {},
	BroadcastChannel: {},
};

test('a browser that gives all that is needed is not in the way', () => {
	expect(hindranceOf(able)).toBeNull();
});

test('plain http, refused storage and an old browser are each said, with what to do', () => {
	const refused = Object.defineProperty({ ...able }, 'indexedDB', {
		get: () => {
			throw new DOMException('', 'SecurityError');
		},
	});
	const cases: [Parameters<typeof hindranceOf>[0], Hindrance][] = [
		[{ isSecureContext: false }, 'not-secure'],
		[{ ...able, isSecureContext: false }, 'not-secure'],
		[refused, 'storage-refused'],
		[{ ...able, indexedDB: null }, 'storage-refused'],
		[{ ...able, navigator: {} }, 'too-old'],
		[{ ...able, crypto: { subtle: {} } }, 'too-old'],
	];
	for (const [browser, why] of cases) expect(hindranceOf(browser)?.why).toBe(why);
});
