/** Plain text as tokens. */
import { blockToken, textTokens, type Token } from './tokens';

const PARAGRAPH = blockToken({ kind: 'paragraph', level: 0, checked: false });

/** What ends a line: word processors and slides write a vertical tab for a break inside a paragraph. */
export const LINES = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/;

/** Each line a paragraph; empty lines only part them. */
export function readText(text: string): Token[] {
	return text
		.split(LINES)
		.filter((line, _at, all) => line !== '' || all.length === 1)
		.flatMap((line) => [PARAGRAPH, ...textTokens(line)]);
}
