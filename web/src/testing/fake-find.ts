/** The stand-in's search: over what the stand-in has, one text after the other. */
import type {
	Found,
	FoundKind,
	FoundRange,
	Hit,
	JournalEntry,
	Message,
	News,
	NoteSummary,
	PlanLine,
	Strategy,
	ThreadSummary,
} from '../bridge/contract';

const DAY_MS = 86_400_000;

/** A text that can be found. */
export interface Findable {
	kind: FoundKind;
	document: string;
	thread?: string;
	key: string;
	title: string;
	text: string;
	author?: string;
	authorName?: string;
	mine?: boolean;
	atMs: number;
	day?: number;
}

/** All texts that can be found, of what there is. */
export function findable(
	threads: readonly { thread: string; title: string; messages: readonly Message[] }[],
	notes: readonly NoteSummary[],
	strategies: readonly Strategy[],
	lines: readonly PlanLine[],
	entries: readonly JournalEntry[],
): Findable[] {
	const messages = threads.flatMap(({ thread, title, messages }) =>
		messages.map((one) => ({
			...one,
			kind: 'message' as const,
			document: `d-${thread}`,
			thread,
			title,
			atMs: one.sentMs,
		})),
	);
	const written = entries.flatMap(({ key, day, entry }): Findable[] => {
		const text = entry?.kind === 'text' ? entry.text : entry?.kind === 'checkIn' ? entry.note : '';
		return [
			{ kind: 'journal', document: 'd-journal', key, title: '', text, mine: true, atMs: day * DAY_MS, day },
		];
	});
	const all: Findable[] = [
		...messages.filter(({ body }) => body === 'here'),
		...notes.map(({ document, title, excerpt, day }) => ({
			kind: 'note' as const,
			document,
			key: '',
			title,
			text: excerpt,
			atMs: day * DAY_MS,
			day,
		})),
		...strategies
			.filter(({ body }) => body === 'here')
			.map((one) => ({ ...one, kind: 'strategy' as const, document: 'd-toolkit', atMs: one.madeMs })),
		...lines.map(({ key, text, madeMs }) => ({
			kind: 'plan' as const,
			document: 'd-plan',
			key,
			title: '',
			text,
			mine: true,
			atMs: madeMs,
		})),
		...written,
	];
	return all.filter(({ text, title }) => text !== '' || title !== '');
}

const folded = (text: string): string =>
	text
		.normalize('NFD')
		.replace(/\p{Mn}/gu, '')
		.toLowerCase();

/** What is found of all that there is. */
export function search(all: readonly Findable[], words: string, limit: number): Found {
	const wanted = folded(words).match(/[\p{L}\p{N}]+/gu) ?? [];
	const none: Found = { hits: [], more: false, short: wanted.length === 0, pending: 0 };
	if (none.short) return none;
	const begins = (word: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'gu');
	const found = all.filter(({ title, text }) => {
		const said = folded(`${title} ${text}`);
		return wanted.every((word) => begins(word).test(said));
	});
	found.sort((one, other) => other.atMs - one.atMs);
	const hits = found.slice(0, limit).map((one): Hit => {
		const excerpt = one.text.slice(0, 160);
		const ranges = wanted.flatMap((word) =>
			[...folded(excerpt).matchAll(begins(word))].map(({ index }): FoundRange => ({
				from: index,
				to: index + word.length,
			})),
		);
		ranges.sort((a, b) => a.from - b.from);
		return {
			kind: one.kind,
			document: one.document,
			thread: one.thread ?? null,
			key: one.key,
			title: one.title,
			author: one.author ?? '',
			authorName: one.authorName ?? '',
			mine: one.mine ?? false,
			atMs: one.atMs,
			day: one.day ?? null,
			excerpt,
			found: ranges,
		};
	});
	return { ...none, hits, more: found.length > limit };
}

/** What is new, by author: the unread messages of each thread; changed notes are the first author's. */
export function newsOf(
	threads: readonly ThreadSummary[],
	notes: readonly NoteSummary[],
	messagesOf: (thread: string) => readonly Message[],
): News[] {
	const all = new Map<string, News>();
	for (const { thread, title, unread } of threads.filter((one) => one.unread > 0 && !one.blocked)) {
		for (const { author, authorName, sentMs } of messagesOf(thread)
			.filter(({ mine }) => !mine)
			.slice(-unread)) {
			const of = all.get(author) ?? {
				member: author,
				name: authorName,
				messages: 0,
				threads: [],
				notes: [],
				lastMs: 0,
			};
			of.messages += 1;
			of.lastMs = Math.max(of.lastMs, sentMs);
			if (!of.threads.some((one) => one.thread === thread)) of.threads.push({ thread, title });
			all.set(author, of);
		}
	}
	const [first] = all.values();
	first?.notes.push(
		...notes.filter(({ changed }) => changed).map(({ document, title, day }) => ({ document, title, day })),
	);
	return [...all.values()].sort((one, other) => other.lastMs - one.lastMs);
}
