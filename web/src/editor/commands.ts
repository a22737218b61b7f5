/** What keys and buttons do in the editor. */
import { chainCommands, deleteSelection, joinBackward, selectNodeBackward } from 'prosemirror-commands';
import type { Node, NodeType } from 'prosemirror-model';
import { type Command, type EditorState, Plugin, type Transaction } from 'prosemirror-state';
import { schema } from './schema';

const { paragraph, heading, bullet, todo } = schema.nodes;

/** Enter: lists go on, an empty item ends its list, after a heading comes a paragraph. */
export const enter: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	const block = $from.parent;
	if (empty && block.content.size === 0 && (block.type === bullet || block.type === todo)) {
		return setBlock(paragraph)(state, dispatch);
	}
	if (dispatch) {
		const tr = state.tr.deleteSelection();
		const { $from: at } = tr.selection;
		const goesOn = at.parent.type === bullet || at.parent.type === todo;
		const inHeading = at.parent.type === heading && at.parentOffset < at.parent.content.size;
		const type = goesOn ? at.parent.type : inHeading ? heading : paragraph;
		const attrs = inHeading ? { level: at.parent.attrs['level'] as number } : null;
		dispatch(tr.split(at.pos, 1, [{ type, attrs }]).scrollIntoView());
	}
	return true;
};

/** Backspace at the start of a block that is more than a paragraph makes it one. */
const plainFirst: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	if (!empty || $from.parentOffset > 0 || $from.parent.type === paragraph) return false;
	return setBlock(paragraph)(state, dispatch);
};

/** Backspace. */
export const backspace: Command = chainCommands(
	deleteSelection,
	plainFirst,
	joinBackward,
	selectNodeBackward,
);

/** Makes the selected blocks one kind. */
export function setBlock(type: NodeType, attrs: Record<string, unknown> | null = null): Command {
	return (state, dispatch) => {
		dispatch?.(retype(state, () => ({ type, attrs })).scrollIntoView());
		return true;
	};
}

/** Makes the selected blocks one kind, or paragraphs when they all are of it. */
export function toggleBlock(type: NodeType): Command {
	return (state, dispatch) => {
		const all = selectedBlocks(state).every(({ node }) => node.type === type);
		return setBlock(all ? paragraph : type)(state, dispatch);
	};
}

/** From a paragraph to the large heading, the middle, the small, and back. */
export const cycleHeading: Command = (state, dispatch) => {
	const first = selectedBlocks(state)[0]?.node;
	const level = first?.type === heading ? (first.attrs['level'] as number) + 1 : 1;
	return setBlock(level > 3 ? paragraph : heading, level > 3 ? null : { level })(state, dispatch);
};

/** Ticks or clears the to-do at a position. */
export function tick(state: EditorState, pos: number): Transaction | null {
	const node = state.doc.nodeAt(pos);
	if (node?.type !== todo) return null;
	return state.tr.setNodeMarkup(pos, todo, { checked: node.attrs['checked'] !== true });
}

/** Ticks or clears the to-do that the caret is in. */
export const tickHere: Command = (state, dispatch) => {
	const { $from } = state.selection;
	if ($from.depth === 0) return false;
	const tr = tick(state, $from.before());
	if (tr) dispatch?.(tr);
	return tr !== null;
};

/** The blocks that the selection touches, with their positions. */
export function selectedBlocks(state: EditorState): { node: Node; pos: number }[] {
	const found: { node: Node; pos: number }[] = [];
	const { from, to } = state.selection;
	state.doc.nodesBetween(from, to, (node, pos) => {
		if (node.isTextblock) found.push({ node, pos });
		return !node.isTextblock;
	});
	return found;
}

function retype(
	state: EditorState,
	to: (node: Node) => { type: NodeType; attrs: Record<string, unknown> | null },
): Transaction {
	const tr = state.tr;
	for (const { node, pos } of selectedBlocks(state)) {
		const { type, attrs } = to(node);
		tr.setNodeMarkup(pos, type, attrs);
	}
	return tr;
}

/** Only a first paragraph with text, or one that is all there is, may go without a marker. */
export const leadOnlyFirst = new Plugin({
	appendTransaction(_transactions, _before, state) {
		let tr: Transaction | null = null;
		state.doc.forEach((node, pos, at) => {
			if (node.type !== paragraph || node.attrs['lead'] !== true) return;
			if (at === 0 && (node.content.size > 0 || state.doc.childCount === 1)) return;
			tr = (tr ?? state.tr).setNodeMarkup(pos, paragraph, { lead: false });
		});
		return tr;
	},
});
