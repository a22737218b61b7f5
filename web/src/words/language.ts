/** What the browser says of the person's languages; any of it may be nonsense, or missing. */
interface Says {
	languages?: readonly unknown[] | undefined;
	language?: unknown;
}

/**
 * The one place that decides in whose way things are said, dates and numbers too: the first of the person's languages
 * that is `known`, in their own variant of it (`es-MX`), or the one that they `chose`; else English. Systems name
 * locales as `en_US.UTF-8`, `en-US@posix` or `C`, and some browsers pass that on. The page carries this function in its
 * head, as text: it may use nothing from outside.
 */
export function localeFor(
	known: readonly string[],
	chosen: string | null | undefined,
	says: Says | undefined,
): string {
	const own = known.filter((language) => language === chosen);
	for (const tag of [says?.languages, says?.language].flat()) {
		try {
			const locale = new Intl.Locale(
				String(tag)
					.replaceAll('_', '-')
					.replace(/[.@].*/s, ''),
			);
			if ((own[0] ? own : known).includes(locale.language)) return locale.toString();
		} catch {
			// Not a language.
		}
	}
	return own[0] ?? 'en';
}

/** The header of words that the service worker gives in the place of those that did not come. */
export const STAND_IN = 'kith-stand-in';

/** The service worker's note of the chosen language, which it can't read where the page keeps it. */
export const LANGUAGE_CACHE = 'kith-language';
