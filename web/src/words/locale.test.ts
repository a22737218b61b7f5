import { afterEach, expect, test, vi } from 'vitest';
import { random } from '../testing/random';
import { localeOf } from './locale';

/** The module is loaded anew for each of the languages, which takes busy cores longer than one test usually may. */
const LOADING_MS = 60_000;

afterEach(() => {
	vi.unstubAllGlobals();
	vi.resetModules();
});

test('the person’s own variant of the language is taken, however their system writes it', () => {
	const cases: [string, readonly unknown[] | undefined][] = [
		['en-GB', ['fr-FR', 'en-GB', 'en-US']],
		['en-US', ['en-US@posix']],
		['en-US', ['en_US.UTF-8']],
		['en', ['C']],
		['en', ['POSIX', 'x', '*', '']],
		['en', []],
		['en', undefined],
		['en-NG', [null, 7, {}, 'en-NG']],
		['en-GB', ['eN-gB']],
	];
	for (const [locale, languages] of cases) expect(localeOf('en', { languages })).toBe(locale);
	expect(localeOf('en', undefined)).toBe('en');
	expect(localeOf('en', { language: 'en-ZA' })).toBe('en-ZA');
});

test(
	'whatever a browser says, days, times and lists can be written',
	async () => {
		const parts = [
			'en',
			'EN',
			'US',
			'Latn',
			'posix',
			'u-ca-gregory',
			'x',
			'C',
			'1',
			'é',
			'',
			'x-private',
			'root',
		];
		const joints = ['-', '_', '@', '.', '--', ' '];
		for (let seed = 0; seed < 300; seed += 1) {
			const dice = random(seed);
			const tag = (): string =>
				Array.from({ length: 1 + dice.below(4) }, () => dice.pick(parts) + dice.pick(joints)).join('');
			const languages = Array.from({ length: dice.below(4) }, tag);
			vi.stubGlobal('navigator', { languages });
			vi.resetModules();
			const dates = await import('./dates');
			expect(dates.longDay(20_000), languages.join()).not.toBe('');
			expect(dates.clock(0), languages.join()).not.toBe('');
			expect(dates.list(['Ana', 'Ben']), languages.join()).toContain('Ben');
		}
	},
	LOADING_MS,
);
