/**
 * The editable surface. Inside a block the browser edits by itself, so that every keyboard, composition and
 * correction works as it does everywhere; what it did is read back. What crosses blocks is done on the tokens.
 */
import { blocksOf, type Caret } from './blocks';
import { edited, joined, openBody, redo, undo, type Body, type Command } from './body';
import {
	backspace,
	deleteForward,
	enter,
	insert,
	marked,
	marksHere,
	span,
	tick,
	toggleMark,
} from './commands';
import { diff } from './diff';
import { caretIn, caretOf, placeCaret } from './place';
import { readBlocks, readHtml, readText } from './read';
import { draw, drawBlock, type Drawn } from './render';
import { autoformat, shortcut } from './shortcuts';
import { isBlock, sameTokens, textTokens, tokenMarks, type Token } from './tokens';

/** Whom the surface tells. */
export interface SurfaceOptions {
	tickLabel: string;
	/** The person edited the body. */
	onEdit: () => void;
	/** Something that the toolbar shows may have changed. */
	onLook: (body: Body) => void;
	onBlur: () => void;
}

const QUIET_MS = 30;

/** One editable body on the page. */
export class Surface {
	body: Body;
	/** A keyboard is composing. */
	composing = false;
	#drawn: Drawn[] = [];
	/** Where the composition began, and how many tokens came after it. */
	#composed = { from: 0, tail: 0 };
	readonly #observer: MutationObserver;
	readonly #ends = new AbortController();

	constructor(
		readonly root: HTMLElement,
		tokens: Token[],
		private readonly options: SurfaceOptions,
	) {
		this.body = openBody(tokens);
		this.#observer = new MutationObserver((records) => this.#read(records));
		this.#listen();
		this.#draw();
	}

	/** Does what a key or button stands for. False when it does nothing here. */
	run(command: Command): boolean {
		this.#read(this.#observer.takeRecords());
		if (!this.composing) this.#look();
		const next = command(this.body);
		if (next === null) return false;
		const changed = !sameTokens(next.tokens, this.body.tokens);
		this.body = next;
		if (changed) this.#draw();
		if (changed || document.activeElement === this.root) this.#select();
		if (changed) this.options.onEdit();
		this.options.onLook(this.body);
		return true;
	}

