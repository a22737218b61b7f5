/** What comes by paste as HTML: from a chat, a word processor, a sheet, a web page. */
import type { Block, MarkName } from '$bridge';
import { BLOCKS, MARK_TAGS, PARAGRAPH, SKIPPED } from './elements';
import { isWordItem, itemSign } from './numbers';
import { fontOf, isHidden, setStylesAside, styleOf, valueOf } from './styles';
import { LINES } from './text';
import { blockToken, textTokens, tokensText, type Token } from './tokens';

/** Between two cells of a row, as in plain text. */
const CELLS = '\t';
const HOLDERS = new Set(['TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'UL', 'OL', 'DL']);
const SPACES = /[ \t\n\r\f\u00a0]+/g;
/** What ends a line also where line feeds do not. */
const BREAKS = /[\v\u0085\u2028\u2029]/;
/** Addresses that lead nowhere outside of the page that they were copied from. */
const INWARD = /^(?:javascript|vbscript|data|blob|file|about|cid):/i;
const PICTURE = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;

/** What surrounds a node. */
interface Around {
	marks: readonly MarkName[];
	block: Block;
	/** Line feeds and runs of spaces count, as they do in what chats copy. */
	verbatim: boolean;
}

/** What pasted HTML holds: lines stay lines, cells apart, lists lists. Its styles only tell what is bold. */
export function readHtml(html: string): Token[] {
	const { html: unstyled, classes } = setStylesAside(html);
	const parsed = new DOMParser().parseFromString(trusted(unstyled), 'text/html');
	const reader = new Reader(classes);
	reader.walk(parsed.body, { marks: [], block: PARAGRAPH, verbatim: false });
	return reader.blocks();
}

/** One line of text, before it is known whether it has any words. */
interface Line {
	block: Block;
	tokens: Token[];
}

class Reader {
	readonly #lines: Line[] = [];
	#line: Line | null = null;
	/** The kind of the next line. */
	#next: Block = PARAGRAPH;
	/** What the next line begins with: a list's number. */
	#prefix = '';

	constructor(private readonly classes: ReadonlyMap<string, string>) {}

	/** All lines that have words. */
	blocks(): Token[] {
		this.#end(PARAGRAPH);
		return this.#lines.flatMap(({ block, tokens }) => [blockToken(block), ...tokens]);
	}

	walk(node: Node, around: Around): void {
		if (node.nodeType === Node.TEXT_NODE) return this.#text(node.nodeValue ?? '', around);
		if (!(node instanceof Element) || SKIPPED.has(node.nodeName)) return;
		const style = styleOf(node, this.classes);
		if (isHidden(node, style) || /mso-list:\s*ignore/i.test(style)) return;
		if (node.nodeName === 'BR') return this.#end(around.block);
		const inner = this.#inner(node, style, around);
		if (node.nodeName === 'TD' || node.nodeName === 'TH') return this.#cell(node, inner);
		if (node.nodeName === 'A') return this.#link(node, inner);
		if (node.nodeName === 'IMG') return this.#picture(node, inner);
		if (!BLOCKS.has(node.nodeName)) return this.#children(node, inner);
		this.#end(inner.block);
		const sign = itemSign(node, style, this.classes);
		this.#prefix = sign ? `${sign} ` : this.#prefix;
		this.#children(node, inner);
		this.#end(around.block);
	}

	#children(node: Element, around: Around): void {
		for (const child of node.childNodes) {
			// What stands between rows, cells and items only sets out the source.
			if (child.nodeType === Node.TEXT_NODE && HOLDERS.has(node.nodeName) && !child.nodeValue?.trim())
				continue;
			this.walk(child, around);
		}
	}

	#inner(element: Element, style: string, around: Around): Around {
		const marks = new Set(around.marks);
		const mark = MARK_TAGS[element.nodeName];
		if (mark) marks.add(mark);
		if (/^(?:H[1-6]|TH)$/.test(element.nodeName)) marks.delete('strong');
		const { weight, slant } = fontOf(style);
		if (weight !== null && !/^H[1-6]$/.test(element.nodeName)) {
			if (/^bold/.test(weight) || Number(weight) >= 600) marks.add('strong');
			else if (weight === 'normal' || Number(weight) < 600) marks.delete('strong');
		}
		if (/^(?:italic|oblique)/.test(slant ?? '')) marks.add('em');
		else if (slant === 'normal') marks.delete('em');
		const space = valueOf(style, 'white-space');
		const verbatim =
			element.nodeName === 'PRE' ||
			element.nodeName === 'TEXTAREA' ||
			(space === null ? around.verbatim : /^(?:pre|break-spaces)/.test(space) && !isDocument(element));
		const block = BLOCKS.has(element.nodeName)
			? blockOf(element, style, around.block, this.classes)
			: around.block;
		const heading = block.kind === 'heading';
		return { marks: heading ? [...marks].filter((one) => one !== 'strong') : [...marks], block, verbatim };
	}

	/** A row is one line; what is in a cell on lines of its own is parted by spaces. */
	#cell(cell: Element, around: Around): void {
		if (cell.previousElementSibling) this.#put(CELLS, { ...around, marks: [] });
		const reader = new Reader(this.classes);
		reader.#children(cell, { ...around, block: PARAGRAPH });
		reader.#end(PARAGRAPH);
		reader.#lines.forEach(({ tokens }, at) => {
			if (at > 0) this.#put(' ', around);
			this.#begin().push(...tokens);
		});
	}

	/** A link keeps its address, behind its words when they do not say it; a picture's stands for itself. */
	#link(link: Element, around: Around): void {
		const from = this.#begin(false).length;
		const [line, lines] = [this.#line, this.#lines.length];
		this.#children(link, around);
		const address = (link.getAttribute('href') ?? '').trim();
		if (!/^[a-z][a-z\d+.-]*:/i.test(address) || INWARD.test(address)) return;
		const own = [...this.#lines.slice(lines), ...(this.#line ? [this.#line] : [])];
		const said = own
			.map((one) => tokensText(one === line ? one.tokens.slice(from) : one.tokens))
			.join(' ')
			.trim();
		if (said.includes(address.replace(/^[a-z][a-z\d+.-]*:(?:\/\/)?/i, '').replace(/\/$/, ''))) return;
		if (said === '') {
			if (link.querySelector('img, picture, svg')) this.#put(address, { ...around, marks: [] });
			return;
		}
		const last = own.filter(({ tokens }) => tokensText(tokens).trim() !== '').at(-1);
		last?.tokens.push(...textTokens(` (${address})`));
	}

	/** Chats draw emoji as pictures, whose other text they are; of a photograph it is not what somebody wrote. */
	#picture(image: Element, around: Around): void {
		const sign = (image.getAttribute('alt') ?? '').trim();
		if (PICTURE.test(sign) && !/\p{L}/u.test(sign)) this.#put(sign, around);
	}

	#text(data: string, around: Around): void {
		data.split(around.verbatim ? LINES : BREAKS).forEach((part, at) => {
			if (at > 0) this.#end(around.block);
			this.#words(part, around);
		});
	}

	#words(data: string, around: Around): void {
		if (around.verbatim) {
			if (data !== '') this.#put(data, around);
			return;
		}
		const text = data.replace(SPACES, ' ');
		const before = tokensText(this.#line?.tokens ?? []);
		const trimmed = before === '' || /[ \t]$/.test(before) ? text.replace(/^ /, '') : text;
		if (trimmed !== '') this.#put(trimmed, around);
	}

	#put(text: string, around: Around): void {
		this.#begin().push(...textTokens(text, around.marks));
	}

	#begin(withPrefix = true): Token[] {
		this.#line ??= { block: this.#next, tokens: [] };
		if (withPrefix && this.#prefix !== '') {
			this.#line.tokens.push(...textTokens(this.#prefix));
			this.#prefix = '';
		}
		return this.#line.tokens;
	}

	/** Ends the line; one without words is none. */
	#end(next: Block): void {
		const line = this.#line;
		if (line) {
			while (/[ \t\u00a0]$/.test(tokensText(line.tokens.slice(-1)))) line.tokens.pop();
			if (line.tokens.length > 0) this.#lines.push(line);
		}
		this.#line = null;
		this.#next = next;
	}
}

