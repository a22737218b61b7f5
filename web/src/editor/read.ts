/** Reads tokens out of elements: what the browser made of typing, and what comes by paste. */
import type { Block, MarkName } from '$bridge';
import { blockToken, textTokens, type Token } from './tokens';

const MARK_TAGS: Record<string, MarkName> = { STRONG: 'strong', B: 'strong', EM: 'em', I: 'em' };
const SKIPPED = new Set(['BUTTON', 'STYLE', 'SCRIPT', 'HEAD', 'TITLE', 'TEMPLATE', 'SVG', 'svg']);
const BLOCKS = new Set([
	'P',
	'DIV',
	'LI',
	'UL',
	'OL',
	'PRE',
	'BLOCKQUOTE',
	'SECTION',
	'ARTICLE',
	'HEADER',
	'FOOTER',
	'MAIN',
	'TABLE',
	'TR',
	'H1',
	'H2',
	'H3',
	'H4',
	'H5',
	'H6',
	'HR',
	'DL',
	'DT',
	'DD',
	'FIGURE',
	'ASIDE',
	'NAV',
	'FORM',
]);
const PARAGRAPH: Block = { kind: 'paragraph', level: 0, checked: false };

/** How text in elements is taken. */
export interface Reading {
	/** Runs of white space are one space, as in a document from elsewhere; else every character counts. */
	collapse: boolean;
}

/** The blocks in a node, each beginning with its marker. At least one, unless there is nothing at all. */
export function readBlocks(node: Node, reading: Reading): Token[] {
	const out: Token[] = [];
	let open: Block | null = null;
	/** Whether the block being read has been begun, so that the next text goes on in it. */
	let begun = false;
	const begin = (block: Block): void => {
		open = block;
		begun = false;
	};
	const put = (tokens: Token[]): void => {
		if (!begun) out.push(blockToken(open ?? PARAGRAPH));
		begun = true;
		for (const token of tokens) out.push(token);
	};
	const walk = (at: Node, marks: readonly MarkName[], block: Block): void => {
		if (at.nodeType === Node.TEXT_NODE) {
			const data = at.nodeValue ?? '';
			const text = reading.collapse ? data.replace(/\s+/g, ' ') : data;
			if (text === '' || (reading.collapse && !begun && text === ' ')) return;
			put(textTokens(text, marks));
			return;
		}
		if (!(at instanceof Element) || SKIPPED.has(at.nodeName)) return;
		if (at.nodeName === 'BR') {
			// The last break of a block only holds it open; another begins the next line.
			if (at.nextSibling) begin(block);
			return;
		}
		const mark = MARK_TAGS[at.nodeName];
		const inner = mark && !marks.includes(mark) && !isPlainWrapper(at) ? [...marks, mark] : marks;
		if (!BLOCKS.has(at.nodeName)) {
			for (const child of at.childNodes) walk(child, inner, block);
			return;
		}
		const kind = blockOf(at, block);
		begin(kind);
		const before = out.length;
		for (const child of at.childNodes) walk(child, marks, kind);
		if (!reading.collapse && out.length === before && !containsBlock(at)) put([]);
		begin(PARAGRAPH);
	};
	walk(node, [], PARAGRAPH);
	return out;
}

/** What pasted HTML holds. Its styles are set aside: the page's security policy would have to refuse them. */
export function readHtml(html: string): Token[] {
	const parsed = new DOMParser().parseFromString(
		trusted(html.replace(/\sstyle\s*=/gi, ' data-style=')),
		'text/html',
	);
	return readBlocks(parsed.body, { collapse: true });
}

/** Plain text: each line a paragraph; empty lines only part them. */
export function readText(text: string): Token[] {
	return text
		.split(/[\r\n]+/)
		.filter((line, _at, all) => line !== '' || all.length === 1)
		.flatMap((line) => [blockToken(PARAGRAPH), ...textTokens(line)]);
}

/** Some word processors wrap everything they copy in a bold element that is not bold. */
function isPlainWrapper(element: Element): boolean {
	return /font-weight:\s*(normal|400)/.test(element.getAttribute('data-style') ?? '');
}

function containsBlock(element: Element): boolean {
	return [...element.children].some((child) => BLOCKS.has(child.nodeName));
}

function blockOf(element: Element, around: Block): Block {
	const tag = element.nodeName;
	const checked = element.getAttribute('data-checked');
	if (checked !== null) return { kind: 'todo', level: 0, checked: checked === 'true' };
	if (/^H[1-6]$/.test(tag)) return { kind: 'heading', level: Math.min(3, Number(tag[1])), checked: false };
	if (tag === 'LI' || element.classList.contains('bullet'))
		return { kind: 'bullet', level: 0, checked: false };
	// A paragraph inside an item is the item's text.
	return around.kind === 'bullet' || around.kind === 'todo' ? around : PARAGRAPH;
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
