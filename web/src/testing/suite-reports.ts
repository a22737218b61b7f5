/** What every engine does about reports, of one who leads: the others are asked on several phones. */
import type { Command } from '../bridge/contract';
import { same } from './same';
import type { At, Part } from './suite';

type Name = 'reports' | 'reportWay' | 'report' | 'takeBackReport' | 'handleReport';

/** The key of one's own words. */
async function own(at: At, title: string): Promise<string> {
	const { circle } = at;
	const thread = await at.thread(title);
	return (await at.must<'send'>({ cmd: 'send', circle, thread, text: 'Hello', replyTo: null })).key;
}

/** Each of the commands, of a circle. */
export function reportsIn(circle: string): Command[] {
	return [
		{ cmd: 'reports', circle },
		{ cmd: 'reportWay', circle, key: 'k' },
		{ cmd: 'report', circle, key: 'k', to: [], words: '' },
		{ cmd: 'takeBackReport', circle, key: 'k' },
		{ cmd: 'handleReport', circle, key: 'k', on: true },
	];
}

/** A part for each command. */
export const reportParts: { readonly [C in Name]: Part } = {
	async reports(at) {
		same(await at.must<'reports'>({ cmd: 'reports', circle: at.circle }), [], 'reports');
	},
	async reportWay(at) {
		const { circle } = at;
		await at.refused<'reportWay'>({ cmd: 'reportWay', circle, key: 'nothing' }, 'unknown-document');
		await at.refused<'reportWay'>({ cmd: 'reportWay', circle, key: await own(at, 'Way') }, 'not-allowed');
	},
	async report(at) {
		const { circle } = at;
		await at.refused<'report'>(
			{ cmd: 'report', circle, key: 'nothing', to: [], words: '' },
			'unknown-document',
		);
		const key = await own(at, 'Report');
		await at.refused<'report'>({ cmd: 'report', circle, key, to: [], words: '' }, 'not-allowed');
	},
	async takeBackReport(at) {
		const { circle } = at;
		await at.refused<'takeBackReport'>({ cmd: 'takeBackReport', circle, key: 'nothing' }, 'unknown-document');
	},
	async handleReport(at) {
		const { circle } = at;
		await at.refused<'handleReport'>(
			{ cmd: 'handleReport', circle, key: 'nothing', on: true },
			'unknown-document',
		);
	},
};
