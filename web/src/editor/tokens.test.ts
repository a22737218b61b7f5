import type { NoteOp, Span } from '$bridge';
import { expect, test } from 'vitest';
import { random } from '../testing/random';
import { alignment, diff } from './diff';
import { merge, rejoin } from './merge';
import { applyOps, MisfitError, opsBetween } from './ops';
import { portion } from './portion';
import {
	blockToken,
	freshly,
	fromSpans,
	textTokens,
	tokensText,
	toSpans,
	widthOf,
	type Token,
} from './tokens';
import { restamped } from './whole';

const SPANS: Span[] = [
	{ type: 'text', text: 'first 😀 ', marks: [] },
	{ type: 'text', text: 'שלום', marks: ['strong', 'em'] },
	{ type: 'block', block: { kind: 'heading', level: 3, checked: false } },
	{ type: 'text', text: 'né 👩‍👧', marks: ['em'] },
	{ type: 'block', block: { kind: 'todo', level: 0, checked: true } },
	{ type: 'block', block: { kind: 'bullet', level: 0, checked: false } },
];

function randomTokens(seed: number, length: number): Token[] {
	const dice = random(seed);
	return Array.from({ length }, () => {
		const choice = dice.below(8);
		if (choice === 0) return blockToken({ kind: 'todo', level: 0, checked: dice.below(2) === 0 });
		if (choice === 1) return blockToken({ kind: 'heading', level: 1 + dice.below(3), checked: false });
		const marks = dice.below(4) === 0 ? (['strong'] as const) : ([] as const);
		return textTokens(dice.pick(['a', 'b', 'c', '😀', 'ש']), marks)[0] as Token;
	});
}

test('spans and tokens are each other’s reverse', () => {
	expect(toSpans(fromSpans(SPANS))).toEqual(SPANS);
	expect(widthOf(fromSpans(SPANS))).toBe(9 + 4 + 1 + 8 + 1 + 1);
});

test('a lone surrogate becomes the replacement character', () => {
	expect(tokensText(textTokens('a\ud83d b'))).toBe('a\ufffd b');
});

test.each(Array.from({ length: 200 }, (_, seed) => [seed]))(
	'edits lead from one body to another (seed %i)',
	(seed) => {
		const before = randomTokens(seed, seed % 40);
		const after = randomTokens(seed + 9000, (seed * 7) % 40);
		expect(toSpans(applyOps(before, opsBetween(before, after)))).toEqual(toSpans(after));
	},
);

