/**
 * Styles of pasted HTML. The page's security policy would have the browser refuse and report each of them, so they are
 * set aside under another name before it is parsed.
 */
const SET_ASIDE = 'data-pasted-style';
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi;
const SHEET = /<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi;
const CLASS_RULE = /\.([\w-]+)\s*\{([^}]*)\}/g;

/** HTML without styles that apply, and what its style sheets say of classes. */
export interface Unstyled {
	html: string;
	classes: Map<string, string>;
}

/** Sets styles aside; no word of the text changes. */
export function setStylesAside(html: string): Unstyled {
	const classes = new Map<string, string>();
	const bare = html.replace(SHEET, (_all, sheet: string) => {
		for (const [, name, rule] of sheet.matchAll(CLASS_RULE)) {
			if (name) classes.set(name, `${classes.get(name) ?? ''};${rule}`);
		}
		return '';
	});
	const named = bare.replace(TAG, (tag) => tag.replace(/([\s"'])style\s*=/i, `$1${SET_ASIDE}=`));
	return { html: named, classes };
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
				.trim()
				.toLowerCase();
	}
	return value;
}
