/**
 * Undo of one's own edits only. A step back is a merge: what this person's edit did is reverted on top of what
 * stands now, so that words which others wrote meanwhile, even inside one's own, stay.
 */
import { Plugin, PluginKey, TextSelection, type Command, type EditorState } from 'prosemirror-state';
import { docTokens } from './mapping';
import { merge } from './merge';
import { patch, REMOTE } from './patch';
import { sameTokens, type Token } from './tokens';

interface Edit {
	before: Token[];
	after: Token[];
	atMs: number;
}
interface Past {
	done: readonly Edit[];
	undone: readonly Edit[];
}

const EDITS_MAX = 60;
/** Typing without a longer pause is one edit. */
const PAUSE_MS = 700;
const key = new PluginKey<Past>('kith-undo');

/** The plugin that remembers; {@link undo} and {@link redo} need it. */
export function undoable(): Plugin<Past> {
	return new Plugin<Past>({
		key,
		state: {
			init: () => ({ done: [], undone: [] }),
			apply(tr, past, before, after) {
				const set = tr.getMeta(key) as Past | undefined;
				if (set) return set;
				if (!tr.docChanged || tr.getMeta(REMOTE) === true) return past;
				return remember(past, docTokens(before.doc), docTokens(after.doc), tr.time);
			},
		},
	});
}

function remember(past: Past, before: Token[], after: Token[], atMs: number): Past {
	const last = past.done[past.done.length - 1];
	const edit = { before, after, atMs };
	if (last && atMs - last.atMs < PAUSE_MS && sameTokens(last.after, before)) {
		return { done: [...past.done.slice(0, -1), { ...edit, before: last.before }], undone: [] };
	}
	return { done: [...past.done, edit].slice(-EDITS_MAX), undone: [] };
}

/** Takes back this person's last edit. */
export const undo: Command = (state, dispatch) => {
	const past = key.getState(state);
	const last = past?.done[past.done.length - 1];
	if (!past || !last) return false;
	const now = docTokens(state.doc);
	const target = merge(last.after, now, last.before);
	const back = { before: target, after: now, atMs: 0 };
	step(state, target, { done: past.done.slice(0, -1), undone: [...past.undone, back] }, dispatch);
	return true;
};

/** Puts back what {@link undo} took. */
export const redo: Command = (state, dispatch) => {
	const past = key.getState(state);
	const last = past?.undone[past.undone.length - 1];
	if (!past || !last) return false;
	const now = docTokens(state.doc);
	const target = merge(last.before, now, last.after);
	const again = { before: now, after: target, atMs: 0 };
	step(state, target, { done: [...past.done, again], undone: past.undone.slice(0, -1) }, dispatch);
	return true;
};

function step(state: EditorState, target: Token[], past: Past, dispatch: Parameters<Command>[1]): void {
	if (!dispatch) return;
	const tr = patch(state, target).setMeta(REMOTE, false).setMeta(key, past);
	const map = tr.mapping.maps[tr.mapping.maps.length - 1];
	let end = -1;
	map?.forEach((_from, _to, _start, newEnd) => (end = newEnd));
	if (end >= 0) tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(end, tr.doc.content.size)), -1));
	dispatch(tr.scrollIntoView());
}

/** Whether there is something of one's own to take back. */
export function canUndo(state: EditorState): boolean {
	return (key.getState(state)?.done.length ?? 0) > 0;
}

/** Whether there is something to put back. */
export function canRedo(state: EditorState): boolean {
	return (key.getState(state)?.undone.length ?? 0) > 0;
}
