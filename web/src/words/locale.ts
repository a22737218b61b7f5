/** The one place that decides in whose way dates, lists and names are written. */

/** What the browser says of the person's languages; any of it may be nonsense, or missing. */
interface Says {
	languages?: readonly unknown[] | undefined;
	language?: unknown;
}

/**
 * The person's own variant of a language, as `Intl` takes it: the first of theirs that is of it, else the language
 * alone. Systems name locales as `en_US.UTF-8`, `en-US@posix` or `C`, and some browsers pass that on.
 */
export function localeOf(lang: string, says: Says | undefined): string {
	const all = Array.isArray(says?.languages) ? says.languages : [];
	for (const tag of [...all, says?.language]) {
		if (typeof tag !== 'string') continue;
		try {
			const locale = new Intl.Locale(tag.replaceAll('_', '-').replace(/[.@].*/s, ''));
			if (locale.language === lang) return locale.toString();
		} catch {
			// Not a language.
		}
	}
	return lang;
}
