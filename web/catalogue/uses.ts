/** Which sentences a module says: it is read as JavaScript, after Svelte and TypeScript have become that. */
import { parseAst } from 'vite';

/** A sentence, or a group of which one is chosen when the page runs. */
export interface Use {
	path: string;
	/** The names of what it is given; null where that can't be seen here. */
	given: string[] | null;
	file: string;
}

interface Tree {
	type: string;
	[key: string]: unknown;
}

const isTree = (value: unknown): value is Tree =>
	typeof value === 'object' && value !== null && 'type' in value;

/** What modules import of the catalogues → the part that it is. */
export const PARTS: Readonly<Record<string, string>> = {
	words: 'first',
	roomWords: 'rooms',
	valueWords: 'values',
	pinWords: 'pin',
	phoneWords: 'phone',
	peopleWords: 'people',
	rareWords: 'rare',
	helpWords: 'help',
	planWords: 'plan',
	selfWords: 'self',
	leaveWords: 'leave',
	keepWords: 'keep',
	findWords: 'find',
	belongWords: 'belong',
	reportWords: 'report',
	movingWords: 'moving',
};

/** Where a key is written in a module. */
interface Spot {
	start: number;
	end: number;
	path: string;
	/** It names a variable as well: `const { title } = …`. */
	short?: true;
}

/** What a module says, and its code with a mark in the place of each key that is known while it is built. */
export interface Read {
	uses: Use[];
	code: string;
}

/** Follows a path of which the rest is chosen when the page runs. */
const CHOSEN = '.*';
const MARK = 'KithWord$';

/** Reads one module; `isGroup` tells whether a path has more below it. */
export function usesOf(code: string, file: string, isGroup: (path: string) => boolean): Read {
	const reader = new Reader(file, isGroup);
	reader.read(parseAst(code) as unknown as Tree);
	let marked = code;
	for (const { start, end, path, short } of [...reader.spots.values()].sort((a, b) => b.start - a.start)) {
		const mark = MARK + path.replaceAll('.', '$') + (short ? `: ${code.slice(start, end)}` : '');
		marked = marked.slice(0, start) + mark + marked.slice(end);
	}
	return { uses: reader.uses, code: marked };
}

/** The code with the keys themselves where the marks are. */
export function unmarked(code: string, keyOf: (path: string) => string): string {
	return code.replace(/KithWord\$([\w$]+)/g, (_, path: string) => keyOf(path.replaceAll('$', '.')));
}

class Reader {
	private readonly names = new Map<string, string>();
	readonly uses: Use[] = [];
	readonly spots = new Map<number, Spot>();

	constructor(
		private readonly file: string,
		private readonly isGroup: (path: string) => boolean,
	) {}

	read(tree: Tree): void {
		for (const one of tree['body'] as Tree[]) if (one.type === 'ImportDeclaration') this.imports(one);
		if (this.names.size > 0) this.walk(tree);
	}

	private use(path: string, given: string[] | null): void {
		this.uses.push({ path: path.replace(CHOSEN, ''), given, file: this.file });
	}

	private imports({ source, specifiers }: Tree): void {
		if (!/(^|\/)words(\/index)?(\.ts)?$|^\.$/.test(String((source as Tree)['value']).replace(/\?.*/, '')))
			return;
		for (const one of specifiers as Tree[]) {
			const part = isTree(one['imported']) ? PARTS[String(one['imported']['name'])] : undefined;
			if (part) this.names.set(String((one['local'] as Tree)['name']), part);
		}
	}

	private walk(node: Tree): void {
		if (node.type === 'ImportDeclaration') return;
		if (node.type === 'VariableDeclarator' && this.declares(node)) return;
		if (node.type === 'CallExpression' && this.calls(node)) return;
		const path = this.pathOf(node);
		if (path !== null) {
			this.use(path, null);
			return this.brackets(node);
		}
		for (const [key, value] of Object.entries(node)) {
			if ((key === 'property' || key === 'key') && node['computed'] !== true) continue;
			for (const one of Array.isArray(value) ? value : [value]) if (isTree(one)) this.walk(one);
		}
	}

	/** Of a chain that was read, what stands in its brackets. */
	private brackets(node: Tree): void {
		if (node.type === 'ChainExpression') this.brackets(node['expression'] as Tree);
		if (node.type !== 'MemberExpression') return;
		if (node['computed'] === true) this.walk(node['property'] as Tree);
		this.brackets(node['object'] as Tree);
	}

	/** `const said = words.lock`, `const { ask, yes } = words.invites`: names for what is below. */
	private declares({ id, init }: Tree): boolean {
		const path = isTree(init) ? this.pathOf(init) : null;
		if (path === null || !this.isGroup(path) || !isTree(id) || id.type === 'ArrayPattern') return false;
		if (id.type === 'Identifier') {
			this.names.set(String(id['name']), path);
			return true;
		}
		if (id.type !== 'ObjectPattern') return false;
		for (const one of id['properties'] as Tree[]) {
			const key = one['key'] as Tree;
			const at = `${path}.${String(key['name'])}`;
			const short = one['shorthand'] === true;
			this.spots.set(key['start'] as number, { ...placeOf(key), path: at, ...(short && { short }) });
			if (this.isGroup(at)) this.names.set(String((one['value'] as Tree)['name']), at);
			else this.use(at, null);
		}
		return true;
	}

	private calls({ callee, arguments: given }: Tree): boolean {
		const path = this.pathOf(callee as Tree);
		if (path === null) return false;
		const [first] = given as Tree[];
		this.use(path, first ? keysOf(first) : []);
		this.brackets(callee as Tree);
		for (const one of given as Tree[]) this.walk(one);
		return true;
	}

	/** The path of a chain of names that begins at a part; it ends where a key is chosen when the page runs. */
	private pathOf(node: Tree): string | null {
		if (node.type === 'ChainExpression') return this.pathOf(node['expression'] as Tree);
		if (node.type === 'Identifier') return this.names.get(String(node['name'])) ?? null;
		if (node.type !== 'MemberExpression') return null;
		const path = this.pathOf(node['object'] as Tree);
		if (path === null || path.endsWith(CHOSEN) || !this.isGroup(path)) return path;
		const property = node['property'] as Tree;
		if (node['computed'] === true) return path + CHOSEN;
		this.spots.set(property['start'] as number, {
			...placeOf(property),
			path: `${path}.${property['name']}`,
		});
		return `${path}.${String(property['name'])}`;
	}
}

function keysOf(given: Tree): string[] | null {
	if (given.type !== 'ObjectExpression') return null;
	const all = given['properties'] as Tree[];
	if (all.some(({ type }) => type !== 'Property')) return null;
	return all.map(({ key }) => String((key as Tree)['name']));
}

function placeOf(node: Tree): { start: number; end: number } {
	return { start: node['start'] as number, end: node['end'] as number };
}
