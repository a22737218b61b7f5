/** Vite's side of the catalogues: checked, compiled, and named in the page, which loads the one of its language. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync, type Plugin } from 'vite';
import { localeFor } from '../src/words/language';
import { compare, unused, wrongUses, type Catalogue } from './check';
import { typesOf, type KeyOf } from './compile';
import { asWritten, shortKeys } from './keys';
import { modulesOf, readWords, MODEL, type Module, type Words } from './read';
import { groups, type Node } from './message';
import { tooEarly } from './early';
import { manifests, plainScript, plainTitle, withoutScript, type File } from './outside';
import { OUTSIDE, WAITING } from './tiers';
import { unmarked, usesOf, type Use } from './uses';

/** The page’s modules; `load.ts` fills the catalogues and says nothing. */
const OURS = /\/src\/(?!testing\/|worker\/|sw\/|words\/load)[^?]*\.(svelte|ts)$/;

/** In a page's script, and where no script runs. */
const PLACE = /\/\* words: .*?\*\//;
const WITHOUT_SCRIPT = /<!-- words: .*?-->/;
/** The page that is shown when somebody hides Kith. */
const PLAIN = '/notes.html';

/** Where things are; `pseudo` adds the language that is made to look at screens by. */
export interface Options {
	root: string;
	pseudo: boolean;
}

/** The plugin. Whatever is wrong with a catalogue, or with what is said of one, fails the build. */
export function catalogues({ root, pseudo }: Options): Plugin {
	const uses = new Map<string, Use[]>();
	let words: Words;
	let modules: Module[];
	let paths: Set<string>;
	let building = false;
	let keyOf: KeyOf = asWritten;

	const load = (): void => {
		words = readWords(join(root, 'words'), pseudo);
		modules = modulesOf(words, asWritten);
		paths = new Set(
			Object.entries(words.catalogues[MODEL] ?? {}).flatMap(([part, node]) => groups(node, part)),
		);
	};
	return {
		name: 'kith:catalogues',
		enforce: 'post',
		configResolved: (config) => {
			building = config.command === 'build';
			load();
		},
		buildStart() {
			uses.clear();
			const model = words.catalogues[MODEL] ?? {};
			fail(Object.entries(words.catalogues).flatMap(([language, own]) => compare(language, own, model)));
			for (const [part, node] of Object.entries(inside(model)))
				refresh(join(root, `src/words/keys/${part}.ts`), typesOf(part, node));
			if (building) words = { ...words, catalogues: withoutWaiting(words.catalogues) };
		},
		transform(code, id) {
			if (building && OURS.test(id) && code.includes('ords')) {
				const file = fileOf(id);
				const read = usesOf(code, file, (path) => paths.has(path));
				uses.set(file, read.uses);
				return { code: read.code, map: null };
			}
			return null;
		},
		renderStart() {
			const all = [...uses.values()].flat();
			const model = words.catalogues[MODEL] ?? {};
			fail([...wrongUses(all, model), ...unused(all, inside(model))]);
			keyOf = shortKeys(model, all);
			modules = modulesOf(words, keyOf);
		},
		renderChunk: (code) => (code.includes('KithWord$') ? { code: unmarked(code, keyOf), map: null } : null),
		generateBundle(_, bundle) {
			fail(tooEarly(bundle, (id) => uses.get(fileOf(id)) ?? []));
			for (const { address, code } of [...modules, ...manifests(words)])
				this.emitFile({ type: 'asset', fileName: address.slice(1), source: code });
		},
		configureServer: (server) => {
			server.watcher.add(join(root, 'words'));
			server.middlewares.use((request, response, next) => {
				const scripts = modules.map((one): File => ({ ...one, type: 'text/javascript' }));
				const files = [...scripts, ...manifests(words)];
				const wanted = files.find(({ address }) => address === request.url?.split('?')[0]);
				if (!wanted) return next();
				response.setHeader('content-type', wanted.type).end(wanted.code);
			});
		},
		handleHotUpdate: ({ file, server }) => {
			if (!file.startsWith(join(root, 'words'))) return;
			load();
			server.ws.send({ type: 'full-reload' });
		},
		transformIndexHtml: (html, { path }) => {
			const isPlain = path === PLAIN;
			fail(PLACE.test(html) ? [] : [`${path} has no place for them`]);
			fail(!isPlain || html.includes(plainTitle(words)) ? [] : [`${path} lacks ${plainTitle(words)}`]);
			const page = html
				.replace(PLACE, () => (isPlain ? plainScript(words) : script(words, modules)))
				.replace(WITHOUT_SCRIPT, () => withoutScript(words));
			return building
				? page
						.replace(/<!--[^]*?-->/g, '')
						.replace(/>\s+</g, '><')
						.replace(/(<script>)([^]*?)(<\/script>)/g, (_, open, code, end) => open + small(code) + end)
				: page;
		},
	};
}

/** What the app's own modules say. */
function inside(catalogue: Catalogue): Catalogue {
	return Object.fromEntries(Object.entries(catalogue).filter(([part]) => part !== OUTSIDE));
}

function withoutWaiting(catalogues: Words['catalogues']): Words['catalogues'] {
	const kept = (own: Catalogue): [string, Node][] =>
		Object.entries(own).filter(([part]) => !WAITING.includes(part));
	return Object.fromEntries(
		Object.entries(catalogues).map(([language, own]) => [language, Object.fromEntries(kept(own))]),
	);
}

function fileOf(id: string): string {
	return id.slice(id.lastIndexOf('/src/') + 1);
}

/** What the page's own script begins with: the languages there are, their files, and the choice between them. */
function script({ languages }: Words, modules: readonly Module[]): string {
	const of = (wanted: string): string[] =>
		modules.filter(({ language }) => language === wanted).map(({ address }) => address);
	const table = Object.entries(languages).map(([tag, { dir }]) => [tag, [dir, ...of(tag)]]);
	return `(globalThis.kithWords = ${JSON.stringify(Object.fromEntries(table))});
			const localeFor = ${localeFor.toString()}`;
}

/** The page's own scripts are a part of the first screen. */
function small(code: string): string {
	return minifySync('page.js', code, { module: false, codegen: { removeWhitespace: true } }).code;
}

function refresh(file: string, text: string): void {
	let now = '';
	try {
		now = readFileSync(file, 'utf8');
	} catch {
		// There is none yet.
	}
	if (now !== text) writeFileSync(file, text);
}

function fail(faults: readonly string[]): void {
	if (faults.length > 0) throw new Error(`the words are not right:\n  ${faults.join('\n  ')}`);
}
