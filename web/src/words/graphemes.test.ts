import { expect, test } from 'vitest';
import rules from '../../../shared/src/document/graphemes.rs?raw';
import limitsOfCore from '../../../shared/src/document/limits.rs?raw';
import gate from '../../../shared/src/gate/mod.rs?raw';
import bodies from '../../../shared/src/seal/body.rs?raw';
import golden from '../../../shared/tests/graphemes_golden.txt?raw';
import { graphemes, isSeen, limits, MOMENTS_MAX, over } from './graphemes';
import ours from './graphemes.ts?raw';

test('page and core count the same in any text', () => {
	const lines = golden.trimEnd().split('\n');
	expect(lines.length).toBe(400);
	for (const line of lines) {
		const [signs = '', count, tooMany, seen] = line.split('|');
		const codes = signs.split(' ').filter((sign) => sign !== '');
		const text = String.fromCodePoint(...codes.map((sign) => parseInt(sign, 16)));
		const beyond = Math.max(0, over(text, { graphemes: 4, bytes: 20 }));
		expect([String(graphemes(text)), String(beyond), String(isSeen(text))], line).toEqual([
			count,
			tooMany,
			seen,
		]);
	}
});

test('page and core have one table and one limit for each text', () => {
	const rust = rules.replace(/\s*\\\n\s*/g, ' ');
	for (const name of ['JOINING', 'UNSEEN']) {
		const table = new RegExp(`${name}: &str = "\\s*([^"]+)"`).exec(rust)?.[1];
		expect(ours).toContain(`'${table}'`);
	}
	const bounds = limitsOfCore + bodies + gate;
	expect(limitsOfCore).toMatch(
		/CHECK_IN_NOTE_TEXT: TextLimit = TextLimit \{ graphemes: 1_000, bytes: BODY_TEXT_BYTES_MAX - 32 \}/,
	);
	expect(limits.checkInNote).toEqual({ graphemes: 1_000, bytes: limits.message.bytes - 32 });
	expect(limitsOfCore).toMatch(
		/COMMITMENT_TEXT: TextLimit = TextLimit \{ graphemes: 300, bytes: BODY_TEXT_BYTES_MAX - 128 \}/,
	);
	expect(limits.commitment).toEqual({ graphemes: 300, bytes: limits.message.bytes - 128 });
	const number = (pattern: string): number =>
		Number(new RegExp(pattern).exec(bounds)?.[1]?.replaceAll('_', ''));
	for (const [name, text, bytes] of [
		['field', 'FIELD', 'FIELD'],
		['item', 'ITEM', 'ITEM'],
		['name', 'MEMBER_NAME', 'MEMBER_NAME'],
		['title', 'TITLE', 'TITLE'],
		['message', 'MESSAGE', 'BODY_TEXT'],
	] as const) {
		expect(limits[name]).toEqual({
			graphemes: number(`\\b${text}_TEXT: TextLimit = TextLimit \\{ graphemes: ([\\d_]+)`),
			bytes: number(`\\b${bytes}_BYTES_MAX: usize = ([\\d_]+)`),
		});
	}
	expect(limits.moment).toEqual({
		graphemes: number('\\bMOMENT_TEXT: TextLimit = TextLimit \\{ graphemes: (\\d+)'),
		bytes: number('\\bMOMENT_TEXT: .* bytes: (\\d+)'),
	});
	expect(limits.strategy).toEqual({
		graphemes: number('\\bSTRATEGY_TEXT: TextLimit = TextLimit \\{ graphemes: ([\\d_]+)'),
		bytes: number('\\bBODY_BYTES_MAX: usize = (\\d+) \\* 1024') * 1024,
	});
	expect(MOMENTS_MAX).toBe(number('\\bMOMENTS_MAX: usize = (\\d+)'));
});

test('a text within its limit says how much is left, one beyond how much too many', () => {
	expect(over('नमस्ते', { graphemes: 10, bytes: 100 })).toBe(graphemes('नमस्ते') - 10);
	expect(over('a'.repeat(12), limits.name)).toBe(-48);
	expect(over('क्षि'.repeat(205), limits.field)).toBe(5);
	expect(over('', limits.name)).toBe(-60);
});
