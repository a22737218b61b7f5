import { expect, test } from 'vitest';
import { compareWords, wordsFor } from './compare';

/** How many letters have to change to make one word of the other. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

test('p15 the words to compare are one for each byte, short and unlike each other', () => {
	expect(compareWords).toHaveLength(256);
	expect(compareWords.filter((word) => !/^[a-z]{3,9}$/.test(word))).toEqual([]);
	const alike = compareWords.flatMap((one, at) =>
		compareWords.slice(at + 1).filter((other) => distance(one, other) < 2),
	);
	expect(alike).toEqual([]);
});

test('p15 the order of the words is the same in every version', () => {
	expect(wordsFor([0, 1, 127, 128, 254, 255])).toEqual(['apple', 'arrow', 'kite', 'knee', 'zebra', 'zip']);
	expect(wordsFor([256])).toEqual(['256']);
});
