/** What is said of a problem: one thing, once. */
import type { KithProblem } from '$bridge';
import { words } from '../words';

/** Codes of which the engine alone knows what it is this time; its sentence says what to do as well. */
const ENGINES = /^(link-in|not-al|full|other)/;

/** What went wrong, and what to do about it where that is not said already. */
export function saidOf({ code, text, advice }: KithProblem): { said: string; advice: string } {
	if (text && advice) return { said: text, advice };
	const own = (words.problems as Partial<Record<typeof code, string>>)[code];
	if (text && (!own || ENGINES.test(code))) return { said: text, advice: '' };
	return { said: own ?? words.common.unsaid, advice: words.advice[code] };
}