	/** Brings the surface to a body from elsewhere. Not while {@link composing}. */
	show(tokens: Token[]): void {
		this.#read(this.#observer.takeRecords());
		if (this.#focused()) this.#look();
		this.body = joined(this.body, tokens);
		this.#draw();
		if (this.#focused()) this.#select();
		this.options.onLook(this.body);
	}

	/** What the surface holds now, with what the browser has just done. */
	tokens(): Token[] {
		this.#read(this.#observer.takeRecords());
		return this.body.tokens;
	}

	/** Stops listening; what is shown stays, for reading. */
	stop(): void {
		this.#ends.abort();
		this.#observer.disconnect();
		this.root.contentEditable = 'false';
	}

	#listen(): void {
		const { root } = this;
		const { signal } = this.#ends;
		const on = <K extends keyof HTMLElementEventMap>(
			name: K,
			handle: (event: HTMLElementEventMap[K]) => void,
		): void => root.addEventListener(name, handle, { signal });
		root.contentEditable = 'true';
		on('beforeinput', (event) => this.#beforeInput(event));
		on('compositionstart', () => this.#compose());
		on('compositionend', () => setTimeout(() => this.#composeEnd(), QUIET_MS));
		on('keydown', (event) => this.#key(event));
		on('paste', (event) => this.#paste(event));
		on('drop', (event) => event.preventDefault());
		on('blur', () => {
			this.#composeEnd();
			this.options.onBlur();
		});
		on('pointerdown', (event) => {
			if (event.target instanceof HTMLButtonElement) event.preventDefault();
		});
		on('click', (event) => this.#click(event));
		document.addEventListener('selectionchange', () => this.#selected(), { signal });
		this.#observe();
	}

	#observe(): void {
		this.#observer.observe(this.root, { childList: true, characterData: true, subtree: true });
	}

	#beforeInput(event: InputEvent): void {
		const type = event.inputType;
		if (!this.composing) this.#look();
		const { from, to } = span(this.body);
		const acrossBlocks = this.body.tokens.slice(from, to).some(isBlock);
		let command: Command | null = null;
		if (type === 'insertParagraph' || type === 'insertLineBreak') command = enter;
		else if (type === 'historyUndo') command = undo;
		else if (type === 'historyRedo') command = redo;
		else if (type === 'formatBold') command = toggleMark('strong');
		else if (type === 'formatItalic') command = toggleMark('em');
		else if (type.startsWith('format') || type === 'insertFromDrop') command = (body) => body;
		else if (type.startsWith('delete') && (acrossBlocks || from === to)) {
			command = this.#reach(event) ?? (type.endsWith('Forward') ? deleteForward : backspace);
		} else if ((type === 'insertText' || type === 'insertReplacementText') && acrossBlocks) {
			const text = textTokens(event.data ?? event.dataTransfer?.getData('text/plain') ?? '');
			const marks = this.body.marks ?? tokenMarks(this.body.tokens[from] ?? 0);
			command = insert(text.map((token) => marked(token, marks)));
		}
		if (type === 'insertText' && !command && !this.composing) this.#settleMarks();
		if (!command || !event.cancelable) return;
		if (this.run(command)) event.preventDefault();
		else if (type.startsWith('format')) event.preventDefault();
	}

	/** A word's deletion that reaches into another block. */
	#reach(event: InputEvent): Command | null {
		const range = event.getTargetRanges()[0];
		const caret = range && caretOf(this.root, this.#drawn, this.body.tokens, range);
		const gone = caret ? this.body.tokens.slice(caret.anchor, caret.head) : [];
		// The marker alone is the plain case: the start or the end of a block.
		if (!caret || gone.length < 2 || !gone.some(isBlock)) return null;
		return (body) => (body.caret.anchor === body.caret.head ? insert([])({ ...body, caret }) : null);
	}

	#key(event: KeyboardEvent): void {
		if (event.isComposing) return;
		const command = shortcut(event);
		if (!command) return;
		event.preventDefault();
		this.run(command);
	}

	#paste(event: ClipboardEvent): void {
		event.preventDefault();
		const html = event.clipboardData?.getData('text/html') ?? '';
		const text = event.clipboardData?.getData('text/plain') ?? '';
		const read = html === '' ? readText(text) : readPasted(html, text);
		const fresh = read.length === 0 ? readText(text) : read;
		// A single paragraph goes into the line that it is pasted to.
		const single = fresh.length > 0 && !fresh.slice(1).some(isBlock);
		this.run(insert(single ? fresh.slice(1) : fresh));
		this.scrollToCaret();
	}

	#click(event: MouseEvent): void {
		if (!(event.target instanceof HTMLButtonElement)) return;
		const at = this.#drawn.findIndex(({ element }) => element.contains(event.target as Node));
		const block = blocksOf(this.body.tokens)[at];
		if (block) this.run(tick(block.marker));
	}

	/** What is typed looks as the buttons say; a browser may remember the looks of what was deleted here. */
	#settleMarks(): void {
		const { from, to } = span(this.body);
		const here = from === to ? marksHere(this.body) : tokenMarks(this.body.tokens[from] ?? 0);
		this.body = { ...this.body, marks: this.body.marks ?? here };
	}

	#compose(): void {
		this.#look();
		this.#settleMarks();
		const { from, to } = span(this.body);
		this.#composed = { from, tail: this.body.tokens.length - to };
		this.composing = true;
	}

	#composeEnd(): void {
		if (!this.composing) return;
		this.#read(this.#observer.takeRecords());
		this.composing = false;
		this.body = { ...this.body, marks: null };
		this.#tidy(null);
		this.options.onLook(this.body);
	}

	/** The caret moved by itself: marks asked for by a button are for another place. */
	#selected(): void {
		if (!this.#focused() || this.composing) return;
		const before = this.body.caret;
		this.#look();
		const { anchor, head } = this.body.caret;
		if (anchor === before.anchor && head === before.head) return;
		this.body = { ...this.body, marks: null };
		this.options.onLook(this.body);
	}

	/** Takes the browser's selection over. */
	#look(): void {
		const caret = caretIn(this.root, this.#drawn, this.body.tokens);
		if (caret) this.body = { ...this.body, caret };
	}

	/** Reads what the browser did into the body. */
	#read(records: readonly MutationRecord[]): void {
		if (records.length === 0) return;
		const touched = new Set<Node>();
		for (const { target } of records) touched.add(topChild(this.root, target) ?? this.root);
		const known = new Map<Node, Drawn>(this.#drawn.map((drawn) => [drawn.element, drawn]));
		const tokens: Token[] = [];
		const drawn: Drawn[] = [];
		const children = [...this.root.childNodes];
		children.forEach((child, at) => {
			const before = known.get(child);
			if (before && !touched.has(child)) {
				drawn.push(before);
				if (before.marker !== null) tokens.push(before.marker);
				tokens.push(...before.content);
				return;
			}
			const read = readBlocks(child, { collapse: false });
			const lead = before?.marker === null && at === 0 && (read.length > 1 || children.length === 1);
			const own = lead ? read.slice(1) : read;
			if (before) drawn.push({ ...before, marker: lead ? null : (read[0] ?? null), content: read.slice(1) });
			tokens.push(...own);
		});
		this.#drawn = drawn;
		this.#took(tokens);
		if (!this.composing) this.#tidy(touched);
	}

	#took(tokens: Token[]): void {
		const { marks } = this.body;
		let taken = tokens;
		if (marks !== null) {
			taken = [...tokens];
			const { from, tail } = this.#composed;
			const fresh = this.composing
				? [{ start: from, end: tokens.length - tail }]
				: diff(this.body.tokens, tokens);
			for (const { start, end } of fresh) {
				for (let at = start; at < end; at++) taken[at] = marked(tokens[at] as Token, marks);
			}
		}
		if (sameTokens(taken, this.body.tokens)) return;
		const caret = caretIn(this.root, this.#drawn, taken) ?? this.body.caret;
		const next = edited(this.body, taken, caret, performance.now());
		const auto = this.composing ? null : autoformat(next);
		this.body = this.composing ? { ...next, marks } : (auto ?? next);
		this.options.onEdit();
		this.options.onLook(this.body);
	}

	/** Redraws what the browser left in another shape than ours. */
	#tidy(touched: ReadonlySet<Node> | null): void {
		const { tokens } = this.body;
		const blocks = blocksOf(tokens);
		const children = [...this.root.childNodes];
		const tidy =
			children.length === blocks.length &&
			blocks.every((block, at) => {
				const drawn = this.#drawn[at];
				if (!drawn || drawn.element !== children[at]) return false;
				if (touched && !touched.has(drawn.element) && drawn.marker === (tokens[block.marker] ?? null))
					return true;
				const wanted = drawBlock(tokens, block, this.options.tickLabel);
				drawn.element.normalize();
				if (!wanted.element.isEqualNode(drawn.element)) return false;
				drawn.marker = wanted.marker;
				drawn.content = wanted.content;
				return true;
			});
		this.#observer.takeRecords();
		if (tidy) return;
		this.#drawn = [];
		this.#draw();
		if (this.#focused()) this.#select();
	}

	#draw(): void {
		const next = draw(this.body.tokens, this.#drawn, this.options.tickLabel);
		const keep = new Set<Node>(next.map(({ element }) => element));
		for (const child of [...this.root.childNodes]) if (!keep.has(child)) child.remove();
		next.forEach(({ element }, at) => {
			if (this.root.childNodes[at] !== element)
				this.root.insertBefore(element, this.root.childNodes[at] ?? null);
		});
		this.#drawn = next;
		this.root.classList.toggle('empty', this.body.tokens.length === 0);
		this.#observer.takeRecords();
	}

	#select(): void {
		placeCaret(this.#drawn, this.body.tokens, this.body.caret);
	}

	/** Brings the caret into sight, above the keyboard and the buttons. */
	scrollToCaret(): void {
		const at = document.getSelection()?.focusNode;
		const element = at instanceof Element ? at : at?.parentElement;
		if (this.#focused()) element?.scrollIntoView({ block: 'nearest' });
	}

	#focused(): boolean {
		return document.activeElement === this.root;
	}

	/** Puts the caret somewhere, as tests and the start of writing do. */
	setCaret(caret: Caret): void {
		this.body = { ...this.body, caret };
		this.#select();
	}
}

/** Without the right to parse HTML here, its text still comes. */
function readPasted(html: string, text: string): Token[] {
	try {
		return readHtml(html);
	} catch {
		return readText(text);
	}
}

function topChild(root: Node, node: Node): Node | null {
	let at: Node | null = node;
	while (at && at.parentNode !== root) at = at.parentNode;
	return at;
}
