/** What keys and buttons do to a body. */
import type { Block, BlockKind, MarkName } from '$bridge';
import { blockAt, blocksOf, kindOf, type BlockRange } from './blocks';
import { edited, type Body, type Command } from './body';
import {
	blockToken,
	freshly,
	hasMark,
	isBlock,
	MARKS,
	textTokens,
	tokenBlock,
	tokenMarks,
	tokensText,
	withMark,
	type Token,
} from './tokens';

const PARAGRAPH = blockToken({ kind: 'paragraph', level: 0, checked: false });

/** Puts tokens in the place of what is selected; text among them takes the marks that were asked for. */
export function insert(fresh: readonly Token[], typedAtMs: number | null = null): Command {
	return (body) => {
		const { from, to } = span(body);
		const gone = to > from;
		const text = freshly(fresh.map((token) => marked(token, body.marks)));
		const tokens = [...body.tokens.slice(0, from), ...text, ...body.tokens.slice(to)];
		let gap = from + text.length;
		// A lead that lost its words but has blocks after it stays, as a paragraph of its own.
		if (gone && from === 0 && !isBlock(body.tokens[0] ?? 0) && isBlock(tokens[0] ?? 0) && gap === 0) {
			tokens.unshift(PARAGRAPH);
			gap = 1;
		}
		return edited(body, tokens, { anchor: gap, head: gap }, typedAtMs);
	};
}

/** Writes over a range, in the looks that a button asked for or that the range began with. */
export function write(
	fresh: readonly Token[],
	range: { from: number; to: number },
	typedAtMs: number,
): Command {
	return (body) => {
		const first = range.to > range.from ? body.tokens[range.from] : body.tokens[range.from - 1];
		const marks = body.marks ?? tokenMarks(first ?? 0);
		const caret = { anchor: range.from, head: range.to };
		return insert(fresh, typedAtMs)({ ...body, caret, marks });
	};
}

/** Takes a range away. */
export function erase(range: { from: number; to: number }, typedAtMs: number | null = null): Command {
	return (body) => insert([], typedAtMs)({ ...body, caret: { anchor: range.from, head: range.to } });
}

/** Puts blocks where the caret is: lines stay lines, a single one goes into the line that is there. */
export function pasted(fresh: readonly Token[]): Command {
	return (body) => {
		const lines = fresh.filter(isBlock).length;
		if (lines <= 1) return insert(isBlock(fresh[0] ?? 0) ? fresh.slice(1) : fresh)(body);
		const { from, to } = span(body);
		const block = blockAt(body.tokens, from);
		const empty = block.from === from && (block.to === from || block.to <= to);
		const plain = kindOf(body.tokens, block).kind === 'paragraph';
		// An empty line gives its place to the first that is pasted.
		if (!empty || !plain) return insert(fresh)(body);
		const anchor = Math.max(block.marker, 0);
		return insert(fresh)({ ...body, caret: { anchor, head: to } });
	};
}

/** Enter: lists go on, an empty item ends its list, after a heading comes a paragraph. */
export const enter: Command = (start) => {
	const { from, to } = span(start);
	const body = to > from ? (insert([])(start) ?? start) : start;
	const gap = body.caret.head;
	const block = blockAt(body.tokens, gap);
	const kind = kindOf(body.tokens, block);
	const list = kind.kind === 'bullet' || kind.kind === 'todo';
	const numbered = kind.kind === 'paragraph' ? goOnCounting(body, block) : null;
	if (numbered) return numbered;
	if (list && block.from === block.to) return setBlock('paragraph')(body);
	const tokens = [...body.tokens];
	let next = gap + 1;
	if (gap === 0) {
		tokens.splice(0, 0, PARAGRAPH, PARAGRAPH);
		next = 2;
	} else if (kind.kind === 'heading' && gap === block.from && gap < block.to) {
		tokens[block.marker] = PARAGRAPH;
		tokens.splice(gap, 0, blockToken(kind));
	} else {
		const goesOn = list || (kind.kind === 'heading' && gap < block.to);
		tokens.splice(gap, 0, goesOn ? blockToken({ ...kind, checked: false }) : PARAGRAPH);
	}
	return edited(body, tokens, { anchor: next, head: next });
};

/** In a paragraph that begins with a number, as in a list: the next one does too; an empty one ends the list. */
function goOnCounting(body: Body, block: BlockRange): Body | null {
	const gap = body.caret.head;
	const line = tokensText(body.tokens.slice(block.from, block.to));
	const found = /^(\d{1,3})([.)]) /.exec(line);
	if (!found || gap - block.from < found[0].length) return null;
	if (line === found[0]) return erase({ from: block.from, to: block.to })(body);
	const before = block.marker > 0 ? blockAt(body.tokens, block.marker) : null;
	const last = before && tokensText(body.tokens.slice(before.from, before.to));
	// A number that begins a single line may be a date or a sum; the second of two in a row is a list's.
	const counted =
		Number(found[1]) === 1 || Number(/^(\d{1,3})[.)] /.exec(last ?? '')?.[1]) === Number(found[1]) - 1;
	if (!counted) return null;
	const next = freshly([PARAGRAPH, ...textTokens(`${Number(found[1]) + 1}${found[2]} `)]);
	const tokens = [...body.tokens.slice(0, gap), ...next, ...body.tokens.slice(gap)];
	const at = gap + next.length;
	return edited(body, tokens, { anchor: at, head: at });
}

