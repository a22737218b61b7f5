import { afterEach, expect, test, vi } from 'vitest';
import { KEPT_CHARS_MAX, tabKept, tabSealed } from './kept';

/** A storage that refuses what it is told to refuse. */
class FakeStorage {
	readonly items = new Map<string, string>();
	full = false;
	getItem = (key: string): string | null => this.items.get(key) ?? null;
	removeItem = (key: string): void => void this.items.delete(key);
	setItem(key: string, text: string): void {
		if (this.full) throw new DOMException('', 'QuotaExceededError');
		this.items.set(key, text);
	}
}

afterEach(() => vi.unstubAllGlobals());

test('what a tab keeps is there after a reload, until it is cleared', () => {
	const storage = new FakeStorage();
	vi.stubGlobal('sessionStorage', storage);
	tabKept('a').set('begun');
	expect([tabKept('a').get(), tabKept('b').get()]).toEqual(['begun', null]);
	expect([...storage.items]).toEqual([['kith.a', 'begun']]);
	tabKept('a').clear();
	expect([tabKept('a').get(), storage.items.size]).toEqual([null, 0]);
	tabKept('a').set('x'.repeat(KEPT_CHARS_MAX));
	tabKept('a').set('x'.repeat(KEPT_CHARS_MAX + 1));
	expect(tabKept('a').get()).toBeNull();
});

test('where storage is refused the page remembers by itself, and nothing throws', () => {
	const refusals: (() => void)[] = [
		() => vi.stubGlobal('sessionStorage', undefined),
		() =>
			Object.defineProperty(globalThis, 'sessionStorage', {
				configurable: true,
				get: () => {
					throw new DOMException('', 'SecurityError');
				},
			}),
	];
	for (const refuse of refusals) {
		refuse();
		const kept = tabKept('refused');
		expect(kept.get()).toBeNull();
		kept.set('begun');
		expect(tabKept('refused').get()).toBe('begun');
		kept.clear();
		expect(kept.get()).toBeNull();
	}
	Reflect.deleteProperty(globalThis, 'sessionStorage');
});

test('a full storage gives up no older value as the newest', () => {
	const storage = new FakeStorage();
	vi.stubGlobal('sessionStorage', storage);
	const kept = tabKept('full');
	kept.set('old');
	storage.full = true;
	kept.set('new');
	expect(kept.get()).toBe('new');
	storage.full = false;
	kept.set('newest');
	expect([kept.get(), storage.items.get('kith.full')]).toEqual(['newest', 'newest']);
	kept.clear();
});

test('a secret is there after a reload, and the storage alone tells nothing of it', () => {
	const storage = new FakeStorage();
	vi.stubGlobal('sessionStorage', storage);
	vi.stubGlobal('name', '');
	const texts = ['https://kith.example/#e=3qHn7VvK', 'Zoë 🌱, and who comes along'];
	for (const text of texts) {
		tabSealed('link').set(text);
		tabSealed('other').set('beside');
		expect([tabSealed('link').get(), tabSealed('other').get()]).toEqual([text, 'beside']);
		expect(name + [...storage.items.values()].join()).not.toContain(text.slice(0, 8));
	}
	const before = storage.items.get('kith.link');
	tabSealed('link').set(texts[1] ?? '');
	expect(storage.items.get('kith.link')).not.toBe(before);
	for (const elsewhere of [
		'',
		'of another site',
		'kith {',
		'kith {"link":7}',
		'kith {"link":[1]}',
		'kith null',
	]) {
		vi.stubGlobal('name', elsewhere);
		expect(tabSealed('link').get()).toBeNull();
	}
	tabSealed('link').clear();
	tabSealed('other').clear();
	expect(storage.items.size).toBe(0);
	expect(name).not.toMatch(/\d/);
});
