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

/** A range's ends as gaps; null when it is not in `root`, or where in it can't be told. */
export function caretOf(
	root: HTMLElement,
	drawn: readonly Drawn[],
	tokens: readonly Token[],
	range: Pick<StaticRange, 'startContainer' | 'startOffset' | 'endContainer' | 'endOffset'>,
): Caret | null {
	if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
	const gap = (node: Node, offset: number): number =>
		validGap(tokens, gapOf(root, drawn, tokens, node, offset));
	try {
		return {
			anchor: gap(range.startContainer, range.startOffset),
			head: gap(range.endContainer, range.endOffset),
		};
	} catch {
		// A place that can't be told keeps no word from being read.
		return null;
	}
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
	const text = textOf(drawn, child);
	const ended = { length: 0, done: false };
	if (node !== text && !text.contains(node)) {
		// Beside the text: before it or behind it.
		const behind = (text.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
		const within = node.contains(text);
		const after = within ? follows(node, offset, text) : behind;
		return after ? block.to : block.from;
	}
	measure(text, node, offset, ended);
	return Math.min(block.from + ended.length, block.to);
}

/** The element that a drawn block's text is in; the block itself when the browser took that element out. */
function textOf(drawn: readonly Drawn[], child: Node): Node {
	const text = drawn.find(({ element }) => element === child)?.text;
	return text && child.contains(text) ? text : child;
}

/** Whether a place in an element is behind one of the nodes in it. */
function follows(node: Node, offset: number, inner: Node): boolean {
	let at: Node = inner;
	while (at.parentNode !== node) at = at.parentNode as Node;
	return [...node.childNodes].indexOf(at as ChildNode) < offset;
}

/** Counts the characters before a place. */
function measure(at: Node, node: Node, offset: number, so: { length: number; done: boolean }): void {
	if (so.done) return;
	if (at.nodeType === Node.TEXT_NODE) {
		const data = at.nodeValue ?? '';
		so.length += points(at === node ? data.slice(0, offset) : data);
		so.done = at === node;
		return;
	}
	[...at.childNodes].forEach((child, nth) => {
		if (at === node && nth === offset) so.done = true;
		if (!so.done) measure(child, node, offset, so);
	});
	if (at === node) so.done = true;
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

/** Whether the browser's selection begins and ends in the text of blocks, where typing lands as it should. */
export function isInText(drawn: readonly Drawn[]): boolean {
	const selection = document.getSelection();
	const holds = (node: Node | null): boolean =>
		node !== null && drawn.some(({ element, text }) => element.isConnected && text.contains(node));
	return selection !== null && holds(selection.anchorNode) && holds(selection.focusNode);
}

function points(text: string): number {
	return [...text].length;
}
