/** An own record as a page to read and print: one file that asks nobody for anything, in the person's language. */
import type { Circle, ItemKind, RecordItem } from '$bridge';
import { keepWords, leaveWords, planWords, selfWords } from '../words';
import { dayAndYear, dayOf } from '../words/dates';
import { locale } from '../words/locale';
import { number } from '../words/say';
import { answersSaid } from '../state/own-said';
import type { Collected } from './collect';
import { formOf, type Forms } from './forms';
import { textOf } from './json';

/** Of each kind what stands in its place; a new one is asked for by the compiler. */
const SAID: Record<ItemKind, (item: RecordItem, circle: Circle, forms: Forms) => string[]> = {
	plan: ({ part, text, phone }) => [part ? planWords.parts[part].title : '', text, phone],
	journal: journalSaid,
	thread: ({ text }) => [text],
	toolkit: ({ title, text }) => [title, text],
	stories: ({ title, text }) => [title, text],
	note: ({ passages, commitments }) => [
		...passages,
		...commitments.map(({ text }) => leaveWords.page.tookOn({ text })),
	],
	choices: ({ choice, text }, circle) => {
		if (!choice) return [text];
		const name = circle.members.find(({ member }) => member === choice.member)?.name ?? choice.member;
		return [leaveWords.page.choices[choice.kind]({ name })];
	},
	commitments: keptSaid,
	between: keptSaid,
	reports: ({ text }) => [text],
	circle: ({ text }) => [text],
};
/** In the order in which they stand. */
const ORDER: ItemKind[] = [
	'plan',
	'journal',
	'commitments',
	'thread',
	'between',
	'reports',
	'toolkit',
	'stories',
	'note',
	'choices',
	'circle',
];

/** The page as text, in pieces; `now`: when it is made, in milliseconds. */
export function* pageOf(
	circle: Circle,
	collected: Collected,
	forms: Forms,
	{ now, dir, app }: { now: number; dir: string; app: string },
): Generator<string> {
	const said = leaveWords.page;
	const name = circle.ownName;
	const title = said.heading({ name, circle: circle.name });
	yield `<!doctype html>
<html lang="${escaped(locale)}" dir="${escaped(dir)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex"><title>${escaped(title)} · ${escaped(app)}</title><style>${STYLE}</style></head><body>
<h1 dir="auto">${escaped(title)}</h1>
<p dir="auto">${escaped(said.made({ name, day: dayAndYear(dayOf(now)) }))}</p>
<p class="warning">${escaped(said.warning)}</p>
`;
	if (collected.closed > 0) yield `<p>${escaped(said.closed({ count: collected.closed }))}</p>\n`;
	if (collected.items.length === 0) yield `<p>${escaped(said.empty)}</p>\n`;
	for (const kind of ORDER) {
		const items = collected.items.filter((item) => item.kind === kind);
		if (items.length === 0) continue;
		yield `<h2>${escaped(said.kinds[kind])}</h2>\n`;
		for (const item of items) yield itemOf(item, collected.items, circle, forms);
	}
	yield '</body></html>\n';
}

function itemOf(item: RecordItem, all: readonly RecordItem[], circle: Circle, forms: Forms): string {
	const said = leaveWords.page;
	const lines = item.body === 'here' ? SAID[item.kind](item, circle, forms) : [absent(item)];
	const other = item.other === null ? null : textOf(item.other, all);
	const answered = item.kind === 'thread' ? other : null;
	const kept = item.kept !== null && other !== null ? [keepWords.record.about({ words: other })] : [];
	const about = [
		item.madeMs > 0 ? said.written({ when: moment(item.madeMs) }) : '',
		item.day === null ? '' : said.about({ day: dayAndYear(item.day) }),
		item.audience === 'circle' || item.audience === 'facilitators' ? item.place : '',
		seenBy(item),
	];
	const shown = (answered === null ? [] : [said.answers({ text: answered })]).concat(kept, lines);
	const paragraphs = shown
		.filter((line) => line.trim() !== '')
		.map((line) => `<p dir="auto">${escaped(line)}</p>`);
	const small = about.filter((one) => one !== '').map((one) => `<bdi>${escaped(one)}</bdi>`);
	return `<article>${paragraphs.join('')}<p class="small">${small.join(' · ')}</p></article>\n`;
}

function seenBy({ audience, place }: RecordItem): string {
	const said = leaveWords.page.seenBy;
	return audience === 'pair' || audience === 'slice' ? said[audience]({ name: place }) : said[audience];
}

function absent({ body }: RecordItem): string {
	return body === 'gone' ? leaveWords.page.takenBack : leaveWords.page.notHere;
}

function journalSaid({ entry, text }: RecordItem, _: Circle, forms: Forms): string[] {
	if (!entry) return [text];
	if (entry.kind === 'text') return [entry.text];
	if (entry.kind === 'checkIn') return [...answersSaid(entry), entry.note];
	const { name, asked, result } = formOf(entry, forms);
	const total = result?.scored
		? selfWords.entries.number({ name, total: number(result.total), most: number(result.most) })
		: selfWords.entries.noNumber({ name });
	const band = result?.scored && result.band ? result.band : null;
	const level = band
		? selfWords.result.levels[band.level]({ from: number(band.from), to: number(band.to) })
		: '';
	const answers = asked.map(({ question, answer, value }) =>
		selfWords.entries.answer({
			title: question,
			answer: answer ?? (value === null ? leaveWords.page.unanswered : number(value)),
		}),
	);
	return [total, level, ...answers];
}

function keptSaid({ kept, text }: RecordItem): string[] {
	return [kept === null ? '' : keepWords.record.said[kept], text];
}

let clock: Intl.DateTimeFormat | undefined;
function moment(ms: number): string {
	clock ??= new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
	return clock.format(ms);
}

const SIGNS: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Words as they stand in a page: nothing of them is read as the page's own, and none turns what is around it. */
export function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

const STYLE = `@page{margin:18mm}body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem;color:#1a1714;background:#fff}
h2{margin-top:2rem;border-bottom:1px solid #999;break-after:avoid}article{margin:1rem 0;break-inside:avoid-page}
p{margin:.25rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.small{font-size:.8rem;color:#555}.warning{border:2px solid #a3341f;padding:.5rem;font-weight:600}`;
