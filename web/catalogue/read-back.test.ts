import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messages } from './message';
import { MODEL, readWords } from './read';

const ROOT = join(import.meta.dirname, '../..');
const { catalogues } = readWords(join(ROOT, 'web/words'));
const page = readFileSync(join(ROOT, 'docs/LANGUAGES.md'), 'utf8');

/** Path → sentence, of one language. */
function said(language: string): Map<string, unknown> {
	return new Map(
		Object.entries(catalogues[language] ?? {}).flatMap(([part, node]) => [...messages(node, part)]),
	);
}

/** The rows of one language's table: path, English, translation, read back. */
function rows(heading: string): string[][] {
	const table = page.split(`\n## ${heading}, read back\n`)[1]?.split('\n## ')[0] ?? '';
	return Array.from(table.matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \| (.+?) \|$/gm), (found) =>
		found.slice(1).map((cell) => cell.trim()),
	);
}

test.each([
	['es', 'Spanish'],
	['ar', 'Arabic'],
])(
	'the sentences of a hard moment stand in docs as they are said, and were read back (%s)',
	(language, name) => {
		const [english, own] = [said(MODEL), said(language)];
		const table = rows(name);
		expect(table.length).toBeGreaterThan(55);
		for (const [path = '', model, translation] of table)
			expect([path, model, translation]).toEqual([path, english.get(path), own.get(path)]);
	},
);

test('every language but the one that the app is written in is marked until somebody who speaks it has read it', () => {
	const marked = Array.from(
		page.matchAll(/^\| (\w+) \| .* \| \*\*not yet read by a native speaker\*\* \|$/gm),
	);
	expect(marked).toHaveLength(Object.keys(catalogues).length - 1);
});
