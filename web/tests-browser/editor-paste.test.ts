/** What comes by paste from where people copy: no word changes, lines stay lines, cells apart, lists lists. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { random, type Random } from '../src/testing/random';
import { EditorScene } from './editor-scene';

let scene: EditorScene;

beforeAll(async () => {
	scene = await EditorScene.begin();
});
afterAll(() => scene.end());

async function pasted(html: string, plain = 'plain'): Promise<string[]> {
	await scene.open();
	await scene.paste({ 'text/html': html, 'text/plain': plain });
	return scene.agrees(html);
}

const DOCS =
	'<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;">' +
	'<span style="font-weight:400;white-space:pre-wrap;">We </span><span style="font-weight:700;white-space:pre-wrap;">all</span>' +
	'<span style="font-weight:400;white-space:pre-wrap;"> came.</span></p><br>' +
	'<ol style="margin-top:0"><li aria-level="1"><p role="presentation"><span style="white-space:pre-wrap">first</span></p></li>' +
	'<li aria-level="1"><p role="presentation"><span>second</span></p></li></ol></b>';
const WORD =
	'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>\n<!-- p.MsoNormal {margin:0} --></style></head><body>' +
	'<p class=MsoNormal>We <b>all</b>\r\n came.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>' +
	"<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]>" +
	"<span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times\"'>&nbsp;&nbsp; </span></span><![endif]>a bullet</p>" +
	"<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>counted</p></body></html>";
const EXCEL =
	'<html><head><style>\n.xl65\n\t{font-weight:700;}\n</style></head><body><table><tr><td class=xl65>Name</td><td class=xl65>Phone</td></tr>' +
	'\n<tr>\n  <td>Ana</td>\n  <td>0711</td>\n </tr></table></body></html>';
const SHEETS =
	'<google-sheets-html-origin><table><colgroup><col><col></colgroup><tbody><tr><td style="font-weight:bold;">Name</td>' +
	'<td>Days</td></tr><tr><td>Ben</td><td></td></tr></tbody></table>';
const CHAT = '<span style="white-space: pre-wrap;">First line\nSecond  line</span>';

test.each([
	['Google Docs', DOCS, ['paragraph:We *all* came.', 'paragraph:1. first', 'paragraph:2. second']],
	['Word', WORD, ['paragraph:We *all* came.', 'bullet:a bullet', 'paragraph:1. counted']],
	['Excel', EXCEL, ['paragraph:*Name*\t*Phone*', 'paragraph:Ana\t0711']],
	['Sheets', SHEETS, ['paragraph:*Name*\tDays', 'paragraph:Ben']],
	['a chat', CHAT, ['paragraph:First line', 'paragraph:Second  line']],
	['words that look like code', '<p>My style = calm</p>', ['paragraph:My style = calm']],
	[
		'a web page',
		'<h2><b>Tea</b></h2><p>See <a href="https://kith.example/tea">this</a>, <i>please</i>.</p><ul><li>one</li><li>two</li></ul>',
		['heading2:Tea', 'paragraph:See this (https://kith.example/tea), /please/.', 'bullet:one', 'bullet:two'],
	],
	[
		'a chat that draws emoji as pictures',
		'<span>Well <img alt="😀" class="emoji">done<img alt="🏳️‍🌈"></span> <img alt="Photo © Ana">all',
		['paragraph:Well 😀done🏳️‍🌈 all'],
	],
	[
		'comments that look like style sheets',
		'<!--<style>--><p>One</p><!--</style>--><!-- <p style="a"> --><p style="font-weight:700 !important">Two</p>',
		['paragraph:One', 'paragraph:*Two*'],
	],
	[
		'a page that shows code',
		'<textarea><style>calm</style> <p style="a"></textarea><p>if a &lt;style&gt; x</p>',
		['paragraph:<style>calm</style> <p style="a">', 'paragraph:if a <style> x'],
	],
	[
		'parts of a page that only look like sheets',
		'<style-box>One</style-box><noscript><p style="color:red">no</p></noscript><p>Two</p>',
		['paragraph:One', 'paragraph:Two'],
	],
	['a style sheet that is cut off', '<p>One</p><style>.a{font-weight:700}<p>Two</p>', ['paragraph:One']],
	[
		'fonts in one',
		'<p><span style="font:italic bold 12px/1 Arial">Both</span> <span style="font:12px \'Arial Bold\'">plain</span></p>',
		['paragraph:*/Both/* plain'],
	],
	[
		'links around lines and pictures',
		'<a href="https://kith.example/x"><p>One</p><p>Two</p></a><p><a href="sms:+123">text</a> <a href="https://kith.example/y"><img src="a"></a> <a href="javascript:x">no</a></p>',
		[
			'paragraph:One',
			'paragraph:Two (https://kith.example/x)',
			'paragraph:text (sms:+123) https://kith.example/y no',
		],
	],
	[
		'what nobody saw',
		'<p>One<span hidden>no</span><span style="visibility:hidden">no</span></p><p>a&#8232;b</p>',
		['paragraph:One', 'paragraph:a', 'paragraph:b'],
	],
	[
		"Word's open bullet",
		"<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>o<span>&nbsp;</span></span>circle</p><p>on</p>",
		['bullet:circle', 'paragraph:on'],
	],
	[
		'a checklist',
		'<ul><li><input type="checkbox" checked> one</li><li><label><input type="checkbox"> two</label></li></ul>',
		['todo+:one', 'todo:two'],
	],
	['an address', '<a href="https://kith.example/">kith.example</a>', ['paragraph:kith.example']],
])('from %s', async (_from, html, blocks) => {
	expect(await pasted(html)).toEqual(blocks);
});

const NESTED =
	'<ol start="3"><li>three</li><li>four<ol type="a"><li>inner</li><li>other<ol type="i"><li>deep</li></ol></li></ol></li><li value="9">nine</li><li>ten</li></ol>';
const DOCS_NESTED =
	'<b id="docs-internal-guid-2" style="font-weight:normal;"><ol style="margin-top:0" start="3">' +
	'<li style="list-style-type:decimal" aria-level="1"><p role="presentation"><span>three</span></p></li>' +
	'<ol><li style="list-style-type:lower-alpha" aria-level="2"><p role="presentation"><span>inner</span></p></li>' +
	'<li style="list-style-type:lower-alpha" aria-level="2"><p role="presentation"><span>other</span></p></li></ol>' +
	'<li style="list-style-type:decimal" aria-level="1"><p role="presentation"><span>four</span></p></li></ol></b>';
const wordItem = (sign: string, level: number, words: string): string =>
	`<p class=MsoListParagraph style='mso-list:l1 level${level} lfo2'><![if !supportLists]><span style='mso-list:Ignore'>${sign}` +
	`<span style='font:7.0pt "Times"'>&nbsp;&nbsp; </span></span><![endif]>${words}</p>`;

test.each([
	[
		'a page, nested, from 3',
		NESTED,
		['3. three', '4. four', 'a. inner', 'b. other', 'i. deep', '9. nine', '10. ten'],
	],
	['Google Docs, nested, from 3', DOCS_NESTED, ['3. three', 'a. inner', 'b. other', '4. four']],
	[
		'Word, nested, from 3',
		[
			wordItem('3.', 1, 'three'),
			wordItem('a)', 2, 'inner'),
			wordItem('3.1.', 2, 'legal'),
			wordItem('iv.', 3, 'deep'),
		].join(''),
		['3. three', 'a) inner', '3.1. legal', 'iv. deep'],
	],
	[
		'a list that counts down',
		'<ol reversed><li>last</li><li>first</li></ol><ol start="0"><li>nought</li></ol>',
		['2. last', '1. first', '0. nought'],
	],
	['Roman numbers', '<ol style="list-style: upper-roman" start="14"><li>a</li></ol>', ['XIV. a']],
])('a numbered list keeps the numbers that were seen, from %s', async (_from, html, lines) => {
	expect(await pasted(html)).toEqual(lines.map((line) => `paragraph:${line}`));
});

test('a list whose style draws dots is one of dots, whatever its element', async () => {
	const html =
		'<ol style="list-style-type: disc"><li>dot</li></ol><ul style="list-style-type:decimal"><li>one</li></ul>';
	expect(await pasted(html)).toEqual(['bullet:dot', 'paragraph:1. one']);
});

test('a list that is numbered by the letters of the alphabet goes on after z', async () => {
	const items = Array.from({ length: 28 }, (_, at) => `<li>x${at}</li>`).join('');
	const lines = await pasted(`<ol type="A">${items}</ol>`);
	expect(lines.slice(-3)).toEqual(['paragraph:Z. x25', 'paragraph:AA. x26', 'paragraph:AB. x27']);
});

test('plain text of a chat keeps its lines', async () => {
	await scene.open();
	await scene.paste({ 'text/plain': '[10:02, 3/4/2026] Ana: *hello*\n[10:03, 3/4/2026] Ben: style = calm' });
	expect(await scene.agrees('chat')).toEqual([
		'paragraph:[10:02, 3/4/2026] Ana: *hello*',
		'paragraph:[10:03, 3/4/2026] Ben: style = calm',
	]);
});

test('lines of a slide stay lines, whatever sign ends them', async () => {
	await scene.open();
	await scene.paste({ 'text/plain': 'one\u000btwo\u000cthree\u0085four\r\nfive' });
	const lines = ['one', 'two', 'three', 'four', 'five'];
	expect(await scene.agrees('slide')).toEqual(lines.map((line) => `paragraph:${line}`));
});

const WORDS = ['calm', 'style = x', 'a < b', 'Ana', '“so”', 'né', 'on click = y', '3 > 2', 'data-style='];
const escaped = (words: string): string =>
	words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A random document, and its blocks as they must come out. */
