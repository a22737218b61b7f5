/** Draws blocks: the elements that hold a body on the page. */
import { blocksOf, kindOf, type BlockRange } from './blocks';
import { hasMark, sameToken, sameTokens, tokenMarks, tokensText, type Token } from './tokens';

/** What is drawn for a block: its marker (none for the lead) and its text. */
export interface Drawn {
	element: HTMLElement;
	/** The element that the text is in; the block's own, but for to-dos. */
	text: HTMLElement;
	marker: Token | null;
	content: Token[];
}

/** The block elements of a body in order, reusing those of `old` that are the same still. */
export function draw(tokens: readonly Token[], old: readonly Drawn[], tickLabel: string): Drawn[] {
	const blocks = blocksOf(tokens);
	const fits = (drawn: Drawn | undefined, block: BlockRange | undefined): drawn is Drawn =>
		drawn !== undefined &&
		block !== undefined &&
		(drawn.marker === null ? block.marker < 0 : sameToken(drawn.marker, markerOf(tokens, block))) &&
		sameTokens(drawn.content, tokens.slice(block.from, block.to));
	let head = 0;
	const shorter = Math.min(old.length, blocks.length);
	while (head < shorter && fits(old[head], blocks[head])) head++;
	let tail = 0;
	while (tail < shorter - head && fits(old[old.length - 1 - tail], blocks[blocks.length - 1 - tail])) tail++;
	return blocks.map((block, at) => {
		if (at < head) return old[at] as Drawn;
		if (at >= blocks.length - tail) return old[old.length - (blocks.length - at)] as Drawn;
		return drawBlock(tokens, block, tickLabel);
	});
}

/** One block, new. */
export function drawBlock(tokens: readonly Token[], block: BlockRange, tickLabel: string): Drawn {
	const { kind, level, checked } = kindOf(tokens, block);
	const content = tokens.slice(block.from, block.to);
	const marker = markerOf(tokens, block);
	const element = document.createElement(
		kind === 'heading' ? `h${level}` : kind === 'paragraph' ? 'p' : 'div',
	);
	element.dir = 'auto';
	let text = element;
	if (kind === 'bullet' || kind === 'todo') element.className = kind;
	if (kind === 'todo') {
		element.dataset['checked'] = String(checked);
		element.append(box(checked, tokensText(content).trim() || tickLabel));
		text = element.appendChild(document.createElement('p'));
	}
	text.append(...inline(content));
	return { element, text, marker, content };
}

/** A to-do's box is called by what is to be done: a box that was drawn gets the name of the one that is wanted. */
export function labelBox(drawn: Drawn, wanted: Drawn): void {
	const label = wanted.element.querySelector('button')?.getAttribute('aria-label');
	if (label) drawn.element.querySelector('button')?.setAttribute('aria-label', label);
}

function markerOf(tokens: readonly Token[], block: BlockRange): Token | null {
	return block.marker < 0 ? null : (tokens[block.marker] as Token);
}

function box(checked: boolean, label: string): HTMLElement {
	const button = document.createElement('button');
	button.type = 'button';
	button.contentEditable = 'false';
	button.setAttribute('role', 'checkbox');
	button.setAttribute('aria-label', label);
	button.setAttribute('aria-checked', String(checked));
	return button;
}

function inline(content: readonly Token[]): Node[] {
	if (content.length === 0) return [document.createElement('br')];
	const nodes: Node[] = [];
	let start = 0;
	while (start < content.length) {
		const first = content[start] as Token;
		const marks = tokenMarks(first).join();
		let end = start + 1;
		while (end < content.length && tokenMarks(content[end] as Token).join() === marks) end++;
		let node: Node = document.createTextNode(tokensText(content.slice(start, end)));
		if (hasMark(first, 'em')) node = wrap('em', node);
		if (hasMark(first, 'strong')) node = wrap('strong', node);
		nodes.push(node);
		start = end;
	}
	return nodes;
}

function wrap(tag: string, node: Node): Node {
	const element = document.createElement(tag);
	element.append(node);
	return element;
}