/** Backspace where it does more than take a character: over a selection, or at the start of a block. */
export const backspace: Command = (body) => {
	const { from, to } = span(body);
	if (to > from) return insert([])(body);
	const block = blockAt(body.tokens, from);
	if (from !== block.from || block.marker < 0) return null;
	if (kindOf(body.tokens, block).kind !== 'paragraph') return setBlock('paragraph')(body);
	if (block.marker === 0) return body;
	return without(body, block.marker);
};

/** Delete where it does more than take a character: over a selection, or at the end of a block. */
export const deleteForward: Command = (body) => {
	const { from, to } = span(body);
	if (to > from) return insert([])(body);
	if (from >= body.tokens.length) return body;
	return isBlock(body.tokens[from] as Token) ? without(body, from) : null;
};

/** Makes the selected blocks one kind. */
export function setBlock(kind: BlockKind, level = 0): Command {
	return (body) => {
		const token = blockToken({ kind, level, checked: false });
		const tokens = [...body.tokens];
		let shift = 0;
		for (const block of selected(body)) {
			if (block.marker >= 0) {
				tokens[block.marker] = kind === tokenBlock(token).kind ? keepTick(tokens, block, token) : token;
			} else if (kind !== 'paragraph') {
				tokens.unshift(token);
				shift = 1;
			}
		}
		const { anchor, head } = body.caret;
		return edited(body, tokens, { anchor: anchor + shift, head: head + shift });
	};
}

/** Makes the selected blocks one kind, or paragraphs when they all are of it. */
export function toggleBlock(kind: BlockKind): Command {
	return (body) => {
		const all = selected(body).every((block) => kindOf(body.tokens, block).kind === kind);
		return setBlock(all ? 'paragraph' : kind)(body);
	};
}

/** From a paragraph to the large heading, the middle, the small, and back. */
export const cycleHeading: Command = (body) => {
	const now = kindOf(body.tokens, selected(body)[0] ?? blockAt(body.tokens, 0));
	const level = now.kind === 'heading' ? now.level + 1 : 1;
	return setBlock(level > 3 ? 'paragraph' : 'heading', level > 3 ? 0 : level)(body);
};

/** Ticks or clears the to-do whose marker is at a position, or the one that the caret is in. */
export function tick(marker?: number): Command {
	return (body) => {
		const at = marker ?? blockAt(body.tokens, body.caret.head).marker;
		const block: Block | null = isBlock(body.tokens[at] ?? 0) ? tokenBlock(body.tokens[at] as Token) : null;
		if (block?.kind !== 'todo') return null;
		const tokens = [...body.tokens];
		tokens[at] = blockToken({ ...block, checked: !block.checked });
		return edited(body, tokens, body.caret);
	};
}

/** Sets or clears a mark on what is selected, or for what will be typed next. */
export function toggleMark(name: MarkName): Command {
	return (body) => {
		const { from, to } = span(body);
		const now = marksHere(body);
		if (from === to) {
			const marks = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
			return { ...body, marks };
		}
		const on = !now.includes(name);
		const tokens = body.tokens.map((token, at) =>
			at >= from && at < to ? withMark(token, name, on) : token,
		);
		return edited(body, tokens, body.caret);
	};
}

/** The marks that all of the selection has, or that the next character would get. */
export function marksHere(body: Body): MarkName[] {
	const { from, to } = span(body);
	if (from === to) return body.marks ?? tokenMarks(body.tokens[from - 1] ?? 0);
	const text = body.tokens.slice(from, to).filter((token) => !isBlock(token));
	return MARKS.filter((name) => text.length > 0 && text.every((token) => hasMark(token, name)));
}

/** The selection's ends in order. */
export function span({ caret }: Body): { from: number; to: number } {
	return { from: Math.min(caret.anchor, caret.head), to: Math.max(caret.anchor, caret.head) };
}

/** The same text with just these marks; as it is for null. */
export function marked(token: Token, marks: readonly MarkName[] | null): Token {
	if (marks === null) return token;
	return MARKS.reduce((now, name) => withMark(now, name, marks.includes(name)), token);
}

function selected(body: Body): BlockRange[] {
	const { from, to } = span(body);
	return blocksOf(body.tokens).filter((block) => block.from <= to && block.to >= from);
}

function keepTick(tokens: readonly Token[], block: BlockRange, token: Token): Token {
	const now = kindOf(tokens, block);
	return now.kind === 'todo' && tokenBlock(token).kind === 'todo' ? blockToken(now) : token;
}

function without(body: Body, at: number): Body {
	const tokens = [...body.tokens.slice(0, at), ...body.tokens.slice(at + 1)];
	return edited(body, tokens, { anchor: at, head: at });
}