/** Word processors keep runs of spaces on everything; their lines are paragraphs. */
function isDocument(element: Element): boolean {
	return element.nodeName === 'BODY' || element.id.startsWith('docs-internal');
}

function blockOf(
	element: Element,
	style: string,
	around: Block,
	classes: ReadonlyMap<string, string>,
): Block {
	const tag = element.nodeName;
	const checked =
		element.getAttribute('data-checked') ?? element.getAttribute('aria-checked') ?? boxOf(element);
	if (checked !== null) return { kind: 'todo', level: 0, checked: checked === 'true' };
	if (/^H[1-6]$/.test(tag)) return { kind: 'heading', level: Math.min(3, Number(tag[1])), checked: false };
	const listed = tag === 'LI' || element.classList.contains('bullet') || isWordItem(element, style);
	if (listed) {
		const counted = itemSign(element, style, classes) !== null;
		return counted ? PARAGRAPH : { kind: 'bullet', level: 0, checked: false };
	}
	// A paragraph inside an item is the item's text.
	return around.kind === 'bullet' || around.kind === 'todo' || around.kind === 'heading' ? around : PARAGRAPH;
}

/** Whether the box that a list's item begins with is ticked; null where it has none. */
function boxOf(element: Element): string | null {
	const box = element.nodeName === 'LI' ? element.querySelector('input[type=checkbox]') : null;
	return box && box.closest('li') === element ? String(box.hasAttribute('checked')) : null;
}

/** The page's policy for pasted HTML; null where the server's policy does not list it. */
function pastePolicy(): { createHTML(html: string): unknown } | null {
	try {
		return window.trustedTypes?.createPolicy('kith-paste', { createHTML: (html) => html }) ?? null;
	} catch {
		return null;
	}
}
let policy: ReturnType<typeof pastePolicy> | undefined;

/** Only ever given to a parser whose document runs nothing and shows nothing. */
function trusted(html: string): string {
	policy ??= pastePolicy();
	return (policy?.createHTML(html) ?? html) as string;
}
