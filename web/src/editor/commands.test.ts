import { expect, test } from 'vitest';
import { openBody, redo, undo, type Body, type Command } from './body';
import {
	backspace,
	cycleHeading,
	deleteForward,
	enter,
	insert,
	marksHere,
	tick,
	toggleBlock,
	toggleMark,
} from './commands';
import { autoformat } from './shortcuts';
import { isBlock, textTokens, tokenBlock, tokenMarks, tokensText } from './tokens';

/** A body as text: `[b]` for a bullet's marker and so on, `|` for the caret, `*` after what is strong. */
function show({ tokens, caret }: Body): string {
	let text = '';
	tokens.forEach((token, at) => {
		if (at === caret.head) text += '|';
		if (isBlock(token)) {
			const { kind, level, checked } = tokenBlock(token);
			text += `[${kind[0]}${level || ''}${checked ? 'x' : ''}]`;
		} else {
			text += tokensText([token]) + (tokenMarks(token).includes('strong') ? '*' : '');
		}
	});
	return caret.head === tokens.length ? `${text}|` : text;
}
function run(...commands: Command[]): Body {
	return commands.reduce((body, command) => command(body) ?? body, openBody([]));
}
const type = (text: string): Command => insert(textTokens(text));
const caret =
	(anchor: number, head = anchor): Command =>
	(body) => ({ ...body, caret: { anchor, head } });

test('enter goes on with a list, and ends it from an empty item', () => {
	expect(show(run(toggleBlock('bullet'), type('a'), enter))).toBe('[b]a[b]|');
	expect(show(run(toggleBlock('bullet'), type('a'), enter, enter))).toBe('[b]a[p]|');
	expect(show(run(toggleBlock('todo'), type('a'), tick(), enter, type('b')))).toBe('[tx]a[t]b|');
});

test('enter after a heading begins a paragraph, inside it another heading, before it a line above', () => {
	const heading = [type('ab'), cycleHeading];
	expect(show(run(...heading, enter))).toBe('[h1]ab[p]|');
	expect(show(run(...heading, caret(2), enter))).toBe('[h1]a[h1]|b');
	expect(show(run(...heading, caret(1), enter))).toBe('[p][h1]|ab');
});

test('enter at the very start leaves an empty line above', () => {
	expect(show(run(type('ab'), caret(0), enter))).toBe('[p][p]|ab');
});

test('backspace at the start of a block takes its kind first, then joins', () => {
	const two = [type('a'), enter, type('b'), toggleBlock('bullet'), caret(2)];
	expect(show(run(...two, backspace))).toBe('a[p]|b');
	expect(show(run(...two, backspace, backspace))).toBe('a|b');
	expect(backspace(run(type('ab')))).toBeNull();
});

test('delete at the end of a block joins the next', () => {
	expect(show(run(type('a'), enter, type('b'), caret(1), deleteForward))).toBe('a|b');
});

test('deleting the first line’s words leaves the line', () => {
	expect(show(run(type('ab'), enter, type('c'), caret(0, 2), insert([])))).toBe('[p]|[p]c');
});

test('a mark asked for without a selection is for what comes next', () => {
	const body = run(type('a'), toggleMark('strong'));
	expect(marksHere(body)).toEqual(['strong']);
	expect(show(run(type('a'), toggleMark('strong'), type('b')))).toBe('ab*|');
	expect(show(run(type('ab'), caret(0, 1), toggleMark('strong')))).toBe('a*|b');
});

test('undo and redo go step by step', () => {
	const body = run(type('a'), enter, type('b'));
	const back = undo(body) as Body;
	expect(show(back)).toBe('a[p]|');
	expect(show(redo(back) as Body)).toBe('a[p]b|');
	expect(undo(openBody([]))).toBeNull();
});

test('beginnings of a line stand for blocks', () => {
	const auto = (text: string): string | null => {
		const body = autoformat(run(type(text)));
		return body && show(body);
	};
	expect(auto('- ')).toBe('[b]|');
	expect(auto('## ')).toBe('[h2]|');
	expect(auto('[] ')).toBe('[t]|');
	expect(auto('so - ')).toBeNull();
});
