import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWords } from '../../catalogue/read';
import { wordsFor } from './compare';

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

const lists = Object.entries(readWords(join(import.meta.dirname, '../../words')).catalogues).map(
	([language, { people }]): [language: string, words: string[]] => [
		language,
		(people as { same: { list: string } }).same.list.split(' '),
	],
);

/** Words that begin alike and were there before this was asked of a list: another word in their place is another list. */
const BEGIN_ALIKE: Readonly<Record<string, string[]>> = { en: ['butter', 'button', 'sand', 'sandal'] };

test.each(lists)(
	'p15 the words to compare are one for each byte, short and unlike each other (%s)',
	(language, list) => {
		expect(list).toHaveLength(256);
		expect(
			list.filter((word) => word !== word.normalize('NFC') || !/^[\p{Ll}\p{Lo}]{2,9}$/u.test(word)),
		).toEqual([]);
		const alike = list.flatMap((one, at) => list.slice(at + 1).filter((other) => distance(one, other) < 2));
		expect(alike).toEqual([]);
		const begins = list.map((word) => [...word].slice(0, 4).join(''));
		const twice = list.filter(
			(_, at) => begins.indexOf(begins[at] ?? '') !== begins.lastIndexOf(begins[at] ?? ''),
		);
		expect(twice).toEqual(BEGIN_ALIKE[language] ?? []);
	},
);

/** How a Spanish word sounds to somebody who says `s` for `z`, `b` for `v` and `y` for `ll`, as most do. */
function sound(word: string): string {
	return word
		.replace(/ch/g, 'C')
		.replace(/ll/g, 'y')
		.replace(/qu/g, 'k')
		.replace(/c(?=[ei])|z/g, 's')
		.replace(/g(?=[ei])/g, 'j')
		.replace(/gu(?=[ei])/g, 'g')
		.replace(/c/g, 'k')
		.replace(/v/g, 'b')
		.replace(/h/g, '');
}

test('p15 the Spanish words sound unlike each other, too, and need no accents', () => {
	const list = lists.find(([language]) => language === 'es')?.[1] ?? [];
	expect(list.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
	const sounds = list.map(sound);
	const alike = sounds.flatMap((one, at) => sounds.slice(at + 1).filter((other) => distance(one, other) < 2));
	expect(alike).toEqual([]);
});

/** How an Arabic word sounds across dialects, where letters that stand apart in writing are said alike. */
function soundArabic(word: string): string {
	return word
		.replace(/[ثصس]/g, 'س')
		.replace(/[ذظز]/g, 'ز')
		.replace(/[طت]/g, 'ت')
		.replace(/[ضد]/g, 'د')
		.replace(/[قك]/g, 'ك')
		.replace(/[حهة]/g, 'ه')
		.replace(/[ىي]/g, 'ي')
		.replace(/[غخ]/g, 'خ')
		.replace(/ع/g, 'ا');
}

test('p15 the Arabic words sound unlike each other in every dialect, too, and need no hamza and no vowel signs', () => {
	const list = lists.find(([language]) => language === 'ar')?.[1] ?? [];
	expect(list.filter((word) => !/^[ابةتثجحخدذرزسشصضطظعغفقكلمنهوىي]+$/.test(word))).toEqual([]);
	const sounds = list.map(soundArabic);
	const alike = sounds.flatMap((one, at) => sounds.slice(at + 1).filter((other) => distance(one, other) < 2));
	expect(alike).toEqual([]);
	expect(new Set(sounds.map((one) => one.slice(0, 4))).size).toBe(256);
});

test('p15 the order of a language’s words is the same in every version, and the numbers are in every language', () => {
	const said = wordsFor([0, 1, 127, 128, 254, 255]);
	expect(said.map(({ word }) => word)).toEqual(['apple', 'arrow', 'kite', 'knee', 'zebra', 'zip']);
	expect(said.map(({ number }) => number)).toEqual(['000', '001', '127', '128', '254', '255']);
	expect(wordsFor([256])).toEqual([{ word: '', number: '256' }]);
	const spanish = lists.find(([language]) => language === 'es')?.[1] ?? [];
	expect([0, 1, 127, 128, 254, 255].map((index) => spanish[index])).toEqual([
		'abeja',
		'abrigo',
		'julio',
		'koala',
		'zapato',
		'zorro',
	]);
	const arabic = lists.find(([language]) => language === 'ar')?.[1] ?? [];
	expect([0, 1, 127, 128, 254, 255].map((index) => arabic[index])).toEqual([
		'بابونج',
		'باخرة',
		'شطرنج',
		'شلال',
		'يقطين',
		'ينبوع',
	]);
});
