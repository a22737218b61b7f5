/** What is told of a text while it is typed: how much is left, or how much too much; and whether it can be taken. */
import { isSeen, over, type TextLimit } from './graphemes';
import { valueWords } from '.';

/** How much is left is told from here on. */
const NEAR = 20;

/** How long a text is, in words; empty while there is room. */
export function lengthSaid(text: string, limit: TextLimit): string {
	const by = over(text, limit);
	if (by > 0) return valueWords.over({ count: by });
	return by > -NEAR ? valueWords.left({ count: -by }) : '';
}

/** Why a text can't be taken, in words; empty when it can. `needed`: there must be something to see in it. */
export function refusal(text: string, limit: TextLimit, needed: boolean): string {
	if (over(text, limit) > 0) return lengthSaid(text, limit);
	if (needed && text === '') return valueWords.missing;
	return (needed || text !== '') && !isSeen(text) ? valueWords.unseen : '';
}
