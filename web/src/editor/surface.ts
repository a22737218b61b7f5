/**
 * The editable surface. Inside a block the browser edits by itself, so that every keyboard, composition and
 * correction works as it does everywhere; what it did is read back. What crosses blocks is done on the tokens. What
 * nobody typed (a page's translation, an extension) is put back as it was.
 */
import { blocksOf, type Caret } from './blocks';
import { edited, joined, openBody, type Body, type Command } from './body';
import { marked, marksHere, pasted, span, tick } from './commands';
import { diff } from './diff';
import { commandFor, type Gaps } from './keys';
import { caretIn, caretOf, isInText, placeCaret } from './place';
import { readPasted } from './paste';
import { draw, type Drawn } from './render';
import { readScreen, tidied } from './screen';
import { autoformat, shortcut } from './shortcuts';
import { readText } from './text';
import { sameTokens, tokenMarks, type Token } from './tokens';
import { restamped } from './whole';

/** Whom the surface tells. */
export interface SurfaceOptions {
	tickLabel: string;
	/** The person edited the body. */
	onEdit: () => void;
	/** Something that the toolbar shows may have changed. */
	onLook: (body: Body) => void;
	onBlur: () => void;
	/** What was typed can't be read. */
	onUnreadable: () => void;
}

const QUIET_MS = 30;
/** After so many changes by something else than a person, between two by them, what is shown is left as it is. */
const FOREIGN_MAX = 20;

/** The screen says something else than what was written, and can't be brought back. */
export class UnreadableError extends Error {
	constructor() {
		super('what is on the screen is not what was written');
	}
}

/** One editable body on the page. */
export class Surface {
	body: Body;
	/** A keyboard is composing. */
	composing = false;
	/** Ends when all that was pasted is in the body. */
	pasting: Promise<void> = Promise.resolve();
	#drawn: Drawn[] = [];
	/** Where the composition began, how many tokens came after it, and whether it began over a selection. */
	#composed = { start: 0, tail: 0, over: false };
	#foreign = 0;
	readonly #observer: MutationObserver;
	readonly #ends = new AbortController();

	constructor(
		readonly root: HTMLElement,
		tokens: Token[],
		private readonly options: SurfaceOptions,
	) {
		this.body = openBody(tokens);
		this.#observer = new MutationObserver((records) => this.#mutated(records));
		this.#listen();
		this.#draw();
	}

