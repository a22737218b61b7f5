/**
 * Blocks and carets in a body's tokens. A caret is a gap: the number of tokens before it. Text before the first
 * marker is a paragraph without one, called the lead; it is there when the body is empty or begins with text.
 */
import type { Block } from '$bridge';
import type { Hunk } from './diff';
import { isBlock, tokenBlock, type Token } from './tokens';

/** A block: its marker's position (-1 for the lead) and where its text begins and ends. */
export interface BlockRange {
	marker: number;
	from: number;
	to: number;
}

/** Anchor and head of a selection, as gaps. */
export interface Caret {
	anchor: number;
	head: number;
}

const PARAGRAPH: Block = { kind: 'paragraph', level: 0, checked: false };

/** All blocks in order; at least one. */
export function blocksOf(tokens: readonly Token[]): BlockRange[] {
	const blocks: BlockRange[] = [];
	let open: BlockRange | null = isBlock(tokens[0] ?? 0) ? null : { marker: -1, from: 0, to: 0 };
	tokens.forEach((token, at) => {
		if (!isBlock(token)) return;
		if (open) blocks.push({ ...open, to: at });
		open = { marker: at, from: at + 1, to: at + 1 };
	});
	if (open) blocks.push({ ...(open as BlockRange), to: tokens.length });
	return blocks;
}

/** The block that a gap is in. */
export function blockAt(tokens: readonly Token[], gap: number): BlockRange {
	let marker = Math.min(gap, tokens.length) - 1;
	while (marker >= 0 && !isBlock(tokens[marker] as Token)) marker--;
	if (marker < 0 && isBlock(tokens[0] ?? 0)) marker = 0;
	let to = Math.max(gap, marker + 1);
	while (to < tokens.length && !isBlock(tokens[to] as Token)) to++;
	return { marker, from: marker + 1, to };
}

/** What a block is. */
export function kindOf(tokens: readonly Token[], block: BlockRange): Block {
	return block.marker < 0 ? PARAGRAPH : tokenBlock(tokens[block.marker] as Token);
}

/** The nearest gap at which a caret can stand: nothing stands before a first marker. */
export function validGap(tokens: readonly Token[], gap: number): number {
	const least = isBlock(tokens[0] ?? 0) ? 1 : 0;
	return Math.min(Math.max(gap, least), tokens.length);
}

/** Where a gap lies after changes: what comes in at the very place comes in behind it. */
export function mapGap(hunks: readonly Hunk[], gap: number): number {
	let shift = 0;
	for (const hunk of hunks) {
		if (hunk.from >= gap) break;
		if (hunk.to > gap) return hunk.start;
		shift += hunk.end - hunk.start - (hunk.to - hunk.from);
	}
	return gap + shift;
}
