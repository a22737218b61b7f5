/** The words that two phones show to be compared by eye and ear. */
import { peopleWords as words } from '.';

/** One of them: a word of the page's language, and its number, which is the same in every language. */
export interface Compared {
	word: string;
	/** Three digits. */
	number: string;
}

/** The words for what an engine answered. A number beyond the list has no word, and stands for itself. */
export function wordsFor(indices: readonly number[]): Compared[] {
	const list = words.same.list.split(' ');
	return indices.map((index) => ({ word: list[index] ?? '', number: String(index).padStart(3, '0') }));
}