	/** Does what a key or button stands for. False when it does nothing here. */
	run(command: Command): boolean {
		this.#mutated(this.#observer.takeRecords());
		if (!this.composing && this.#focused()) this.#look();
		const next = command(this.body);
		if (next === null) return false;
		const changed = !sameTokens(next.tokens, this.body.tokens);
		this.body = next;
		if (changed) this.#draw();
		if (this.#focused()) this.#select();
		if (changed) this.options.onEdit();
		this.options.onLook(this.body);
		return true;
	}

	/** Brings the surface to a body from elsewhere. Not while {@link composing}. */
	show(tokens: Token[]): void {
		this.#mutated(this.#observer.takeRecords());
		if (this.#focused()) this.#look();
		this.body = joined(this.body, tokens);
		this.#draw();
		if (this.#focused()) this.#select();
		this.options.onLook(this.body);
	}

	/** What the surface holds now, with what the browser has just done, held against the screen. */
	tokens(): Token[] {
		this.#mutated(this.#observer.takeRecords());
		if (!this.#shows()) {
			if (this.#foreign > FOREIGN_MAX) throw new UnreadableError();
			this.#take(null);
			if (!this.#shows()) throw new UnreadableError();
		}
		return this.body.tokens;
	}

	/** The words on the screen, whatever holds them. */
	raw(): string {
		return this.root.innerText;
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
		root.translate = false;
		root.classList.add('notranslate');
		on('beforeinput', (event) => this.#beforeInput(event));
		on('input', () => this.#read(this.#observer.takeRecords()));
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
		this.#observer.observe(root, { childList: true, characterData: true, subtree: true });
	}

	#beforeInput(event: InputEvent): void {
		const composing = this.composing || event.isComposing;
		if (!composing) this.#look();
		const asked = {
			target: composing ? null : this.#target(event),
			steady: isInText(this.#drawn),
			composing,
			nowMs: performance.now(),
		};
		const command = event.cancelable ? commandFor(event, this.body, asked) : null;
		if (command && this.run(command)) {
			event.preventDefault();
			this.scrollToCaret();
		} else if (event.inputType.startsWith('format') && event.cancelable) event.preventDefault();
		else if (event.inputType === 'insertText' && !composing) this.#settleMarks();
	}

	/** What the browser would take away or replace, as gaps. */
	#target(event: InputEvent): Gaps | null {
		const range = event.getTargetRanges()[0];
		const caret = range && caretOf(this.root, this.#drawn, this.body.tokens, range);
		return caret ? span({ ...this.body, caret }) : null;
	}

	#key(event: KeyboardEvent): void {
		if (event.isComposing) return;
		// Two keys may come before the browser tells of the first one's selection.
		this.#selected();
		const command = shortcut(event);
		if (!command) return;
		event.preventDefault();
		this.run(command);
	}

	#paste(event: ClipboardEvent): void {
		event.preventDefault();
		const [html = '', text = ''] = ['text/html', 'text/plain'].map((type) =>
			event.clipboardData?.getData(type),
		);
		if (html === '') return this.#put(readText(text));
		this.pasting = this.pasting
			.then(async () => this.#put(await readPasted(html, text)))
			.catch(() => this.options.onUnreadable());
	}

	#put(blocks: readonly Token[]): void {
		this.run(pasted(blocks));
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
		this.#composed = { start: from, tail: this.body.tokens.length - to, over: to > from };
		this.composing = true;
	}

	#composeEnd(): void {
		if (!this.composing || this.#ends.signal.aborted) return;
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
		// Beside the text (a to-do's box) nothing that is typed or deleted would go where it should.
		const selection = document.getSelection();
		if (selection?.isCollapsed && this.root.contains(selection.anchorNode) && !isInText(this.#drawn))
			this.#select();
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

	/** Something changed what is shown. A person's doing comes with an event, and was read at it. */
	#mutated(records: readonly MutationRecord[]): void {
		if (records.length === 0) return;
		if (this.composing) return this.#read(records);
		this.#foreign++;
		if (this.#foreign > FOREIGN_MAX) return this.options.onUnreadable();
		this.#redraw();
	}

	/** Reads what the browser did into the body. */
	#read(records: readonly MutationRecord[]): void {
		if (records.length === 0) return;
		this.#foreign = 0;
		try {
			this.#take(new Set(records.map(({ target }) => topChild(this.root, target) ?? this.root)));
		} catch {
			try {
				this.#take(null);
			} catch {
				this.options.onUnreadable();
			}
		}
	}

	/** Takes over what the blocks that were touched say, or all of them. */
	#take(touched: ReadonlySet<Node> | null): void {
		const { tokens, drawn } = readScreen(this.root, this.#drawn, touched);
		this.#drawn = drawn;
		this.#took(tokens);
		if (!this.composing) this.#tidy(touched);
	}

	/** Whether the screen says what the body is. */
	#shows(): boolean {
		return sameTokens(readScreen(this.root, this.#drawn, null).tokens, this.body.tokens);
	}

	#took(tokens: Token[]): void {
		const { marks } = this.body;
		const over = this.composing && this.#composed.over;
		const taken = restamped(this.body.tokens, tokens, over ? this.#composed : null);
		this.#composed.over = false;
		if (marks !== null) {
			const { start, tail } = this.#composed;
			const fresh = this.composing ? [{ start, end: taken.length - tail }] : diff(this.body.tokens, taken);
			for (const { start, end } of fresh) {
				for (let at = start; at < end; at++) taken[at] = marked(taken[at] as Token, marks);
			}
		}
		if (sameTokens(taken, this.body.tokens)) return;
		const caret = caretIn(this.root, this.#drawn, taken) ?? this.body.caret;
		const next = edited(this.body, taken, caret, performance.now());
		const auto = this.composing ? null : autoformat(next);
		this.body = this.composing ? { ...next, marks } : (auto ?? next);
		this.root.classList.toggle('empty', this.body.tokens.length === 0);
		this.options.onEdit();
		this.options.onLook(this.body);
	}

	/** Redraws what the browser left in another shape than ours. */
	#tidy(touched: ReadonlySet<Node> | null): void {
		const tidy = tidied(this.root, this.#drawn, this.body.tokens, touched, this.options.tickLabel);
		this.#observer.takeRecords();
		if (!tidy) this.#redraw();
	}

	#redraw(): void {
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

function topChild(root: Node, node: Node): Node | null {
	let at: Node | null = node;
	while (at && at.parentNode !== root) at = at.parentNode;
	return at;
}
