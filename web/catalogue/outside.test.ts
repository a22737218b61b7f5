import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manifests, plainScript, plainTitle, withoutScript } from './outside';
import { PSEUDO } from './pseudo';
import { readWords } from './read';

const ROOT = join(import.meta.dirname, '..');
const words = readWords(join(ROOT, 'words'), true);
const languages = Object.keys(words.languages);

test('every language has a manifest of the same app, in its words', () => {
	const all = manifests(words);
	const addresses = ['manifest', 'plain'].map((look) =>
		languages.map((one) => `/${look}-${one}.webmanifest`),
	);
	expect(all.map(({ address }) => address).sort()).toEqual(addresses.flat().sort());
	const made = all.map(({ code }) => JSON.parse(code) as Record<string, unknown>);
	expect(new Set(made.map(({ id }) => id))).toEqual(new Set(['/']));
	const named = made.filter(({ name }) => name === 'Kith');
	expect(named.map(({ lang }) => lang)).toEqual(languages);
	expect(new Set(named.map(({ description }) => description)).size).toBe(languages.length);
	const plain = all.filter(({ address }) => address.startsWith('/plain'));
	for (const { code } of plain) expect(code).not.toMatch(/kith|circle/i);
	expect(made.find(({ lang }) => lang === PSEUDO)?.['dir']).toBe('rtl');
});

test('without scripts every language has its line', () => {
	const lines = withoutScript(words);
	for (const language of languages) expect(lines).toContain(`<p lang="${language}"`);
	expect(lines).toContain(`lang="${PSEUDO}" dir="rtl"`);
	expect(lines).not.toMatch(/<script/);
});

test('the plain page is known by its title, and says itself in the language that is chosen', () => {
	const page = readFileSync(join(ROOT, 'notes.html'), 'utf8');
	expect(page).toContain(plainTitle(words));
	expect(saysOn(page, 'es', ['en-GB'])).toEqual(['es', 'ltr', 'Notas']);
	expect(saysOn(page, undefined, ['fr', 'es-MX', 'en'])).toEqual(['es-MX', 'ltr', 'Notas']);
	expect(saysOn(page, undefined, ['fr'])).toEqual(['en', 'ltr', 'Notes']);
	expect(saysOn(page, PSEUDO, ['en'])[1]).toBe('rtl');
});

/** Runs the plain page's script: language and direction of the page, and what is written in all three places. */
function saysOn(page: string, chosen: string | undefined, spoken: string[]): string[] {
	const [, script = ''] = /<script>([^]*)<\/script>/.exec(page) ?? [];
	const code = script.replace(/\/\* words: .*?\*\//, () => plainScript(words));
	const root = { lang: '', dir: '' };
	const heading = { textContent: '' };
	const labels: string[] = [];
	let removed = false;
	const document = {
		title: '',
		documentElement: root,
		querySelector: (name: string) =>
			name === 'h1' ? heading : { setAttribute: (_: string, label: string) => labels.push(label) },
		currentScript: { remove: () => (removed = true) },
	};
	new Function('document', 'localStorage', 'navigator', code)(
		document,
		{ 'kith.language': chosen },
		{ languages: spoken },
	);
	expect(removed).toBe(true);
	expect([document.title, ...labels]).toEqual([heading.textContent, heading.textContent]);
	return [root.lang, root.dir, heading.textContent];
}
