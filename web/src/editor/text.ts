/** Plain text as tokens. */
import { blockToken, textTokens, type Token } from './tokens';

const PARAGRAPH = blockToken({ kind: 'paragraph', level: 0, checked: false });

/** Each line a paragraph; empty lines only part them. */
export function readText(text: string): Token[] {
	return text
		.split(/[\r\n\u2028\u2029]+/)
		.filter((line, _at, all) => line !== '' || all.length === 1)
		.flatMap((line) => [PARAGRAPH, ...textTokens(line)]);
}
