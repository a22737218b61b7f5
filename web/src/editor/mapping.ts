/** Between the editor's document and the note's tokens, and places in one to places in the other. */
import type { MarkName } from '$bridge';
import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { blockAttrs, nodeBlock, schema } from './schema';
import { blockToken, isBlock, textTokens, tokenBlock, tokenMarks, tokensText, type Token } from './tokens';

/** Whether the document's first paragraph has no marker of its own. */
export function hasLead(doc: Node): boolean {
	const first = doc.firstChild;
	if (first?.type !== schema.nodes.paragraph || first.attrs['lead'] !== true) return false;
	return first.content.size > 0 || doc.childCount === 1;
}

/** The tokens of a document. */
export function docTokens(doc: Node): Token[] {
	const tokens: Token[] = [];
	const lead = hasLead(doc);
	doc.forEach((block, _offset, at) => {
		if (at > 0 || !lead) tokens.push(blockToken(nodeBlock(block)));
		block.forEach((child) => {
			const marks = child.marks.map((mark) => mark.type.name as MarkName);
			for (const token of textTokens(child.text ?? '', marks)) tokens.push(token);
		});
	});
	return tokens;
}

/** The document of tokens: what {@link docTokens} gives back. */
export function tokensDoc(tokens: readonly Token[]): Node {
	const blocks: Node[] = [];
	let start = 0;
	const first = tokens[0];
	if (first === undefined || !isBlock(first)) {
		const end = blockEnd(tokens, 0);
		blocks.push(schema.node('paragraph', { lead: true }, textNodes(tokens.slice(0, end))));
		start = end;
	}
	while (start < tokens.length) {
		const block = tokenBlock(tokens[start] as Token);
		const end = blockEnd(tokens, start + 1);
		blocks.push(schema.node(block.kind, blockAttrs(block), textNodes(tokens.slice(start + 1, end))));
		start = end;
	}
	return schema.node('doc', null, blocks);
}

/** The position of the first marker at or after `from`. */
export function blockEnd(tokens: readonly Token[], from: number): number {
	let end = from;
	while (end < tokens.length && !isBlock(tokens[end] as Token)) end++;
	return end;
}

/** Text tokens as a fragment of text nodes with their marks. */
export function textNodes(tokens: readonly Token[]): Fragment {
	const nodes: Node[] = [];
	let start = 0;
	while (start < tokens.length) {
		const key = markKey(tokens[start] as Token);
		let end = start + 1;
		while (end < tokens.length && markKey(tokens[end] as Token) === key) end++;
		nodes.push(schema.text(tokensText(tokens.slice(start, end)), editorMarks(tokens[start] as Token)));
		start = end;
	}
	return Fragment.from(nodes);
}

/** The editor's marks for a character. */
export function editorMarks(token: Token): Mark[] {
	return tokenMarks(token).map((name) => schema.mark(name));
}

function markKey(token: Token): string {
	return tokenMarks(token).join();
}

/** A place in the note's tokens as the editor sees it. */
export interface Place {
	/** Which block. */
	block: number;
	/** Where the block's node begins. */
	nodePos: number;
	/** The editor position of the token, inside the block's text (for a marker: of the text's start). */
	pos: number;
}

/** Where the gap before token position `at` lies: in the text of the block that the token before it is in. */
export function gapPlace(doc: Node, tokens: readonly Token[], at: number): Place {
	const lead = hasLead(doc);
	let block = lead ? 0 : -1;
	let nodePos = 0;
	let inText = 0;
	for (let seen = 0; seen < at; seen++) {
		const token = tokens[seen] as Token;
		if (isBlock(token)) {
			if (block >= 0) nodePos += doc.child(block).nodeSize;
			block++;
			inText = 0;
		} else {
			inText += tokensText([token]).length;
		}
	}
	return { block, nodePos, pos: nodePos + 1 + inText };
}
