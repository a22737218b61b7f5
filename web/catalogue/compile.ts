/** Catalogues as JavaScript: plain texts, and functions where something is given. */
import { COUNT, isPlural, placeholders, type Message, type Node } from './message';

/** What the last key of a path is called in what is compiled. */
export type KeyOf = (path: string) => string;

/** A template's text; `o` is what is given, `n` writes a number. */
function template(text: string): string {
	const escaped = text.replace(/[\\`]|\$\{/g, '\\$&');
	return `\`${escaped.replace(/\{([A-Za-z]+)\}/g, (_, name) => (name === COUNT ? '${n(o.count)}' : `\${o.${name}}`))}\``;
}

function said(message: Message): string {
	if (typeof message === 'string')
		return placeholders(message).length === 0 ? JSON.stringify(message) : `o=>${template(message)}`;
	const forms = Object.entries(message).map(([form, text]) => `${JSON.stringify(form)}:${template(text)}`);
	return `o=>p(o.count,{${forms.join()}})`;
}

function value(node: Node, path: string, keyOf: KeyOf): string {
	if (typeof node === 'string' || isPlural(node)) return said(node);
	if (Array.isArray(node)) return `[${node.map((one, at) => value(one, `${path}.${at}`, keyOf)).join()}]`;
	const entries = Object.entries(node).map(([key, below]): string => {
		const at = `${path}.${key}`;
		return `${name(keyOf(at))}:${value(below, at, keyOf)}`;
	});
	return `{${entries.join()}}`;
}

function name(key: string): string {
	return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}

/** A module whose default export makes the parts, from what chooses a plural (`p`) and what writes a number (`n`). */
export function moduleOf(parts: Record<string, Node>, keyOf: KeyOf): string {
	const made = Object.entries(parts).map(([part, node]) => `${part}:${value(node, part, keyOf)}`);
	return `export default (p,n)=>({${made.join()}})`;
}

function type(node: Node, indent: string): string {
	if (typeof node === 'string' || isPlural(node)) {
		const given = placeholders(node).map((one) => `${one}: ${one === COUNT ? 'number' : 'string'}`);
		return given.length === 0 ? 'string' : `(given: { ${given.join('; ')} }) => string`;
	}
	if (Array.isArray(node)) return `readonly ${type(node[0] ?? '', indent)}[]`;
	const lines = Object.entries(node).map(([key, below]) => {
		const quoted = /^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`;
		return `${indent}\t${quoted}: ${type(below, `${indent}\t`)};\n`;
	});
	return `{\n${lines.join('')}${indent}}`;
}

/** The types of one part, by which `svelte-check` finds a key that is not there and a placeholder that is not given. */
export function typesOf(part: string, node: Node): string {
	const name = part.charAt(0).toUpperCase() + part.slice(1);
	return `/** Made from words/en/${part}.json by the build; change that. */\nexport interface ${name} ${type(node, '')}\n`;
}
