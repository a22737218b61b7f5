import { afterEach, expect, test, vi } from 'vitest';
import { keepAwake } from './awake';

afterEach(() => vi.unstubAllGlobals());

/** A page that can be hidden, and a browser that keeps its screen on. */
function page(): { held: () => number; hide: (hidden: boolean) => void; listeners: Set<() => void> } {
	let locks = 0;
	let held = 0;
	const listeners = new Set<() => void>();
	const document = {
		hidden: false,
		addEventListener: (_: string, heard: () => void) => listeners.add(heard),
		removeEventListener: (_: string, heard: () => void) => listeners.delete(heard),
	};
	vi.stubGlobal('document', document);
	vi.stubGlobal('navigator', {
		wakeLock: {
			request: () => {
				held = ++locks;
				return Promise.resolve({ release: () => Promise.resolve((held = 0)) });
			},
		},
	});
	const hide = (hidden: boolean): void => {
		document.hidden = hidden;
		// The browser lets go of it.
		if (hidden) held = 0;
		for (const heard of listeners) heard();
	};
	return { held: () => held, hide, listeners };
}

test('the screen stays on until the end, also when the page comes back', async () => {
	const { held, hide, listeners } = page();
	const end = keepAwake();
	expect(held()).toBe(1);
	hide(true);
	expect(held()).toBe(0);
	hide(false);
	expect(held()).toBe(2);
	end();
	await vi.waitUntil(() => held() === 0);
	expect(listeners.size).toBe(0);
});

test('a browser that can’t is left alone', () => {
	page();
	vi.stubGlobal('navigator', {});
	expect(() => keepAwake()()).not.toThrow();
});
