// @ts-check
/** What the app says in a language: the catalogues themselves, so that a scene can be played in any. */
import { readFileSync } from 'node:fs';

/**
 * The sentences of one part, such as `catalogue('es', 'first').welcome.join`.
 * @param {string} language
 * @param {'first' | 'rooms' | 'pin' | 'phone' | 'people' | 'help' | 'plan' | 'self' | 'keep' | 'outside'} part
 * @returns {any}
 */
export function catalogue(language, part) {
	return JSON.parse(readFileSync(new URL(`../../../web/words/${language}/${part}.json`, import.meta.url), 'utf8'));
}
