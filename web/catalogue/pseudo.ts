/** A language that nobody speaks, made of another: longer, in brackets and accented, so that what is not translated stands out. */
import type { Catalogue } from './check';
import { isPlural, type Node } from './message';

/** Its tag: of the range that is kept for private use. */
export const PSEUDO = 'qps';

/** So much longer is each sentence. */
const LONGER = 0.4;
const FROM = 'aceinouyACEINOUY';
const TO = 'àçéîñöüýÀÇÉÎÑÖÜÝ';

/** A sentence in it; its placeholders stay. */
export function pseudoText(text: string): string {
	const said = text.replace(/\{\w+\}|./gsu, (one) =>
		one.length === 1 ? (TO[FROM.indexOf(one)] ?? one) : one,
	);
	const more = Math.ceil(text.length * LONGER);
	return `[${said}${' ~~~~~~'.repeat(Math.ceil(more / 7)).slice(0, Math.max(1, more))}]`;
}

function pseudoNode(node: Node): Node {
	if (typeof node === 'string') return pseudoText(node);
	if (Array.isArray(node)) return node.map(pseudoNode);
	const entries = Object.entries(node).map(([key, below]) => [key, pseudoNode(below)] as const);
	const made = Object.fromEntries(entries);
	return isPlural(made) ? { ...made, other: made.other } : made;
}

/** A whole catalogue in it. */
export function pseudo(catalogue: Catalogue): Catalogue {
	return Object.fromEntries(Object.entries(catalogue).map(([part, node]) => [part, pseudoNode(node)]));
}
