/** The catalogues as they lie in `words/`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from './check';
import { moduleOf, type KeyOf } from './compile';
import type { Node } from './message';
import { pseudo, PSEUDO } from './pseudo';
import { TIERS, type Tier } from './tiers';

/** The language that the code is written with. */
export const MODEL = 'en';

/** Which way a language is written. */
export interface Language {
	dir: 'ltr' | 'rtl';
}

/** All languages and their catalogues. */
export interface Words {
	languages: Record<string, Language>;
	catalogues: Record<string, Catalogue>;
}

/** One compiled module: a language's words of one tier. */
export interface Module {
	language: string;
	tier: Tier;
	/** Where the page finds it. */
	address: string;
	code: string;
}

const HASH_CHARS = 8;

/** Reads a folder of languages; with `withPseudo` also the language that is made of English to look at screens by. */
export function readWords(folder: string, withPseudo = false): Words {
	const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
	const languages = json('languages.json') as Record<string, Language>;
	const catalogues: Record<string, Catalogue> = {};
	for (const language of Object.keys(languages)) {
		const parts = readdirSync(join(folder, language)).filter((file) => file.endsWith('.json'));
		catalogues[language] = Object.fromEntries(
			parts.map((file) => [file.replace(/\.json$/, ''), json(`${language}/${file}`) as Node]),
		);
	}
	const model = catalogues[MODEL];
	if (withPseudo && model) {
		languages[PSEUDO] = { dir: 'rtl' };
		catalogues[PSEUDO] = pseudo(model);
	}
	return { languages, catalogues };
}

/** Every language's modules, named by their content. */
export function modulesOf({ catalogues }: Words, keyOf: KeyOf): Module[] {
	return Object.entries(catalogues).flatMap(([language, catalogue]) =>
		Object.entries(TIERS).map(([tier, parts]) => {
			const code = moduleOf(Object.fromEntries(parts.map((part) => [part, catalogue[part] ?? {}])), keyOf);
			const hash = createHash('sha256').update(code).digest('base64url').slice(0, HASH_CHARS);
			return { language, tier: tier as Tier, address: `/assets/words-${language}-${tier}-${hash}.js`, code };
		}),
	);
}
