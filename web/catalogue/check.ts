/** What must hold between languages, and between the catalogues and the code that says their sentences. */
import { fault, forms, isPlural, messages, placeholders, type Message, type Node } from './message';
import type { Use } from './uses';

/** Part → its sentences. */
export type Catalogue = Record<string, Node>;

const COUNTS_TRIED = 200;

function flat(catalogue: Catalogue): Map<string, Message> {
	return new Map(Object.entries(catalogue).flatMap(([part, node]) => [...messages(node, part)]));
}

/** The plural categories that a language has for whole numbers that occur here. */
function categories(language: string): string[] {
	const rules = new Intl.PluralRules(language);
	return [...new Set(Array.from({ length: COUNTS_TRIED }, (_, count) => rules.select(count)))];
}

/** Faults of one language, held against the language that the code is written with. */
export function compare(language: string, own: Catalogue, model: Catalogue): string[] {
	const found: string[] = [];
	const [mine, theirs] = [flat(own), flat(model)];
	for (const path of theirs.keys()) if (!mine.has(path)) found.push(`${language}: ${path} is missing`);
	for (const [path, message] of mine) {
		const other = theirs.get(path);
		if (other === undefined) {
			found.push(`${language}: ${path} is not in the other language`);
			continue;
		}
		for (const text of forms(message)) {
			const wrong = fault(text);
			if (wrong) found.push(`${language}: ${path} ${wrong}`);
		}
		const [has, wants] = [message, other].map((one) => placeholders(one).join(', '));
		if (has !== wants) found.push(`${language}: ${path} has the placeholders (${has}), not (${wants})`);
		if (!isPlural(message)) continue;
		for (const category of categories(language))
			if (!(category in message)) found.push(`${language}: ${path} lacks the plural form "${category}"`);
	}
	return found;
}

/** Faults of what the code says: what is not there, and what is not given or not asked for. */
export function wrongUses(uses: readonly Use[], catalogue: Catalogue): string[] {
	const all = flat(catalogue);
	const groups = new Set([...all.keys()].flatMap(above));
	return uses.flatMap(({ path, given, file }) => {
		const message = all.get(path);
		if (message === undefined) return groups.has(path) ? [] : [`${file}: ${path} is in no catalogue`];
		if (given === null) return [];
		const wanted = placeholders(message);
		return [
			...wanted.filter((one) => !given.includes(one)).map((one) => `${file}: ${path} is not given {${one}}`),
			...given.filter((one) => !wanted.includes(one)).map((one) => `${file}: ${path} has no {${one}}`),
		];
	});
}

/** Sentences that nothing says. */
export function unused(uses: readonly Use[], catalogue: Catalogue): string[] {
	const said = new Set(uses.map(({ path }) => path));
	return [...flat(catalogue).keys()]
		.filter((path) => ![path, ...above(path)].some((one) => said.has(one)))
		.map((path) => `${path} is said nowhere`);
}

function above(path: string): string[] {
	const keys = path.split('.');
	return keys.slice(0, -1).map((_, at) => keys.slice(0, at + 1).join('.'));
}
