/** What is said outside of the app's modules: by the plain page, by each language's manifest, and where no script runs. */
import { localeFor } from '../src/words/language';
import { MODEL, type Words } from './read';
import { OUTSIDE } from './tiers';

/** The sentences of the part. */
interface Outside {
	notes: string;
	description: string;
	withoutScript: string;
}

/** A file that the build adds. */
export interface File {
	address: string;
	type: string;
	code: string;
}

function outside({ catalogues }: Words, language: string): Outside {
	return catalogues[language]?.[OUTSIDE] as unknown as Outside;
}

/**
 * Two manifests for each language; the page's head names one of its own: the app's, or, where somebody chose so, one that
 * says nothing of it. Both are of the same app, with the same storage.
 */
export function manifests(words: Words): File[] {
	return Object.keys(words.languages).flatMap((lang) => {
		const { description, notes } = outside(words, lang);
		return [
			manifest(words, lang, { address: 'manifest', name: 'Kith', icon: 'icon', description }),
			manifest(words, lang, { address: 'plain', name: notes, icon: 'plain', description: notes }),
		];
	});
}

interface Look {
	address: string;
	name: string;
	icon: string;
	description: string;
}

function manifest(words: Words, lang: string, { address, name, icon, description }: Look): File {
	return {
		address: `/${address}-${lang}.webmanifest`,
		type: 'application/manifest+json',
		code: JSON.stringify({
			id: '/',
			name,
			short_name: name,
			description,
			lang,
			dir: words.languages[lang]?.dir,
			start_url: '/',
			scope: '/',
			display: 'standalone',
			background_color: '#fbf6ee',
			theme_color: '#fbf6ee',
			icons: [
				{ src: `${icon}.svg`, sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
				{ src: `${icon}-192.png`, sizes: '192x192', type: 'image/png', purpose: 'maskable' },
			],
		}),
	};
}

/** A line in each language: without scripts nothing can choose between them. */
export function withoutScript(words: Words): string {
	return Object.entries(words.languages)
		.map(([lang, { dir }]) => {
			const way = dir === 'ltr' ? '' : ` dir="${dir}"`;
			return `<p lang="${lang}"${way}>${escaped(outside(words, lang).withoutScript)}</p>`;
		})
		.join('');
}

/** What the plain page's script begins with: its word in each language, and the choice between them. */
export function plainScript(words: Words): string {
	const table = Object.entries(words.languages).map(([lang, { dir }]) => [
		lang,
		[dir, outside(words, lang).notes],
	]);
	return `const words = ${JSON.stringify(Object.fromEntries(table))};
			const localeFor = ${localeFor.toString()}`;
}

/** The plain page's title as it lies on the disk, by which the service worker knows the page. */
export function plainTitle(words: Words): string {
	return `<title>${escaped(outside(words, MODEL).notes)}</title>`;
}

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
