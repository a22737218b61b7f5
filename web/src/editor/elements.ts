/** What elements are to a body. */
import type { Block, MarkName } from '$bridge';

/** Elements whose text is marked. */
export const MARK_TAGS: Record<string, MarkName> = { STRONG: 'strong', B: 'strong', EM: 'em', I: 'em' };

/** Elements whose content nobody reads. */
export const SKIPPED = new Set([
	...['BUTTON', 'STYLE', 'SCRIPT', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT', 'SELECT', 'OBJECT'],
	...['SVG', 'svg', 'COLGROUP', 'AUDIO', 'VIDEO', 'IFRAME'],
]);

/** Elements that stand on lines of their own. */
export const BLOCKS = new Set([
	...['P', 'DIV', 'LI', 'UL', 'OL', 'PRE', 'BLOCKQUOTE', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'MAIN'],
	...['TABLE', 'TR', 'TBODY', 'THEAD', 'TFOOT', 'CAPTION', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'HR', 'DL'],
	...[
		'DT',
		'DD',
		'FIGURE',
		'FIGCAPTION',
		'ASIDE',
		'NAV',
		'FORM',
		'FIELDSET',
		'ADDRESS',
		'DETAILS',
		'SUMMARY',
	],
]);

/** Plain text. */
export const PARAGRAPH: Block = { kind: 'paragraph', level: 0, checked: false };

/** Whether an element holds others that stand on lines of their own. */
export function containsBlock(element: Element): boolean {
	return [...element.children].some((child) => BLOCKS.has(child.nodeName));
}
