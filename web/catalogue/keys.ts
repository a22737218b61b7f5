/** Short keys for what is sent: they are a fifth of a catalogue. */
import type { Catalogue } from './check';
import type { KeyOf } from './compile';
import { isPlural, type Node } from './message';
import type { Use } from './uses';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function short(at: number): string {
	const rest = Math.floor(at / LETTERS.length);
	return (rest > 0 ? short(rest - 1) : '') + LETTERS.charAt(at % LETTERS.length);
}

/** The key as it is written. */
export const asWritten: KeyOf = (path) => path.slice(path.lastIndexOf('.') + 1);

/**
 * A letter or two for each key; where a group is asked as a whole, and a key of it chosen when the page runs, its keys
 * stay as they are written.
 */
export function shortKeys(catalogue: Catalogue, uses: readonly Use[]): KeyOf {
	const whole = new Set(uses.map(({ path }) => path));
	const keys = new Map<string, string>();
	const name = (node: Node, path: string, kept: boolean): void => {
		if (typeof node === 'string' || isPlural(node) || Array.isArray(node)) return;
		for (const [at, [key, below]] of Object.entries(node).entries()) {
			const own = kept || whole.has(path);
			if (!own) keys.set(`${path}.${key}`, short(at));
			name(below, `${path}.${key}`, own);
		}
	};
	for (const [part, node] of Object.entries(catalogue)) name(node, part, false);
	return (path) => keys.get(path) ?? asWritten(path);
}
