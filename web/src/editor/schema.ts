/** The shape of a note's body in the editor: a flat list of blocks, as the contract has it. */
import type { Block, BlockKind } from '$bridge';
import { type DOMOutputSpec, type Node, Schema } from 'prosemirror-model';

const heading = (level: number): { tag: string; attrs: { level: number } } => ({
	tag: `h${level}`,
	attrs: { level: Math.min(level, 3) },
});

/**
 * `lead` on a first paragraph: its text stands before the first marker, so the paragraph has none.
 * A to-do is drawn by its node view; its `toDOM` serves the clipboard.
 */
export const schema = new Schema({
	nodes: {
		doc: { content: 'block+' },
		paragraph: {
			group: 'block',
			content: 'text*',
			attrs: { lead: { default: false } },
			parseDOM: [{ tag: 'p' }, { tag: 'div' }, { tag: 'pre' }, { tag: 'blockquote' }],
			toDOM: (): DOMOutputSpec => ['p', 0],
		},
		heading: {
			group: 'block',
			content: 'text*',
			attrs: { level: { default: 2 } },
			defining: true,
			parseDOM: [1, 2, 3, 4, 5, 6].map(heading),
			toDOM: (node): DOMOutputSpec => [`h${node.attrs['level'] as number}`, 0],
		},
		todo: {
			group: 'block',
			content: 'text*',
			attrs: { checked: { default: false } },
			defining: true,
			parseDOM: [
				{
					tag: 'li[data-checked]',
					priority: 60,
					getAttrs: (dom) => ({ checked: dom.getAttribute('data-checked') === 'true' }),
				},
			],
			toDOM: (node): DOMOutputSpec => ['li', { 'data-checked': String(node.attrs['checked']) }, 0],
		},
		bullet: {
			group: 'block',
			content: 'text*',
			defining: true,
			parseDOM: [{ tag: 'li' }],
			toDOM: (): DOMOutputSpec => ['li', { class: 'bullet' }, 0],
		},
		text: {},
	},
	marks: {
		em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: (): DOMOutputSpec => ['em', 0] },
		strong: {
			parseDOM: [{ tag: 'strong' }, { tag: 'b' }],
			toDOM: (): DOMOutputSpec => ['strong', 0],
		},
	},
});

/** The block that an editor node stands for. */
export function nodeBlock(node: Node): Block {
	return {
		kind: node.type.name as BlockKind,
		level: node.type.name === 'heading' ? (node.attrs['level'] as number) : 0,
		checked: node.type.name === 'todo' && node.attrs['checked'] === true,
	};
}

/** The attributes of the editor node for a block. */
export function blockAttrs(block: Block): Record<string, unknown> {
	if (block.kind === 'heading') return { level: block.level };
	return block.kind === 'todo' ? { checked: block.checked } : {};
}
