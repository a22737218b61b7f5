/**
 * Styles of pasted HTML. The page's security policy would have the browser refuse and report each of them, so they are
 * set aside under another name before it is parsed.
 */
const SET_ASIDE = 'data-pasted-style';
const START_TAG = /^<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/i;
/** Comments, elements whose text is no markup, style sheets, tags: each ends where a parser has it end. */
const PARTS = new RegExp(
	[
		/<!--[^]*?(?:-->|$)/,
		/<(?<raw>textarea|title|xmp|script|iframe|noembed|noframes)(?=[\s/>])(?:"[^"]*"|'[^']*'|[^"'>])*>[^]*?(?:<\/\k<raw>\s*>|$)/,
		/<style(?=[\s/>])[^>]*>(?<sheet>[^]*?)(?:<\/style\s*>|$)/,
		/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/,
	]
		.map(({ source }) => source)
		.join('|'),
	'gi',
);
/** In a `font`, what may stand before the size. */
const FONT_SIZE = /(?:^|\s)(?:[\d.]+(?:[a-z]+|%)|(?:xx?-)?(?:small|large)|medium|smaller|larger)(?:[\s/]|$)/;
const CLASS_RULE = /\.([\w-]+)\s*\{([^}]*)\}/g;

/** HTML without styles that apply, and what its style sheets say of classes. */
export interface Unstyled {
	html: string;
	classes: Map<string, string>;
}

/** Sets styles aside; no word of the text changes. */
export function setStylesAside(html: string): Unstyled {
	const classes = new Map<string, string>();
	const named = html.replace(PARTS, (part, _raw, sheet: string | undefined) => {
		if (sheet === undefined) return part.replace(START_TAG, setAside);
		for (const [, name, rule] of sheet.matchAll(CLASS_RULE)) {
			if (name) classes.set(name, `${classes.get(name) ?? ''};${rule}`);
		}
		return '';
	});
	return { html: named, classes };
}

function setAside(tag: string): string {
	return tag.replace(/([\s"'])style\s*=/i, `$1${SET_ASIDE}=`);
}

/** What an element's own styles say, its classes first. */
export function styleOf(element: Element, classes: ReadonlyMap<string, string>): string {
	const own = element.getAttribute(SET_ASIDE) ?? '';
	if (classes.size === 0) return own;
	return [...element.classList].map((name) => classes.get(name) ?? '').join(';') + ';' + own;
}

/** The last value that a style gives to a property; null when it says nothing of it. */
export function valueOf(style: string, property: string): string | null {
	let value: string | null = null;
	for (const part of style.split(';')) {
		const at = part.indexOf(':');
		if (at > 0 && part.slice(0, at).trim().toLowerCase() === property)
			value = part
				.slice(at + 1)
				.replace(/!\s*important\s*$/i, '')
				.trim()
				.toLowerCase();
	}
	return value;
}

/** How bold and how slanted text is, said by itself or in a `font`; null where a style says nothing of it. */
export function fontOf(style: string): { weight: string | null; slant: string | null } {
	const before = (valueOf(style, 'font') ?? '').split(FONT_SIZE)[0] ?? '';
	return {
		weight: valueOf(style, 'font-weight') ?? /\b(?:bold(?:er)?|[1-9]00)\b/.exec(before)?.[0] ?? null,
		slant: valueOf(style, 'font-style') ?? /\b(?:italic|oblique)\b/.exec(before)?.[0] ?? null,
	};
}

/** Whether nobody saw it where it was copied. */
export function isHidden(element: Element, style: string): boolean {
	return (
		element.hasAttribute('hidden') ||
		valueOf(style, 'display') === 'none' ||
		/^(?:hidden|collapse)$/.test(valueOf(style, 'visibility') ?? '')
	);
}
