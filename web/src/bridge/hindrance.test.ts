import { expect, test } from 'vitest';
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
	const cases: [Parameters<typeof hindranceOf>[0], RegExp, RegExp][] = [
		[{ isSecureContext: false }, /does not begin with https/, /link that begins with https/],
		[{ ...able, isSecureContext: false }, /does not begin with https/, /link that begins with https/],
		[refused, /does not let Kith keep anything/, /Allow cookies and site data/],
		[{ ...able, indexedDB: null }, /does not let Kith keep anything/, /Allow cookies and site data/],
		[{ ...able, navigator: {} }, /too old/, /Update it/],
		[{ ...able, crypto: { subtle: {} } }, /too old/, /Update it/],
	];
	for (const [browser, text, advice] of cases) {
		const problem = hindranceOf(browser);
		expect(problem?.text).toMatch(text);
		expect(problem?.advice).toMatch(advice);
	}
});
