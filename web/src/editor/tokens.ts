/**
 * A note's body as numbers: one token for each character (a code point with its marks) or block marker.
 * Whole code points, so that no difference ever cuts a surrogate pair in two.
 */
import type { Block, BlockKind, MarkName, Span } from '$bridge';

/** A character or a block marker; compare with `===`. */
export type Token = number;

const POINT_BITS = 21;
const POINT_MASK = (1 << POINT_BITS) - 1;
const MARK_BIT: Record<MarkName, number> = { strong: 1 << 21, em: 1 << 22 };
const BLOCK_BIT = 1 << 23;
const CHECKED_BIT = 1 << 5;
/** Where the stamp lies: which writing a token comes from, 0 for what the engine told. */
const STAMP_SHIFT = 24;
const STAMPS = 127;
const STAMP_MASK = STAMPS << STAMP_SHIFT;
/** Stands in the document where words were taken out; the engine shows it as a space or not at all, no page writes it. */
const SEPARATOR = 0x1f;
const SPACE = 0x20;
const REPLACEMENT = 0xfffd;
const KINDS: readonly BlockKind[] = ['paragraph', 'heading', 'bullet', 'todo'];

/** The marks that a body can carry, in the order in which they nest. */
export const MARKS: readonly MarkName[] = ['strong', 'em'];

/** Whether a token is a block marker. */
export function isBlock(token: Token): boolean {
	return (token & BLOCK_BIT) !== 0;
}

/**
 * What two tokens must share to be the same thing with other marks or block attributes. A letter that was written anew
 * is not the one that stood there, though it may look the same: so what somebody replaced goes and comes whole.
 */
export function identity(token: Token): number {
	return plain(token) | (token & STAMP_MASK);
}

/** What two tokens share that look the same but for marks and block attributes, whenever they were written. */
export function plain(token: Token): number {
	return isBlock(token) ? BLOCK_BIT : token & POINT_MASK;
}

/** Whether two tokens look the same in everything. */
export function sameToken(a: Token | null | undefined, b: Token | null | undefined): boolean {
	return (
		a === b || (typeof a === 'number' && typeof b === 'number' && (a & ~STAMP_MASK) === (b & ~STAMP_MASK))
	);
}

/** The stamp of a token with another token's looks. */
export function withStampOf(token: Token, other: Token): Token {
	return (token & ~STAMP_MASK) | (other & STAMP_MASK);
}

let lastStamp = 0;

/** The same tokens as a writing of their own. */
export function freshly(tokens: readonly Token[]): Token[] {
	lastStamp = (lastStamp % STAMPS) + 1;
	const stamp = lastStamp << STAMP_SHIFT;
	return tokens.map((token) => (token & ~STAMP_MASK) | stamp);
}

/** Whether a token is a character that belongs to a word: neither white space nor a marker. */
export function inWord(token: Token | undefined): boolean {
	return token !== undefined && !isBlock(token) && !/\s/u.test(String.fromCodePoint(token & POINT_MASK));
}

/** A space as its own writing, that looks as the text before it. */
export function spaceAfter(token: Token): Token {
	return freshly([(token & (MARK_BIT.strong | MARK_BIT.em)) | SPACE])[0] as Token;
}

/** How many indices a token takes in the note's sequence: UTF-16 units, or one for a marker. */
export function width(token: Token): number {
	return !isBlock(token) && (token & POINT_MASK) > 0xffff ? 2 : 1;
}

/** How many indices all of `tokens` take. */
export function widthOf(tokens: readonly Token[]): number {
	let sum = 0;
	for (const token of tokens) sum += width(token);
	return sum;
}

/** The token of a block marker. */
export function blockToken(block: Block): Token {
	const level = block.kind === 'heading' ? Math.min(3, Math.max(1, block.level)) : 0;
	const checked = block.kind === 'todo' && block.checked ? CHECKED_BIT : 0;
	return BLOCK_BIT | KINDS.indexOf(block.kind) | (level << 3) | checked;
}

/** The block that a marker stands for. */
export function tokenBlock(token: Token): Block {
	return {
		kind: KINDS[token & 3] ?? 'paragraph',
		level: (token >> 3) & 3,
		checked: (token & CHECKED_BIT) !== 0,
	};
}

/** The marks of a character. */
export function tokenMarks(token: Token): MarkName[] {
	return isBlock(token) ? [] : MARKS.filter((name) => (token & MARK_BIT[name]) !== 0);
}

/** The same character with one mark set or cleared; a marker stays as it is. */
export function withMark(token: Token, name: MarkName, on: boolean): Token {
	if (isBlock(token)) return token;
	return on ? token | MARK_BIT[name] : token & ~MARK_BIT[name];
}

/** Whether a character carries a mark. */
export function hasMark(token: Token, name: MarkName): boolean {
	return !isBlock(token) && (token & MARK_BIT[name]) !== 0;
}

/** The tokens of a run of text; a lone surrogate becomes the replacement character. */
export function textTokens(text: string, marks: readonly MarkName[] = []): Token[] {
	let bits = 0;
	for (const name of marks) bits |= MARK_BIT[name];
	const tokens: Token[] = [];
	for (const character of text) {
		const point = character.codePointAt(0) ?? REPLACEMENT;
		tokens.push(
			(point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point === SEPARATOR ? SPACE : point) | bits,
		);
	}
	return tokens;
}

/** The text of characters; markers are left out. */
export function tokensText(tokens: readonly Token[]): string {
	let text = '';
	for (const token of tokens) if (!isBlock(token)) text += String.fromCodePoint(token & POINT_MASK);
	return text;
}

/** The body of a note as the engine tells it, as tokens. */
export function fromSpans(spans: readonly Span[]): Token[] {
	const tokens: Token[] = [];
	for (const span of spans) {
		if (span.type === 'block') tokens.push(blockToken(span.block));
		else for (const token of textTokens(span.text, span.marks)) tokens.push(token);
	}
	return tokens;
}

/** The reverse of {@link fromSpans}, with neighbouring text of equal marks in one span. */
export function toSpans(tokens: readonly Token[]): Span[] {
	const spans: Span[] = [];
	let start = 0;
	while (start < tokens.length) {
		const first = tokens[start] as Token;
		let end = start + 1;
		if (isBlock(first)) {
			spans.push({ type: 'block', block: tokenBlock(first) });
		} else {
			const marks = tokenMarks(first);
			const looks = (token: Token): number => token & ~POINT_MASK & ~STAMP_MASK;
			while (end < tokens.length && looks(tokens[end] as Token) === looks(first)) end++;
			spans.push({ type: 'text', text: tokensText(tokens.slice(start, end)), marks });
		}
		start = end;
	}
	return spans;
}

/** Whether two bodies look the same in every token. */
export function sameTokens(a: readonly Token[], b: readonly Token[]): boolean {
	return a.length === b.length && a.every((token, at) => sameToken(token, b[at]));
}
