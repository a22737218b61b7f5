/** What a pasted list's items begin with, as whoever copied it saw it: "3.", "b.", "iv.". */
import { styleOf, valueOf } from './styles';

const SPACES = /[ \t\n\r\f\u00a0]+/g;
/** Letters of the attribute `type`, as styles call them. */
const TYPES: Record<string, string> = {
	a: 'lower-alpha',
	A: 'upper-alpha',
	i: 'lower-roman',
	I: 'upper-roman',
};
const DOTS = /^(?:disc|circle|square|disclosure|["'])/;
/** Larger numbers are written in digits. */
const ROMAN_MAX = 3999;
const ROMAN = 'm1000 cm900 d500 cd400 c100 xc90 l50 xl40 x10 ix9 v5 iv4 i1'
	.split(' ')
	.map((one) => ({ sign: one.replace(/\d+/, ''), worth: Number(one.replace(/\D+/, '')) }));

/** The sign of a numbered list's item, an empty one where its number is hidden; null for what is no such item. */
export function itemSign(
	element: Element,
	style: string,
	classes: ReadonlyMap<string, string>,
): string | null {
	if (isWordItem(element, style)) return wordNumber(element);
	const list = element.parentElement;
	if (element.nodeName !== 'LI' || !list || element.hasAttribute('aria-checked')) return null;
	const ordered = list.nodeName === 'OL';
	const kind =
		kindIn(style) ??
		kindIn(styleOf(list, classes)) ??
		TYPES[element.getAttribute('type') ?? list.getAttribute('type') ?? ''] ??
		(ordered ? 'decimal' : 'disc');
	if (DOTS.test(kind)) return null;
	if (kind === 'none') return ordered ? '' : null;
	return `${written(countOf(element, list), kind)}.`;
}

/** Word draws its lists by hand: a paragraph with a sign that a list item's would be. */
export function isWordItem(element: Element, style: string): boolean {
	return element.nodeName === 'P' && /mso-list:\s*l\d/i.test(style);
}

function kindIn(style: string): string | null {
	const short = valueOf(style, 'list-style');
	const own = valueOf(style, 'list-style-type');
	return own ?? /\b(?:none|disc|circle|square|decimal\S*|(?:lower|upper)-\S+)/.exec(short ?? '')?.[0] ?? null;
}

/** Items count on from what the list or an item before says. */
function countOf(element: Element, list: Element): number {
	const items = [...list.children].filter((child) => child.nodeName === 'LI');
	const down = list.hasAttribute('reversed');
	const given = (from: Element, name: string): number => Number.parseInt(from.getAttribute(name) ?? '', 10);
	const start = given(list, 'start');
	let next = Number.isNaN(start) ? (down ? items.length : 1) : start;
	for (const item of items) {
		const own = given(item, 'value');
		if (!Number.isNaN(own)) next = own;
		if (item === element) break;
		next += down ? -1 : 1;
	}
	return next;
}

function written(count: number, kind: string): string {
	const upper = kind.startsWith('upper-');
	const signs = /-(?:alpha|latin)$/.test(kind)
		? letters(count)
		: kind.endsWith('-roman')
			? roman(count)
			: null;
	if (signs !== null) return upper ? signs.toUpperCase() : signs;
	return kind === 'decimal-leading-zero' && count >= 0 && count < 10 ? `0${count}` : String(count);
}

function letters(count: number): string | null {
	let signs = '';
	for (let left = count; left > 0; left = Math.floor((left - 1) / 26)) {
		signs = String.fromCharCode(97 + ((left - 1) % 26)) + signs;
	}
	return signs || null;
}

function roman(count: number): string | null {
	if (count < 1 || count > ROMAN_MAX) return null;
	let left = count;
	let signs = '';
	for (const { worth, sign } of ROMAN) {
		for (; left >= worth; left -= worth) signs += sign;
	}
	return signs;
}

function wordNumber(element: Element): string | null {
	const sign = [...element.querySelectorAll('[data-pasted-style]')].find((one) =>
		/mso-list:\s*ignore/i.test(one.getAttribute('data-pasted-style') ?? ''),
	);
	const text = (sign?.textContent ?? '').replace(SPACES, '');
	return /^\(?(?:[0-9a-z]{1,4}[.)]+)+(?:[0-9a-z]{1,4}[.)]*)?$/i.test(text) ? text : null;
}
