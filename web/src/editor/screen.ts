/** What the screen says, read back, and whether it has the shape that we give it. */
import { blocksOf } from './blocks';
import { readBlocks } from './read';
import { drawBlock, labelBox, type Drawn } from './render';
import { sameToken, type Token } from './tokens';

/**
 * The body as it is on the screen. Of blocks that are not `touched` it is known what they say; null reads all of them
 * anew.
 */
export function readScreen(
	root: Node,
	old: readonly Drawn[],
	touched: ReadonlySet<Node> | null,
): { tokens: Token[]; drawn: Drawn[] } {
	const known = new Map<Node, Drawn>(old.map((drawn) => [drawn.element, drawn]));
	const tokens: Token[] = [];
	const drawn: Drawn[] = [];
	const children = [...root.childNodes];
	children.forEach((child, at) => {
		const before = known.get(child);
		if (before && touched && !touched.has(child)) {
			drawn.push(before);
			if (before.marker !== null) tokens.push(before.marker);
			for (const token of before.content) tokens.push(token);
			return;
		}
		const read = readBlocks(child);
		const lead = before?.marker === null && at === 0 && (read.length > 1 || children.length === 1);
		const own = lead ? read.slice(1) : read;
		if (before) drawn.push({ ...before, marker: lead ? null : (read[0] ?? null), content: read.slice(1) });
		for (const token of own) tokens.push(token);
	});
	return { tokens, drawn };
}

/** Whether the browser left the blocks as we draw them; notes what they say now. */
export function tidied(
	root: Node,
	drawn: readonly Drawn[],
	tokens: readonly Token[],
	touched: ReadonlySet<Node> | null,
	tickLabel: string,
): boolean {
	const blocks = blocksOf(tokens);
	const children = [...root.childNodes];
	if (children.length !== blocks.length) return false;
	return blocks.every((block, at) => {
		const now = drawn[at];
		if (!now || now.element !== children[at]) return false;
		const marker = tokens[block.marker] ?? null;
		const asBefore = now.marker === null ? marker === null : sameToken(now.marker, marker);
		if (touched && !touched.has(now.element) && asBefore) return true;
		const wanted = drawBlock(tokens, block, tickLabel);
		now.element.normalize();
		labelBox(now, wanted);
		if (!wanted.element.isEqualNode(now.element)) return false;
		now.marker = wanted.marker;
		now.content = wanted.content;
		return true;
	});
}
