/** What is said of a problem: one thing, once. */
import type { KithProblem } from '$bridge';
import { words } from '../words';
import { language } from '../words/locale';

/** Codes of which the engine alone knows what it is this time; its sentence says what to do as well. */
const ENGINES = /^(link-in|not-al|full|other)/;

/**
 * What went wrong, and what to do about it where that is not said already. The engine's sentences are English: on a page
 * in another language the catalogue's are said, by the code, but where the problem brought its own advice.
 */
export function saidOf(
	{ code, text, advice }: KithProblem,
	english = language === 'en',
): { said: string; advice: string } {
	if (text && advice) return { said: text, advice };
	const own = (words.problems as Partial<Record<typeof code, string>>)[code];
	if (!english)
		return own ? { said: own, advice: words.advice[code] } : { said: words.advice[code], advice: '' };
	if (text && (!own || ENGINES.test(code))) return { said: text, advice: '' };
	return { said: own ?? words.common.unsaid, advice: words.advice[code] };
}
