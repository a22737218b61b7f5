/** What is on the clipboard, as blocks. What reads HTML comes when it is first pasted. */
import { readText } from './text';
import type { Token } from './tokens';

/** A clipboard's HTML where it has words, else its plain text. */
export async function readPasted(html: string, text: string): Promise<Token[]> {
	// Where it does not come, or may not parse HTML here, the text still comes.
	const read = await import('./html').then(({ readHtml }) => readHtml(html)).catch(() => []);
	return read.length > 0 ? read : readText(text);
}
