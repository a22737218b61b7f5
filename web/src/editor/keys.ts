/** What a browser is about to do to the body, as a command of ours; what stays in one block's text it may do by itself. */
import { blockAt } from './blocks';
import { redo, undo, type Body, type Command } from './body';
import { backspace, deleteForward, enter, erase, span, toggleMark, write } from './commands';
import { isBlock, textTokens, tokensText } from './tokens';

/** A range of gaps. */
export interface Gaps {
	from: number;
	to: number;
}

/** What is known when the browser asks. */
export interface Asked {
	/** What the browser would take away or replace; null when it does not say. */
	target: Gaps | null;
	/** The caret stands in a block's text, where the browser types into the right place. */
	steady: boolean;
	/** A keyboard is composing: it must be let alone. */
	composing: boolean;
	nowMs: number;
}

const NOTHING: Command = (body) => body;
const TYPED = new Set(['insertText', 'insertReplacementText', 'insertFromYank', 'insertTranspose']);

/** The command that does what `event` stands for; null when the browser does it best. */
export function commandFor(event: InputEvent, body: Body, asked: Asked): Command | null {
	const type = event.inputType;
	if (type === 'insertParagraph' || type === 'insertLineBreak') return enter;
	if (type === 'historyUndo') return undo;
	if (type === 'historyRedo') return redo;
	if (type === 'formatBold') return toggleMark('strong');
	if (type === 'formatItalic') return toggleMark('em');
	if (type.startsWith('format') || type === 'insertFromDrop') return NOTHING;
	if (asked.composing) return null;
	if (type.startsWith('delete')) return deletion(type, body, asked);
	if (!TYPED.has(type)) return null;
	const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
	const range = type === 'insertReplacementText' && asked.target ? asked.target : span(body);
	if (text === '' || (range.to === range.from && asked.steady)) return null;
	return write(textTokens(text), range, asked.nowMs);
}

function deletion(type: string, body: Body, { target, steady, nowMs }: Asked): Command | null {
	const { from, to } = span(body);
	if (to > from) return erase({ from, to }, nowMs);
	if (type === 'deleteByCut') return NOTHING;
	const forward = type.endsWith('Forward');
	const block = blockAt(body.tokens, from);
	const atEdge = from === (forward ? block.to : block.from);
	const gone = target ? body.tokens.slice(target.from, target.to) : [];
	// The marker alone is the plain case: the start or the end of a block.
	if (target && gone.length > 1 && gone.some(isBlock)) return erase(target, nowMs);
	if (atEdge) return forward ? deleteForward : backspace;
	const range = target && gone.length > 0 && !gone.some(isBlock) ? target : character(body, forward);
	// The last words of a block are ours to take: browsers take the block's elements with them.
	const empties = range.to - range.from >= block.to - block.from;
	return steady && !empties ? null : erase(range, nowMs);
}

/** The character beside the caret, as people see characters. */
function character(body: Body, forward: boolean): Gaps {
	const at = body.caret.head;
	const block = blockAt(body.tokens, at);
	const text = forward ? body.tokens.slice(at, block.to) : body.tokens.slice(block.from, at);
	const parts = [...new Intl.Segmenter().segment(tokensText(text))];
	const part = parts[forward ? 0 : parts.length - 1]?.segment ?? '';
	const length = [...part].length;
	return forward ? { from: at, to: at + length } : { from: at - length, to: at };
}
