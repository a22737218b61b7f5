/** Puts the editor on the page and keeps it in step with the engine. */
import type { Bridge, Note, NoteOp } from '$bridge';
import { baseKeymap, toggleMark } from 'prosemirror-commands';
import { inputRules, textblockTypeInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { type Command, EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { backspace, enter, leadOnlyFirst, selectedBlocks, tickHere } from './commands';
import { docTokens, tokensDoc } from './mapping';
import { patch, REMOTE } from './patch';
import { schema } from './schema';
import { BodySync, type BodyListener } from './sync';
import { TodoView } from './todo';
import { fromSpans } from './tokens';
import { canRedo, canUndo, redo, undo, undoable } from './undo';

/** What the toolbar shows as pressed or possible. */
export interface EditorLook {
	heading: number;
	bullet: boolean;
	todo: boolean;
	strong: boolean;
	em: boolean;
	undo: boolean;
	redo: boolean;
}

/** What the editor needs to be told and whom it tells. */
export interface EditorOptions {
	place: HTMLElement;
	bridge: Bridge;
	note: Note;
	label: string;
	placeholder: string;
	todoLabel: string;
	onLook: (look: EditorLook) => void;
	onBody: BodyListener;
}

/** The editor on the page. */
export interface Editor {
	/** Runs what a button stands for, with the caret in the text. */
	run(command: Command): void;
	receive(version: number, ops: NoteOp[]): void;
	engineBack(): void;
	/** Hands everything typed to the engine, and has it made durable. */
	flush(): Promise<void>;
	destroy(): Promise<void>;
}

const { heading, bullet, todo } = schema.nodes;

/** Makes the editor. */
export function mountEditor(options: EditorOptions): Editor {
	const start = fromSpans(options.note.spans);
	const view = new EditorView(options.place, {
		state: EditorState.create({ doc: tokensDoc(start), plugins: plugins() }),
		attributes: (state) => ({
			class: state.doc.childCount === 1 && state.doc.content.size === 2 ? 'empty' : '',
			role: 'textbox',
			'aria-multiline': 'true',
			'aria-label': options.label,
			'data-placeholder': options.placeholder,
			dir: 'auto',
			autocapitalize: 'sentences',
			spellcheck: 'true',
		}),
		nodeViews: {
			todo: (node, at, position) => new TodoView(node, at, position, options.todoLabel),
		},
		scrollMargin: { top: 90, bottom: 110, left: 0, right: 0 },
		scrollThreshold: { top: 80, bottom: 90, left: 0, right: 0 },
		transformPastedHTML: flatLists,
		handleDOMEvents: {
			blur: () => void flush(),
			beforeinput: (at, event) => {
				const back = event.inputType === 'historyUndo';
				if (!back && event.inputType !== 'historyRedo') return false;
				event.preventDefault();
				return (back ? undo : redo)(at.state, at.dispatch);
			},
		},
		dispatchTransaction(tr) {
			view.updateState(view.state.apply(tr));
			if (tr.docChanged && tr.getMeta(REMOTE) !== true) sync.changed();
			options.onLook(look(view.state));
		},
	});
	const sync = new BodySync(
		options.bridge,
		options.note.document,
		{ tokens: start, version: options.note.version },
		{
			tokens: () => docTokens(view.state.doc),
			show: (target) => view.dispatch(patch(view.state, target)),
			busy: () => view.composing,
		},
		options.onBody,
	);
	const flush = async (): Promise<void> => {
		await sync.flush();
		await options.bridge.ask<'flush'>({ cmd: 'flush' });
	};
	const leaving = (): void => {
		if (document.visibilityState === 'visible') return;
		// No waiting here: the page may be gone after this turn. The worker takes them in order.
		void sync.flush();
		void options.bridge.ask<'flush'>({ cmd: 'flush' });
	};
	document.addEventListener('visibilitychange', leaving);
	window.addEventListener('pagehide', leaving);
	options.onLook(look(view.state));
	return {
		run(command) {
			command(view.state, view.dispatch, view);
			view.focus();
		},
		receive: (version, ops) => sync.receive(version, ops),
		engineBack: () => void sync.resume(),
		flush,
		async destroy() {
			document.removeEventListener('visibilitychange', leaving);
			window.removeEventListener('pagehide', leaving);
			const done = flush();
			view.setProps({ editable: () => false });
			await done;
			sync.stop();
			view.destroy();
		},
	};
}

function plugins(): EditorState['plugins'] {
	return [
		inputRules({
			rules: [
				textblockTypeInputRule(/^(#{1,3})\s$/, heading, (match) => ({ level: match[1]?.length ?? 1 })),
				textblockTypeInputRule(/^\s*([-*•])\s$/, bullet),
				textblockTypeInputRule(/^\s*\[ ?\]\s$/, todo),
			],
		}),
		keymap({
			Enter: enter,
			Backspace: backspace,
			'Mod-z': undo,
			'Mod-y': redo,
			'Shift-Mod-z': redo,
			'Mod-b': toggleMark(schema.marks.strong),
			'Mod-i': toggleMark(schema.marks.em),
			'Mod-Enter': tickHere,
		}),
		keymap(baseKeymap),
		undoable(),
		leadOnlyFirst,
	];
}

function look(state: EditorState): EditorLook {
	const first = selectedBlocks(state)[0]?.node;
	const { from, $from, to, empty } = state.selection;
	const marked = (name: 'strong' | 'em'): boolean => {
		const type = schema.marks[name];
		if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
		return state.doc.rangeHasMark(from, to, type);
	};
	return {
		heading: first?.type === heading ? (first.attrs['level'] as number) : 0,
		bullet: first?.type === bullet,
		todo: first?.type === todo,
		strong: marked('strong'),
		em: marked('em'),
		undo: canUndo(state),
		redo: canRedo(state),
	};
}

/** Word processors put paragraphs into list items; here an item is its text. */
function flatLists(html: string): string {
	return html.replace(/<li([^>]*)>\s*<p[^>]*>/gi, '<li$1>').replace(/<\/p>\s*<\/li>/gi, '</li>');
}
