import type { ProblemCode } from '$bridge';
import { expect, test } from 'vitest';
import { words } from '../words';
import { saidOf } from './said';

const codes = Object.keys(words.advice) as ProblemCode[];
const sentences = (text: string): string[] => text.split(/(?<=[.!?])\s+/);

test('of each problem one thing is said once, with what to do, in no bytes', () => {
	for (const code of codes) {
		for (const text of ['', 'The engine’s own sentence. Do this.']) {
			const { said, advice } = saidOf({ code, text, retry: false });
			expect(said, code).not.toBe('');
			// Either the engine's sentence alone, or the page's with its advice.
			expect(said === text, code).toBe(text !== '' && advice === '');
			const all = [...sentences(said), ...sentences(advice)].filter((one) => one !== '');
			expect(new Set(all).size, code).toBe(all.length);
			expect(`${said} ${advice}`, code).not.toMatch(/\bbytes?\b/);
		}
	}
});

test('what the engine alone knows is said in its words, what is always the same in the page’s', () => {
	const text = 'This link was withdrawn, or whoever made it is out. Ask for a new one.';
	expect(saidOf({ code: 'link-invalid', text, retry: false }).said).toBe(text);
	const full = saidOf({ code: 'storage-full', text: 'This phone is full. Free some space.', retry: true });
	expect(full).toEqual({ said: 'This phone is full.', advice: words.advice['storage-full'] });
});

test('on a page in another language no English sentence of the engine is shown, and each code is said once', () => {
	for (const code of codes) {
		const { said, advice } = saidOf({ code, text: 'Said in English.', retry: false }, false);
		expect(said).not.toBe('Said in English.');
		expect(said).not.toBe('');
		expect(advice).not.toBe(said);
	}
	const full = { code: 'storage-failed', text: 'Blocked.', advice: 'Allow it.', retry: false } as const;
	expect(saidOf(full, false)).toEqual({ said: 'Blocked.', advice: 'Allow it.' });
});