test('a removal never mixes text and markers, and no edit cuts a surrogate pair', () => {
	const before = fromSpans(SPANS);
	const ops = opsBetween(before, textTokens('first 😁'));
	for (const op of ops) {
		if (op.op !== 'splice') continue;
		expect(op.text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
	}
	expect(ops.filter((op) => op.op === 'splice' && op.remove === 1).length).toBe(3);
});

test('new text beside bold says that it is not bold', () => {
	const before = textTokens('ab', ['strong']);
	const after = [...before, ...textTokens('c')];
	const ops: NoteOp[] = [
		{ op: 'splice', index: 2, remove: 0, text: 'c' },
		{ op: 'mark', from: 2, to: 3, name: 'strong', on: false },
	];
	expect(opsBetween(before, after)).toEqual(ops);
});

test('an edit that does not fit is named', () => {
	expect(() => applyOps(textTokens('a'), [{ op: 'splice', index: 5, remove: 0, text: 'b' }])).toThrow(
		MisfitError,
	);
	expect(() => applyOps(textTokens('😀'), [{ op: 'splice', index: 1, remove: 1, text: '' }])).toThrow(
		MisfitError,
	);
});

test('a very different body is replaced in the middle, within bounds', () => {
	const before = textTokens('<' + 'ab'.repeat(3000) + '>');
	const after = textTokens('<' + 'cd'.repeat(3000) + '>');
	expect(diff(before, after)).toEqual([{ from: 1, to: 6001, start: 1, end: 6001 }]);
	expect(alignment(before, after)[6001]).toBe(6001);
});

test('a merge keeps both sides’ words and drops what either removed', () => {
	const base = textTokens('one two three');
	const merged = merge(base, textTokens('one TWO two three'), textTokens('one three!'));
	expect(tokensText(merged)).toBe('one TWO three!');
});

test('of a to-do that both ticked and retitled, both stand', () => {
	const todo = (checked: boolean): Token => blockToken({ kind: 'todo', level: 0, checked });
	const base = [todo(false), ...textTokens('call')];
	const merged = merge(base, [todo(true), ...textTokens('call')], [todo(false), ...textTokens('call Ana')]);
	expect(toSpans(merged)).toEqual(toSpans([todo(true), ...textTokens('call Ana')]));
});

test('p04 a letter written anew is not the one that stood there', () => {
	const before = textTokens('We felt tired.');
	const after = [...before.slice(0, 8), ...freshly(textTokens('tiredness.'))];
	expect(opsBetween(before, after)).toEqual([{ op: 'splice', index: 8, remove: 6, text: 'tiredness.' }]);
	expect(opsBetween(before, [...before])).toEqual([]);
});

test('p04 of a word that two people reworded both wordings stand, with a space between', () => {
	const base = textTokens('Come on Tuesday.');
	const mine = restamped(base, textTokens('Come on Friday.'));
	const theirs = restamped(base, textTokens('Come on Thursday.'));
	expect(tokensText(merge(base, mine, theirs))).toBe('Come on Thursday. Friday.');
});

test('p04 what is written in a line that somebody took away runs into no other word', () => {
	const base = textTokens('one two three');
	expect(tokensText(merge(base, textTokens('one twXYo three'), textTokens('one three')))).toBe(
		'one XY three',
	);
	expect(tokensText(merge(base, textTokens('onethree'), textTokens('one three')))).not.toContain('  ');
});

test.each(Array.from({ length: 300 }, (_, seed) => [seed]))(
	'p04 two rewordings can both be read after a merge, with no doubled space (seed %i)',
	(seed) => {
		const dice = random(seed);
		const words = ['tired', 'tiredness', 'red', 'sad', 'we', 'felt', 'anger.', 'Tuesday', 'Friday', 'día'];
		const some = (most: number): string[] =>
			Array.from({ length: 1 + dice.below(most) }, () => dice.pick(words));
		const base = textTokens(some(8).join(' '));
		const reworded = (): { body: Token[]; said: string } => {
			const gaps = [0, ...base.flatMap((token, at) => (token === 0x20 ? [at, at + 1] : [])), base.length];
			const starts = gaps.filter((_gap, at) => at % 2 === 0);
			const first = dice.below(starts.length);
			const last = first + dice.below(starts.length - first);
			const said = some(3).join(' ');
			const from = gaps[first * 2] as number;
			const to = gaps[last * 2 + 1] as number;
			return { body: [...base.slice(0, from), ...freshly(textTokens(said)), ...base.slice(to)], said };
		};
		const [mine, theirs] = [reworded(), reworded()];
		const merged = tokensText(merge(base, mine.body, theirs.body));
		const padded = ` ${merged} `;
		expect(padded).toContain(` ${mine.said} `);
		expect(padded).toContain(` ${theirs.said} `);
		expect(merged).not.toContain('  ');
	},
);

test.each(Array.from({ length: 100 }, (_, seed) => [seed]))(
	'p04 a large edit comes whole in portions (seed %i)',
	(seed) => {
		let now = randomTokens(seed, seed % 60);
		const after = randomTokens(seed + 500, 60 + (seed % 40));
		for (let sent = 0; sent < 200; sent++) {
			const { ops, target } = portion(now, after, 4);
			if (ops.length === 0) break;
			expect(ops.length).toBeLessThanOrEqual(4);
			expect(toSpans(applyOps(now, ops))).toEqual(toSpans(target));
			now = target;
		}
		expect(toSpans(now)).toEqual(toSpans(after));
	},
);

test.each(Array.from({ length: 100 }, (_, seed) => [seed]))(
	'p04 what the engine may have taken in part is written once (seed %i)',
	(seed) => {
		const dice = random(seed);
		const base = textTokens('before. ');
		const fresh = Array.from({ length: 30 }, (_, at) => String.fromCodePoint(0x4e00 + seed + at));
		const mine = [...base, ...textTokens(fresh.join(''))];
		const now = [...base, ...textTokens(fresh.slice(0, dice.below(31)).join('')), ...textTokens('!')];
		expect(tokensText(rejoin(base, mine, now)).replace(/[! ]/g, '')).toBe(
			tokensText(mine).replace(/[! ]/g, ''),
		);
	},
);
