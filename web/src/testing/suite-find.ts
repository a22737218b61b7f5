/** What is asked of both engines about looking for words. */
import type { Found } from '../bridge/contract';
import { same } from './same';
import type { Part } from './suite';

const TRIES = 50;

/** A part for the command. */
export const findParts: { readonly [C in 'search' | 'news']: Part } = {
	async news(at) {
		const news = await at.must<'news'>({ cmd: 'news', circle: at.circle });
		const { me } = await at.must<'circle'>({ cmd: 'circle', circle: at.circle });
		same(
			news.filter(({ member }) => member === me.member),
			[],
			'news',
		);
	},
	async search(at) {
		const { circle } = at;
		const thread = await at.thread('Found');
		const search = { cmd: 'search', circle, words: 'PAPAYA evening', limit: 5 } as const;
		await at.refused<'search'>({ ...search, words: 'a'.repeat(4_097) }, 'too-long');
		const { short, hits } = await at.must<'search'>({ ...search, words: ' …' });
		same([short, hits], [true, []], 'search');
		const text = 'An Évening of papayas.';
		const { key, sentMs } = await at.must<'send'>({ cmd: 'send', circle, thread, text, replyTo: null });
		let found: Found = await at.must<'search'>(search);
		for (let tries = 0; found.pending > 0 && tries < TRIES; tries++) found = await at.must<'search'>(search);
		same([found.more, found.short, found.pending], [false, false, 0], 'search');
		const [hit] = found.hits;
		same([hit?.kind, hit?.key, hit?.thread, hit?.mine], ['message', key, thread, true], 'search');
		same([hit?.excerpt, hit?.atMs, hit?.day], [text, sentMs, null], 'search');
		const ranges = [
			{ from: 3, to: 10 },
			{ from: 14, to: 20 },
		];
		same(hit?.found, ranges, 'search');
		await at.must<'takeBack'>({ cmd: 'takeBack', circle, thread, key });
		found = await at.must<'search'>(search);
		same(found.hits, [], 'search');
	},
};
