import { readFileSync } from 'node:fs';
import type { KithProblem, ProblemCode, ProblemWhy } from '$bridge';
import { expect, test } from 'vitest';
import { roomWords, words } from '../words';
import { tellCases } from './cases';
import { saidOf } from './said';

tellCases();

const codes = [...Object.keys(words.advice), ...Object.keys(roomWords.advice)] as ProblemCode[];
const sentences = (text: string): string[] => text.split(/(?<=[.!?])\s+/);

/** The names of a type of the contract. */
function namesOf(type: string): string[] {
	const source = readFileSync(new URL('../bridge/contract/problem.ts', import.meta.url), 'utf8');
	const [, body = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(source) ?? [];
	const names = [...body.matchAll(/\| '([a-z-]+)'/g)].map(([, name]) => name ?? '');
	expect(names.length).toBeGreaterThan(20);
	return names;
}

/** The engine's own cases; those of the circle's rules are said where they are met. */
const engineWhys = (): ProblemWhy[] => namesOf('ProblemWhy') as ProblemWhy[];

function read({ code, why, count }: Partial<KithProblem>): { said: string; advice: string } {
	return saidOf({ code: code ?? 'refused', why: why ?? null, count: count ?? null, retry: false });
}

test('every code that the engine has is said', () => {
	expect([...codes].sort()).toEqual(namesOf('ProblemCode').sort());
});

test('of each problem one thing is said once, with what to do, in no bytes', () => {
	for (const code of codes) {
		for (const count of [null, 1, 12]) {
			const { said, advice } = read({ code, count });
			expect(said, code).not.toBe('');
			expect(said, code).not.toBe(words.common.unsaid);
			const all = [...sentences(said), ...sentences(advice)].filter((one) => one !== '');
			expect(new Set(all).size, code).toBe(all.length);
			expect(`${said} ${advice}`, code).not.toMatch(/\bbytes?\b/);
		}
	}
});

test('each case that the engine tells apart has its own sentence, and nothing is said beside it', () => {
	// The last is the worker's own, which opens the database below the engine.
	const whys: NonNullable<KithProblem['why']>[] = [...engineWhys(), 'emptied'];
	for (const why of whys) {
		const { said, advice } = read({ why, count: 2 });
		expect([why, said]).not.toEqual([why, read({ count: 2 }).said]);
		expect(advice, why).toBe('');
	}
	for (const why of Object.keys(roomWords.whys)) expect(whys).toContain(why);
});

test('how many is said where it is known', () => {
	expect(read({ code: 'too-long', count: 1 }).said).toContain('1 character ');
	expect(read({ code: 'too-long', count: 12 }).said).toContain('12 characters');
	expect(read({ why: 'lacking', count: 3 }).said).toContain('3 changes');
});

test('what the browser hinders is said with what to do', () => {
	for (const why of ['not-secure', 'storage-refused', 'too-old'] as const) {
		expect(read({ code: 'engine-stopped', why })).toEqual(words.hindered[why]);
	}
});

test('why the circle’s rules do not take something is said as of what came back', () => {
	expect(read({ code: 'not-allowed', why: 'too-soon' }).said).toBe(roomWords.rules['too-soon']);
});

test('a case that this page has no words for is said by its code', () => {
	expect(read({ code: 'full', why: 'of-tomorrow' as never })).toEqual(read({ code: 'full' }));
});
