/** What is asked of both engines about leaving, and about what one takes along. */
import { same } from './same';
import type { Part } from './suite';

type Name = 'leaving' | 'leave' | 'stay' | 'record';

/** A part for each command; whoever is asked is the only one who leads, so that nobody goes. */
export const leavingParts: { readonly [C in Name]: Part } = {
	async leaving(at) {
		const { stage } = await at.must<'leaving'>({ cmd: 'leaving', circle: at.circle });
		same(stage, 'not', 'leaving');
		await at.refused<'leaving'>({ cmd: 'leaving', circle: 'f'.repeat(32) }, 'unknown-circle');
	},
	async leave(at) {
		await at.refused<'leave'>(
			{ cmd: 'leave', circle: 'f'.repeat(32), erase: false, anyway: false },
			'unknown-circle',
		);
	},
	async stay(at) {
		const { stage } = await at.must<'stay'>({ cmd: 'stay', circle: at.circle });
		same(stage, 'not', 'stay');
	},
	async record(at) {
		const { circle } = at;
		let document: string | null = null;
		const seen = new Set<string>();
		do {
			const page: { next: string | null; closed: boolean } = await at.must<'record'>({
				cmd: 'record',
				circle,
				document,
			});
			same([page.closed, page.next !== null && seen.has(page.next)], [false, false], 'record');
			document = page.next;
			if (document !== null) seen.add(document);
		} while (document !== null);
	},
};
