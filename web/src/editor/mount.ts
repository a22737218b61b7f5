/** Puts the editor on the page and keeps it in step with the engine. */
import type { Bridge, Note, NoteOp } from '$bridge';
import { blockAt, kindOf } from './blocks';
import type { Body, Command } from './body';
import { marksHere } from './commands';
import { rejoin } from './merge';
import { Surface } from './surface';
import { BodySync, type BodyListener } from './sync';
import { fromSpans, widthOf, type Token } from './tokens';

/** What the toolbar shows as pressed or possible. */
export interface EditorLook {
	heading: number;
	bullet: boolean;
	todo: boolean;
	strong: boolean;
	em: boolean;
	undo: boolean;
	redo: boolean;
	/** There is nothing in it. */
	bare: boolean;
}

/** What the editor needs to be told and whom it tells. */
export interface EditorOptions {
	place: HTMLElement;
	bridge: Bridge;
	note: Note;
	tickLabel: string;
	onLook: (look: EditorLook) => void;
	onBody: BodyListener;
}

/** The editor on the page. */
export interface Editor {
	/** Runs what a button stands for, with the caret in the text. */
	run(command: Command): void;
	/** How long the body is, as the engine counts it: in UTF-16 units, a block's marker one. */
	units(): number;
	receive(version: number, ops: NoteOp[]): void;
	engineBack(): void;
	/** Resolves when all that was pasted is in the body. */
	settled(): Promise<void>;
	/** Hands everything typed to the engine, and has it made durable. */
	flush(): Promise<void>;
	destroy(): Promise<void>;
}

/** Words that a full phone could not take, kept while the page lives, for when their note is opened again. */
const kept = new Map<string, { base: Token[]; mine: Token[] }>();

/** Makes the editor. */
export function mountEditor(options: EditorOptions): Editor {
	const { bridge, note, place } = options;
	const start = fromSpans(note.spans);
	const surface = new Surface(place, start, {
		tickLabel: options.tickLabel,
		onEdit: () => sync.changed(),
		onUnreadable: () => sync.unreadable(),
		onLook: (body) => options.onLook(look(body)),
		onBlur: () => void flush(),
	});
	const sync = new BodySync(
		bridge,
		note.document,
		{ tokens: start, version: note.version },
		{
			tokens: () => surface.tokens(),
			raw: () => surface.raw(),
			show: (target) => surface.show(target),
			busy: () => surface.composing,
		},
		options.onBody,
	);
	const flush = async (): Promise<void> => {
		await sync.flush();
		await bridge.ask<'flush'>({ cmd: 'flush' });
	};
	const leaving = (event: Event): void => {
		if (event.type !== 'pagehide' && document.visibilityState === 'visible') return;
		// No waiting here: the page may be gone after this turn. The worker takes them in order.
		void sync.flush();
		void bridge.ask<'flush'>({ cmd: 'flush' });
	};
	const warn = (event: Event): void => {
		if (sync.unsent()) event.preventDefault();
	};
	const left = kept.get(note.document);
	if (left) {
		kept.delete(note.document);
		surface.show(rejoin(left.base, left.mine, start));
		sync.changed();
	}
	window.addEventListener('beforeunload', warn);
	document.addEventListener('visibilitychange', leaving);
	window.addEventListener('pagehide', leaving);
	options.onLook(look(surface.body));
	void sync.restore();
	return {
		run(command) {
			if (document.activeElement !== place) place.focus();
			surface.run(command);
			surface.scrollToCaret();
		},
		units: () => widthOf(surface.body.tokens),
		receive: (version, ops) => sync.receive(version, ops),
		engineBack: () => void sync.resume(),
		settled: () => surface.pasting,
		flush,
		async destroy() {
			document.removeEventListener('visibilitychange', leaving);
			window.removeEventListener('pagehide', leaving);
			window.removeEventListener('beforeunload', warn);
			await surface.pasting;
			await flush();
			const unsent = sync.unsent();
			if (unsent) kept.set(note.document, unsent);
			sync.stop();
			surface.stop();
		},
	};
}

function look(body: Body): EditorLook {
	const block = kindOf(body.tokens, blockAt(body.tokens, body.caret.head));
	const marks = marksHere(body);
	return {
		heading: block.kind === 'heading' ? block.level : 0,
		bullet: block.kind === 'bullet',
		todo: block.kind === 'todo',
		strong: marks.includes('strong'),
		em: marks.includes('em'),
		undo: body.done.length > 0,
		redo: body.undone.length > 0,
		bare: body.tokens.length === 0,
	};
}
