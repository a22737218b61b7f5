/** What a catalogue is made of: sentences with `{placeholders}`, plurals by `Intl.PluralRules`, lists and groups of them. */

/** A sentence for each plural category of `{count}`; `=0` and the like come before them. */
export interface Plural {
	other: string;
	[form: string]: string;
}
export type Message = string | Plural;
export type Node = Message | Node[] | { [key: string]: Node };

const FORM = /^(zero|one|two|few|many|other|=\d+)$/;
const PLACEHOLDER = /\{([a-z][A-Za-z]*)\}/g;

/** The placeholder that is a number, and chooses the plural; all others are texts. */
export const COUNT = 'count';

export function isPlural(node: unknown): node is Plural {
	if (typeof node !== 'object' || node === null || Array.isArray(node) || !('other' in node)) return false;
	return Object.entries(node).every(([key, text]) => FORM.test(key) && typeof text === 'string');
}

/** The sentences of a message. */
export function forms(message: Message): string[] {
	return typeof message === 'string' ? [message] : Object.values(message);
}

/** The names of what must be given, sorted; a plural needs its count whether it says it or not. */
export function placeholders(message: Message): string[] {
	const found = forms(message).flatMap((text) =>
		Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name ?? ''),
	);
	return [...new Set(typeof message === 'string' ? found : [...found, COUNT])].sort();
}

/** What is wrong with a sentence by itself; empty when nothing is. */
export function fault(text: string): string {
	if (text.trim() === '') return 'is empty';
	if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) return 'has a brace that is no {placeholder}';
	return '';
}

/** Every message with its path: `people.letIn.done`, `people.who.parts.0.title`. */
export function* messages(node: unknown, path: string): Generator<[path: string, message: Message]> {
	if (typeof node === 'string' || isPlural(node)) yield [path, node];
	else if (typeof node === 'object' && node !== null) {
		for (const [key, below] of Object.entries(node)) yield* messages(below, `${path}.${key}`);
	} else throw new Error(`${path} is neither a sentence nor a group of sentences`);
}

/** The paths of all groups that have keys; a list has none. */
export function groups(node: Node, path: string): string[] {
	if (typeof node === 'string' || isPlural(node) || Array.isArray(node)) return [];
	return [path, ...Object.entries(node).flatMap(([key, below]) => groups(below, `${path}.${key}`))];
}
