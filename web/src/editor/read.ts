/** Reads tokens out of the elements on the screen: ours, and what the browser made of typing. */
import type { Block, MarkName } from '$bridge';
import { BLOCKS, containsBlock, MARK_TAGS, PARAGRAPH, SKIPPED } from './elements';
import { blockToken, textTokens, type Token } from './tokens';

/** The blocks in a node, each beginning with its marker. Every character counts. */
export function readBlocks(node: Node): Token[] {
	const out: Token[] = [];
	let open: Block | null = null;
	/** Whether the block being read has been begun, so that the next text goes on in it. */
	let begun = false;
	const begin = (block: Block): void => {
		open = block;
		begun = false;
	};
	const put = (tokens: Token[]): void => {
		if (!begun) out.push(blockToken(open ?? PARAGRAPH));
		begun = true;
		for (const token of tokens) out.push(token);
	};
	const walk = (at: Node, marks: readonly MarkName[], block: Block): void => {
		if (at.nodeType === Node.TEXT_NODE) {
			if (at.nodeValue) put(textTokens(at.nodeValue, marks));
			return;
		}
		if (!(at instanceof Element) || SKIPPED.has(at.nodeName)) return;
		if (at.nodeName === 'BR') {
			// The last break of a block only holds it open; another begins the next line.
			if (at.nextSibling) {
				if (!begun) put([]);
				begin(block);
			}
			return;
		}
		const mark = MARK_TAGS[at.nodeName];
		const inner = mark && !marks.includes(mark) ? [...marks, mark] : marks;
		if (!BLOCKS.has(at.nodeName)) {
			for (const child of at.childNodes) walk(child, inner, block);
			return;
		}
		const kind = blockOf(at, block);
		begin(kind);
		const before = out.length;
		for (const child of at.childNodes) walk(child, marks, kind);
		if (out.length === before && !containsBlock(at)) put([]);
		begin(PARAGRAPH);
	};
	walk(node, [], PARAGRAPH);
	return out;
}

function blockOf(element: Element, around: Block): Block {
	const tag = element.nodeName;
	const checked = element.getAttribute('data-checked');
	if (checked !== null) return { kind: 'todo', level: 0, checked: checked === 'true' };
	if (/^H[1-6]$/.test(tag)) return { kind: 'heading', level: Math.min(3, Number(tag[1])), checked: false };
	if (tag === 'LI' || element.classList.contains('bullet'))
		return { kind: 'bullet', level: 0, checked: false };
	// A paragraph inside an item is the item's text.
	return around.kind === 'bullet' || around.kind === 'todo' ? around : PARAGRAPH;
}
