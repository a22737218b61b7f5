import { afterEach, expect, test, vi } from 'vitest';
import { random } from '../testing/random';
import { localeFor } from './language';

/** The module is loaded anew for each of the languages, which takes busy cores longer than one test usually may. */
const LOADING_MS = 60_000;

afterEach(() => {
	vi.unstubAllGlobals();
	vi.resetModules();
});

const KNOWN = ['en', 'es'];

test('the first of the person’s languages that is known is taken, in their own variant, however their system writes it', () => {
	const cases: [string, readonly unknown[] | undefined][] = [
		['en-GB', ['fr-FR', 'en-GB', 'es-MX']],
		['es-MX', ['fr-FR', 'es-MX', 'en-GB']],
		['es-419', ['es_419.UTF-8', 'en']],
		['en-US', ['en-US@posix']],
		['en-US', ['en_US.UTF-8']],
		['en', ['C']],
		['en', ['POSIX', 'x', '*', '']],
		['en', []],
		['en', undefined],
		['en', ['sw', 'fr']],
		['en-NG', [null, 7, {}, 'en-NG']],
		['en-GB', ['eN-gB']],
		['en', ['constructor', '__proto__', 'toString']],
	];
	for (const [locale, languages] of cases) expect(localeFor(KNOWN, null, { languages })).toBe(locale);
	expect(localeFor(KNOWN, null, undefined)).toBe('en');
	expect(localeFor(KNOWN, null, { language: 'en-ZA' })).toBe('en-ZA');
});

test('a language that was chosen comes before those of the phone, in the person’s variant where the phone has one', () => {
	expect(localeFor(KNOWN, 'es', { languages: ['en-GB'] })).toBe('es');
	expect(localeFor(KNOWN, 'es', { languages: ['en-GB', 'es-PE'] })).toBe('es-PE');
	expect(localeFor(KNOWN, 'en', { languages: ['es-PE'] })).toBe('en');
	for (const none of ['', 'fr', 'constructor', undefined])
		expect(localeFor(KNOWN, none, { languages: ['es-PE'] })).toBe('es-PE');
});

test('the page’s head carries the choice as text, so it uses nothing from outside', () => {
	const alone = new Function(`return ${localeFor.toString()}`)() as typeof localeFor;
	expect(alone(KNOWN, null, { languages: ['es-CO'] })).toBe('es-CO');
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
			const lang = localeFor(KNOWN, null, { languages });
			vi.stubGlobal('document', { documentElement: { lang, dir: 'ltr' }, addEventListener: () => {} });
			vi.resetModules();
			const dates = await import('./dates');
			expect(dates.longDay(20_000), languages.join()).not.toBe('');
			expect(dates.clock(0), languages.join()).not.toBe('');
			expect(dates.list(['Ana', 'Ben']), languages.join()).toContain('Ben');
		}
	},
	LOADING_MS,
);
