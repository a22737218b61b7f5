/** What is on the clipboard, as blocks. */
import { readHtml } from './html';
import { readText } from './text';
import type { Token } from './tokens';

/** The blocks of a clipboard: its HTML where it has words, else its plain text. */
export function readClipboard(data: Pick<DataTransfer, 'getData'>): Token[] {
	const html = data.getData('text/html');
	const text = data.getData('text/plain');
	const read = html === '' ? [] : readPasted(html);
	return read.length > 0 ? read : readText(text);
}

/** Without the right to parse HTML here, its text still comes. */
function readPasted(html: string): Token[] {
	try {
		return readHtml(html);
	} catch {
		return [];
	}
}
