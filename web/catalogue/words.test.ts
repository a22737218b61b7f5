import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare } from './check';
import { typesOf } from './compile';
import { forms, messages } from './message';
import { MODEL, readWords } from './read';
import { OUTSIDE, TIERS, WAITING } from './tiers';

const ROOT = join(import.meta.dirname, '..');
const { catalogues } = readWords(join(ROOT, 'words'), true);
const model = catalogues[MODEL] ?? {};

test('every language has every sentence, with the same placeholders', () => {
	for (const [language, own] of Object.entries(catalogues)) expect(compare(language, own, model)).toEqual([]);
});

test('every part comes with one of the three modules of its language, but for what is said outside of them', () => {
	expect(Object.keys(model).sort()).toEqual([...Object.values(TIERS).flat(), OUTSIDE].sort());
});

test('a part that waits for its screens is one that there is', () => {
	for (const part of WAITING) expect(model).toHaveProperty(part);
});

test('the types are those of the catalogues', () => {
	for (const [part, node] of Object.entries(model).filter(([part]) => part !== OUTSIDE))
		expect(readFileSync(join(ROOT, `src/words/keys/${part}.ts`), 'utf8')).toBe(typesOf(part, node));
});

test('code that comes later comes together with its words', () => {
	const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
	const bare = files
		.filter((file) => /\.(svelte|svelte\.ts)$/.test(file) && file !== 'App.svelte')
		.flatMap((file) => {
			const text = readFileSync(join(ROOT, 'src', file), 'utf8');
			return Array.from(text.matchAll(/.*\bimport\('.*/g), ([line]) => `${file}: ${line.trim()}`);
		})
		.filter((line) => !/with(Rare|Rooms)\(\(\) => import\('/.test(line));
	expect(bare.filter((line) => !line.includes("import('../codes/codec')"))).toEqual([]);
});

/** Sentences that are the same in another language, and why. */
const SAME: Readonly<Record<string, string>> = {
	'first.app': 'a name',
	'first.common.moment': 'what it is given, and a comma',
	'people.invites.with': 'what it is given, and a comma',
	'keep.timeline.went': 'what it is given, and a colon',
	'self.entries.answer': 'what it is given, and a colon',
	'self.share.sentence': 'what it is given, and a full stop',
};

test('no sentence in another language is still English', () => {
	for (const [language, own] of Object.entries(catalogues)) {
		if (language === MODEL) continue;
		const english = new Map(Object.entries(model).flatMap(([part, node]) => [...messages(node, part)]));
		const same = Object.entries(own)
			.flatMap(([part, node]) => [...messages(node, part)])
			.filter(([path, message]) =>
				forms(message).some((text) => forms(english.get(path) ?? '').includes(text)),
			);
		expect(same.map(([path]) => path).filter((path) => !(path in SAME))).toEqual([]);
	}
});
