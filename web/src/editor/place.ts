/** Between the browser's selection and gaps in the tokens. */
import { blockAt, blocksOf, validGap, type Caret } from './blocks';
import type { Drawn } from './render';
import type { Token } from './tokens';

/** The browser's selection as gaps; null when it is not in `root`. */
export function caretIn(root: HTMLElement, drawn: readonly Drawn[], tokens: readonly Token[]): Caret | null {
	const selection = document.getSelection();
	if (!selection?.anchorNode || !selection.focusNode) return null;
	return caretOf(root, drawn, tokens, {
		startContainer: selection.anchorNode,
		startOffset: selection.anchorOffset,
		endContainer: selection.focusNode,
		endOffset: selection.focusOffset,
	});
}

/** A range's ends as gaps; null when it is not in `root`. */
export function caretOf(
	root: HTMLElement,
	drawn: readonly Drawn[],
	tokens: readonly Token[],
	range: Pick<StaticRange, 'startContainer' | 'startOffset' | 'endContainer' | 'endOffset'>,
): Caret | null {
	if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
	const gap = (node: Node, offset: number): number =>
		validGap(tokens, gapOf(root, drawn, tokens, node, offset));
	return {
		anchor: gap(range.startContainer, range.startOffset),
		head: gap(range.endContainer, range.endOffset),
	};
}

function gapOf(
	root: Node,
	drawn: readonly Drawn[],
	tokens: readonly Token[],
	node: Node,
	offset: number,
): number {
	const blocks = blocksOf(tokens);
	let child: Node | null = node;
	if (node === root) child = root.childNodes[offset] ?? null;
	while (child && child.parentNode !== root) child = child.parentNode;
	if (!child) return tokens.length;
	const at = [...root.childNodes].indexOf(child as ChildNode);
	const block = blocks[at];
	if (!block) return tokens.length;
	if (node === root) return block.from;
	const text = drawn.find(({ element }) => element === child)?.text ?? child;
	const range = document.createRange();
	range.setStart(text, 0);
	if (range.comparePoint(node, offset) < 0) return block.from;
	range.setEnd(node, offset);
	return Math.min(block.from + points(range.toString()), block.to);
}

/** Puts the browser's selection where the gaps are. */
export function placeCaret(drawn: readonly Drawn[], tokens: readonly Token[], caret: Caret): void {
	const selection = document.getSelection();
	const anchor = spot(drawn, tokens, caret.anchor);
	const head = spot(drawn, tokens, caret.head);
	if (!selection || !anchor || !head) return;
	const same =
		selection.anchorNode === anchor.node &&
		selection.anchorOffset === anchor.offset &&
		selection.focusNode === head.node &&
		selection.focusOffset === head.offset;
	if (!same) selection.setBaseAndExtent(anchor.node, anchor.offset, head.node, head.offset);
}

function spot(
	drawn: readonly Drawn[],
	tokens: readonly Token[],
	wanted: number,
): { node: Node; offset: number } | null {
	const gap = validGap(tokens, wanted);
	const block = blockAt(tokens, gap);
	const at = blocksOf(tokens).findIndex(({ from }) => from === block.from);
	const text = drawn[at]?.text;
	if (!text) return null;
	let left = gap - block.from;
	const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const data = node.nodeValue ?? '';
		const length = points(data);
		if (left <= length) return { node, offset: [...data].slice(0, left).join('').length };
		left -= length;
	}
	return { node: text, offset: 0 };
}

function points(text: string): number {
	return [...text].length;
}
