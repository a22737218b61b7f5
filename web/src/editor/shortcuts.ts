/** Keys that stand for commands, as in other editors; and what typed beginnings of a line turn into. */
import type { BlockKind } from '$bridge';
import { blockAt, kindOf } from './blocks';
import { redo, undo, type Body, type Command } from './body';
import { insert, setBlock, tick, toggleMark } from './commands';
import { tokensText } from './tokens';

/** The command for a pressed key; null when it is an ordinary one. */
export function shortcut(event: KeyboardEvent): Command | null {
	if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
	const key = event.key.toLowerCase();
	if (key === 'z') return event.shiftKey ? redo : undo;
	if (key === 'y') return redo;
	if (key === 'b') return toggleMark('strong');
	if (key === 'i') return toggleMark('em');
	return key === 'enter' ? tick() : null;
}

const BEGINNINGS: readonly [RegExp, BlockKind][] = [
	[/^#{1,3} $/, 'heading'],
	[/^[-*•] $/, 'bullet'],
	[/^\[ ?\] $/, 'todo'],
];

/** A paragraph whose beginning stands for another kind of block becomes one: `# `, `- `, `[] `. */
export function autoformat(body: Body): Body | null {
	const { head } = body.caret;
	const block = blockAt(body.tokens, head);
	if (head - block.from > 4 || kindOf(body.tokens, block).kind !== 'paragraph') return null;
	const typed = tokensText(body.tokens.slice(block.from, head));
	const kind = BEGINNINGS.find(([pattern]) => pattern.test(typed))?.[1];
	if (!kind) return null;
	const level = kind === 'heading' ? typed.length - 1 : 0;
	const cleared = insert([])({ ...body, caret: { anchor: block.from, head } });
	return cleared && setBlock(kind, level)(cleared);
}
