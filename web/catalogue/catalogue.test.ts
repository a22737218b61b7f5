import { expect, test } from 'vitest';
import { compare, unused, wrongUses, type Catalogue } from './check';
import { moduleOf, typesOf } from './compile';
import { asWritten, shortKeys } from './keys';
import { tooEarly } from './early';
import { pseudo } from './pseudo';
import { unmarked, usesOf, type Use } from './uses';

const good: Catalogue = {
	first: {
		hello: 'Hello {name}',
		left: { one: '{count} day left', other: '{count} days left' },
		states: { open: 'Open', kept: 'Done' },
		parts: [{ title: 'One', lines: ['a', 'b'] }],
		unsaid: 'Nobody says this',
	},
};
const code = `
import { words } from '../words';
const { left: ask, parts } = words;
const said = words.states;
export const all = [words.hello({ name: 'Ana' }), ask({ count: 2 }), said[pick()], parts.map((one) => one.title)];
`;
const groups = new Set(['first', 'first.states']);
const read = (text: string): Use[] => usesOf(text, 'a.ts', (path) => groups.has(path)).uses;
const with_ = (change: object): Catalogue => ({ first: { ...(good['first'] as object), ...change } });
const say = (text: string): Use[] => read(`import { words } from '../words';\n${text}`);

test('a catalogue that is whole has no faults', () => {
	expect(compare('es', good, good)).toEqual([]);
	expect(wrongUses(read(code), good)).toEqual([]);
});

test('a sentence that is in one language and not in the other fails the build, whichever it is', () => {
	const more = with_({ bye: 'Bye' });
	expect(compare('es', good, more)).toEqual(['es: first.bye is missing']);
	expect(compare('es', more, good)).toEqual(['es: first.bye is not in the other language']);
	expect(compare('es', with_({ parts: [{ title: 'Uno', lines: ['a'] }] }), good)).toEqual([
		'es: first.parts.0.lines.1 is missing',
	]);
});

test('a sentence that is said and not there fails the build', () => {
	expect(wrongUses(say('words.nope;'), good)).toEqual(['a.ts: first.nope is in no catalogue']);
	expect(wrongUses(say('const { nope } = words.states;'), good)).toEqual([
		'a.ts: first.states.nope is in no catalogue',
	]);
});

test('a sentence that nothing says fails the build', () => {
	expect(unused(read(code), good)).toEqual(['first.unsaid is said nowhere']);
});

test('a placeholder that differs between languages fails the build', () => {
	expect(compare('es', with_({ hello: 'Hola {nombre}' }), good)).toEqual([
		'es: first.hello has the placeholders (nombre), not (name)',
	]);
	expect(compare('es', with_({ hello: 'Hola' }), good)).toHaveLength(1);
	expect(compare('es', with_({ left: 'Faltan {count} días' }), good)).toEqual([]);
});

test('a placeholder that is not given, or that is not there, fails the build', () => {
	expect(wrongUses(say('words.hello({});'), good)).toEqual(['a.ts: first.hello is not given {name}']);
	expect(wrongUses(say('words.hello();'), good)).toEqual(['a.ts: first.hello is not given {name}']);
	expect(wrongUses(say('words.hello({ name, age });'), good)).toEqual(['a.ts: first.hello has no {age}']);
});

test('a plural form that the language needs, an empty sentence and a stray brace fail the build', () => {
	expect(compare('pl', with_({ left: { one: '{count} dzień', other: '{count} dnia' } }), good)).toEqual([
		'pl: first.left lacks the plural form "many"',
		'pl: first.left lacks the plural form "few"',
	]);
	expect(compare('es', with_({ unsaid: ' ' }), good)).toEqual(['es: first.unsaid is empty']);
	expect(compare('es', with_({ unsaid: 'a { b' }), good)).toEqual([
		'es: first.unsaid has a brace that is no {placeholder}',
	]);
});

test('what is said before its words can be there fails the build', () => {
	const bundle = {
		'index.js': { type: 'chunk', fileName: 'index.js', isEntry: true, imports: ['shared.js'] },
		'shared.js': { type: 'chunk', fileName: 'shared.js', moduleIds: ['a.ts'] },
		'home.js': { type: 'chunk', fileName: 'home.js', moduleIds: ['b.ts'] },
		'more.js': { type: 'chunk', fileName: 'more.js', name: 'more', moduleIds: ['b.ts'] },
	};
	const says: Record<string, string> = { 'a.ts': 'rooms.home.title', 'b.ts': 'people.who.title' };
	const faults = tooEarly(bundle, (file) => [{ path: says[file] ?? '', given: null, file }]);
	expect(faults).toEqual([
		'a.ts: rooms.home.title comes with the words "rooms", and shared.js before them',
		'b.ts: people.who.title comes with the words "rare", and home.js before them',
	]);
});

test('short keys are the same in catalogue and code, and a key that is chosen while the page runs stays', async () => {
	const marked = usesOf(code, 'a.ts', (path) => groups.has(path));
	const keyOf = shortKeys(good, marked.uses);
	expect(unmarked(marked.code, keyOf)).toContain('words.a({ name:');
	expect(unmarked(marked.code, keyOf)).toContain('const { b: ask, d: parts } = words');
	const source = moduleOf(good, keyOf);
	const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as {
		default: (plural: unknown, number: unknown) => { first: Record<string, unknown> };
	};
	const { first } = made.default((_: number, forms: { other: string }) => forms.other, String);
	expect((first['a'] as (given: object) => string)({ name: 'Ana' })).toBe('Hello Ana');
	expect((first['b'] as (given: object) => string)({ count: 2 })).toBe('2 days left');
	expect(first['c']).toEqual({ open: 'Open', kept: 'Done' });
});

test('sentences are texts, whatever stands in them', async () => {
	const odd = 'A `tick`, a \\ and ${money} of {name}, “quoted”';
	const source = moduleOf({ first: { odd: odd.replace('${money}', '$') } }, asWritten);
	const made = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as {
		default: () => { first: { odd: (given: { name: string }) => string } };
	};
	expect(made.default().first.odd({ name: 'Ana' })).toBe('A `tick`, a \\ and $ of Ana, “quoted”');
});

test('the types name each key and what it is given', () => {
	expect(typesOf('first', good['first'] ?? {})).toContain('hello: (given: { name: string }) => string;');
	expect(typesOf('first', good['first'] ?? {})).toContain('left: (given: { count: number }) => string;');
});

test('the language to look at screens by keeps placeholders, is longer, and stands out', () => {
	const made = pseudo(good);
	expect(compare('qps', made, good)).toEqual([]);
	const hello = (made['first'] as { hello: string }).hello;
	expect(hello.length).toBeGreaterThanOrEqual('Hello {name}'.length * 1.4);
	expect(hello).toMatch(/^\[.*\{name\}.*\]$/);
});