function made(dice: Random): { html: string; blocks: string[] } {
	const words = (): string => Array.from({ length: 1 + dice.below(3) }, () => dice.pick(WORDS)).join(' ');
	const parts: string[] = [];
	const blocks: string[] = [];
	for (let nth = 1 + dice.below(6); nth > 0; nth--) {
		const [one, two] = [words(), words()];
		const choice = dice.below(6);
		if (choice === 0) {
			parts.push(`<p style="margin: 0">${escaped(one)}</p>`);
			blocks.push(`paragraph:${one}`);
		} else if (choice === 1) {
			parts.push(`<p>${escaped(one)} <span style='font-weight: 700'>${escaped(two)}</span></p>`);
			blocks.push(`paragraph:${one} *${two}*`);
		} else if (choice === 2) {
			parts.push(`<ul><li>${escaped(one)}</li>\n<li>${escaped(two)}</li></ul>`);
			blocks.push(`bullet:${one}`, `bullet:${two}`);
		} else if (choice === 3) {
			parts.push(`<ol start=3><li>${escaped(one)}</li><li>${escaped(two)}</li></ol>`);
			blocks.push(`paragraph:3. ${one}`, `paragraph:4. ${two}`);
		} else if (choice === 4) {
			parts.push(`<table><tr><td>${escaped(one)}</td><td>${escaped(two)}</td></tr></table>`);
			blocks.push(`paragraph:${one}\t${two}`);
		} else {
			parts.push(`<div>${escaped(one)}<br>${escaped(two)}</div>`);
			blocks.push(`paragraph:${one}`, `paragraph:${two}`);
		}
	}
	return { html: parts.join('\n'), blocks };
}

test.each(Array.from({ length: 40 }, (_, seed) => [seed]))(
	'no paste changes a word (seed %i)',
	async (seed) => {
		const { html, blocks } = made(random(seed));
		expect(await pasted(html)).toEqual(blocks);
	},
);
