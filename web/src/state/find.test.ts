import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Command, Found, Hit, Notice } from '$bridge';
import { takeAim, aimAt } from './aim';
import { byKind, Finder, pieces, TYPED_MAX } from './find.svelte';

const none: Found = { hits: [], more: false, short: false, pending: 0 };

function hit(kind: Hit['kind'], key: string): Hit {
	const blank = {
		document: 'd',
		thread: null,
		title: '',
		author: '',
		authorName: '',
		mine: false,
		day: null,
	};
	return { ...blank, kind, key, atMs: 1, excerpt: '', found: [] };
}

/** A bridge that answers when it is told to. */
function scene(): {
	finder: Finder;
	asked: { words: string; limit: number }[];
	answer: (found: Partial<Found>) => Promise<void>;
	hear: (notice: Notice) => void;
} {
	const asked: { words: string; limit: number }[] = [];
	const waiting: ((found: Found) => void)[] = [];
	let hear: (notice: Notice) => void = () => {};
	const finder = new Finder(
		{
			ask: (command: Command) => {
				if (command.cmd !== 'search') throw new Error(command.cmd);
				asked.push({ words: command.words, limit: command.limit });
				return new Promise((resolve) => waiting.push((value) => resolve({ ok: true, value } as never)));
			},
			listen: (listener) => {
				hear = listener;
				return () => {};
			},
		},
		'c1',
	);
	const answer = async (found: Partial<Found>): Promise<void> => {
		waiting.shift()?.({ ...none, ...found });
		await vi.advanceTimersByTimeAsync(0);
	};
	return { finder, asked, answer, hear: (notice) => hear(notice) };
}

describe('a search', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	test('asks once while somebody types, and for what was typed last in the end', async () => {
		const { finder, asked, answer } = scene();
		finder.start();
		expect(asked).toEqual([{ words: '', limit: 50 }]);
		await answer({ short: true });
		for (const typed of ['r', 'ri', 'riv']) {
			finder.typed = typed;
			finder.type();
			await vi.advanceTimersByTimeAsync(50);
		}
		expect(asked.length).toBe(1);
		await vi.advanceTimersByTimeAsync(200);
		expect(asked.at(-1)).toEqual({ words: 'riv', limit: 50 });
		for (const typed of ['rive', 'river']) {
			finder.typed = typed;
			finder.type();
			await vi.advanceTimersByTimeAsync(200);
		}
		expect(asked.length).toBe(2);
		await answer({ hits: [hit('note', 'old')] });
		expect(asked.map(({ words }) => words)).toEqual(['', 'riv', 'river']);
		await answer({ hits: [hit('note', 'new')] });
		expect(finder.found?.hits.map(({ key }) => key)).toEqual(['new']);
	});

	test('asks again when more is ready or something changed, and of nothing else', async () => {
		const { finder, asked, answer, hear } = scene();
		finder.start();
		await answer({ pending: 3 });
		hear({ notice: 'lists', circle: 'c1', what: ['search'] });
		await answer({});
		hear({ notice: 'lists', circle: 'c1', what: ['threads', 'journal'] });
		await answer({});
		hear({ notice: 'lists', circle: 'c2', what: ['threads'] });
		hear({ notice: 'lists', circle: 'c1', what: ['people'] });
		expect(asked.length).toBe(3);
	});

	test('shows older ones, and begins anew with another word', async () => {
		const { finder, asked, answer } = scene();
		finder.start();
		await answer({});
		finder.typed = 'a';
		void finder.older();
		await answer({});
		finder.typed = 'b'.repeat(TYPED_MAX + 9);
		finder.type();
		await vi.advanceTimersByTimeAsync(200);
		expect(asked.slice(1)).toEqual([
			{ words: 'a', limit: 100 },
			{ words: 'b'.repeat(TYPED_MAX), limit: 50 },
		]);
	});

	test('keeps nothing once it is left, whatever comes later', async () => {
		const { finder, asked, answer } = scene();
		const leave = finder.start();
		await answer({});
		finder.typed = 'river';
		finder.type();
		leave();
		await vi.advanceTimersByTimeAsync(500);
		await answer({ hits: [hit('note', 'late')] });
		expect([finder.typed, finder.found, asked.length]).toEqual(['', null, 1]);
	});
});

test('hits stand by kind, in their order', () => {
	const groups = byKind([
		hit('plan', 'p'),
		hit('message', 'm1'),
		hit('story', 's'),
		hit('note', 'n'),
		hit('message', 'm2'),
	]);
	expect(groups.map(({ kind, hits }) => [kind, hits.map(({ key }) => key)])).toEqual([
		['message', ['m1', 'm2']],
		['note', ['n']],
		['story', ['s']],
		['plan', ['p']],
	]);
});

test('an excerpt is all of its pieces', () => {
	const found = [
		{ from: 0, to: 2 },
		{ from: 4, to: 6 },
	];
	expect(pieces('abcdefg', found)).toEqual([
		{ text: 'ab', is: true },
		{ text: 'cd', is: false },
		{ text: 'ef', is: true },
		{ text: 'g', is: false },
	]);
	expect(pieces('', [])).toEqual([]);
});

test('what is aimed at is taken once', () => {
	aimAt('k');
	expect([takeAim(), takeAim()]).toEqual(['k', null]);
});
