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

/** A manifest for each language; the page's head names the one of its own. */
export function manifests(words: Words): File[] {
	return Object.entries(words.languages).map(([lang, { dir }]) => ({
		address: `/manifest-${lang}.webmanifest`,
		type: 'application/manifest+json',
		code: JSON.stringify({
			id: '/',
			name: 'Kith',
			short_name: 'Kith',
			description: outside(words, lang).description,
			lang,
			dir,
			start_url: '/',
			scope: '/',
			display: 'standalone',
			background_color: '#fbf6ee',
			theme_color: '#fbf6ee',
			icons: [
				{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
				{ src: 'icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
			],
		}),
	}));
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
