/** The language that somebody chose on this phone, in the place of the phone's own: kept on it, and in no circle. */
import { LANGUAGE_CACHE, localeFor, STAND_IN } from '../words/language';
import { addressOf } from '../words/load';
import { phoneKept } from './kept';

const kept = phoneKept('language');

/** The languages there are. */
export const languages = Object.keys(globalThis.kithWords ?? {});

/** What those who speak it call it. */
export function nameOf(language: string): string {
	return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
}

/** What was chosen; empty: the phone's own language. */
export const chosen = kept.get() ?? '';

/** Goes over to a language, once all its words are on this phone; false when they did not come. */
export async function choose(language: string): Promise<boolean> {
	const next = localeFor(languages, language, navigator).replace(/-.*/s, '');
	try {
		await Promise.all((['first', 'rooms', 'rare'] as const).map((tier) => arrive(addressOf(next, tier))));
	} catch {
		return false;
	}
	kept.set(language);
	await tellServiceWorker(language);
	location.reload();
	return true;
}

/** The service worker keeps what came; where nothing comes, it answers with what is there, of another language. */
async function arrive(address: string): Promise<void> {
	const response = await fetch(address);
	if (!response.ok || response.headers.has(STAND_IN)) throw new Error(`${address} did not come`);
}

/** It keeps the words of the chosen language with the next version. */
async function tellServiceWorker(language: string): Promise<void> {
	try {
		const cache = await caches.open(LANGUAGE_CACHE);
		await cache.put('/', new Response(language));
	} catch {
		// A browser without; then the words come by themselves when they are asked for.
	}
}
