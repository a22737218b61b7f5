/** What is asked of both engines about commitments. */
import type { Command } from '../bridge/contract';
import { isOnItsWay, same } from './same';
import type { At, Part } from './suite';

type Name =
	'commitments' | 'addCommitment' | 'answerCommitment' | 'addAttempt' | 'endCommitment' | 'takeBackKept';

const SINCE = 20_000;

const taking = (circle: string, words: string): Extract<Command, { cmd: 'addCommitment' }> => ({
	cmd: 'addCommitment',
	circle,
	with: null,
	since: SINCE,
	days: 0,
	due: null,
	from: '',
	words,
});

async function takesOn(at: At, words: string): Promise<string> {
	return (await at.must<'addCommitment'>(taking(at.circle, words))).key;
}

/** A part for each command. */
export const keepParts: { readonly [C in Name]: Part } = {
	async commitments(at) {
		const { circle } = at;
		const [first, second] = [await takesOn(at, 'Kept first'), await takesOn(at, 'Kept second')];
		const { commitments, lacking } = await at.must<'commitments'>({ cmd: 'commitments', circle });
		const keys = commitments.map(({ key }) => key);
		same([keys.includes(first), keys.includes(second), lacking], [true, true, 0], 'commitments');
	},
	async addCommitment(at) {
		const { circle } = at;
		const add = taking(circle, ' Walk ');
		await at.refused<'addCommitment'>({ ...add, words: ' ' }, 'empty');
		await at.refused<'addCommitment'>({ ...add, words: 'x'.repeat(301) }, 'too-long');
		await at.refused<'addCommitment'>({ ...add, days: 128 }, 'bad-input');
		await at.refused<'addCommitment'>({ ...add, days: 1, due: SINCE }, 'bad-input');
		await at.refused<'addCommitment'>({ ...add, due: SINCE - 1 }, 'bad-input');
		await at.refused<'addCommitment'>({ ...add, from: 'a b' }, 'bad-input');
		await at.refused<'addCommitment'>({ ...add, since: 80_000 }, 'bad-input', 'day-to-come');
		await at.refused<'addCommitment'>({ ...add, since: 1 }, 'bad-input', 'day');
		await at.refused<'addCommitment'>({ ...add, with: 'ab'.repeat(16) }, 'not-allowed', 'other-is-out');
		const made = await at.must<'addCommitment'>({ ...add, days: 127, from: 'ab/1' });
		const { words, days, due, from, mine, ends, answer, closed, safety } = made;
		const wanted = ['Walk', 127, null, 'ab/1', true, [], null, false, null, true];
		same(
			[words, days, due, from, mine, ends, answer, closed, made.with, isOnItsWay(safety)],
			wanted,
			'addCommitment',
		);
	},
	async answerCommitment(at) {
		const { circle } = at;
		const answer = { cmd: 'answerCommitment', circle, accepted: true } as const;
		await at.refused<'answerCommitment'>({ ...answer, key: 'nothing' }, 'unknown-document');
		await at.refused<'answerCommitment'>({ ...answer, key: await takesOn(at, 'My own') }, 'not-allowed');
	},
	async addAttempt(at) {
		const { circle } = at;
		const key = await takesOn(at, 'Tried');
		const add = {
			cmd: 'addAttempt',
			circle,
			key,
			day: SINCE + 1,
			outcome: 'tried',
			note: ' Half. ',
		} as const;
		await at.refused<'addAttempt'>({ ...add, key: 'nothing' }, 'unknown-document');
		await at.refused<'addAttempt'>({ ...add, day: SINCE - 1 }, 'bad-input', 'day-before');
		await at.refused<'addAttempt'>({ ...add, day: 80_000 }, 'bad-input', 'day-to-come');
		await at.refused<'addAttempt'>({ ...add, day: 1 }, 'bad-input', 'day');
		await at.refused<'addAttempt'>({ ...add, note: 'x'.repeat(1_001) }, 'too-long');
		const { commitment, day, outcome, note, said } = await at.must<'addAttempt'>(add);
		same([commitment, day, outcome, note, said.mine], [key, SINCE + 1, 'tried', 'Half.', true], 'addAttempt');
		await at.must<'addAttempt'>({ ...add, outcome: 'notThisTime', day: SINCE + 2 });
		const { attempts } = await at.must<'commitments'>({ cmd: 'commitments', circle });
		const of = attempts.filter((one) => one.commitment === key).map((one) => one.outcome);
		same(of, ['notThisTime', 'tried'], 'addAttempt');
	},
	async endCommitment(at) {
		const { circle } = at;
		const key = await takesOn(at, 'Ended');
		await at.refused<'endCommitment'>({ cmd: 'endCommitment', circle, key: 'nothing' }, 'unknown-document');
		for (let times = 0; times < 2; times++)
			same(await at.must<'endCommitment'>({ cmd: 'endCommitment', circle, key }), null, 'endCommitment');
		const { commitments } = await at.must<'commitments'>({ cmd: 'commitments', circle });
		same(
			commitments.find((one) => one.key === key)?.ends.map(({ mine }) => mine),
			[true],
			'endCommitment',
		);
	},
	async takeBackKept(at) {
		const { circle } = at;
		const key = await takesOn(at, 'Taken back');
		const tried = await at.must<'addAttempt'>({
			cmd: 'addAttempt',
			circle,
			key,
			day: SINCE,
			outcome: 'done',
			note: '',
		});
		const takeBack = { cmd: 'takeBackKept', circle } as const;
		await at.refused<'takeBackKept'>({ ...takeBack, key: 'nothing' }, 'unknown-document');
		same(await at.must<'takeBackKept'>({ ...takeBack, key: tried.said.key }), null, 'takeBackKept');
		same(await at.must<'takeBackKept'>({ ...takeBack, key }), null, 'takeBackKept');
		const { commitments, attempts } = await at.must<'commitments'>({ cmd: 'commitments', circle });
		const left = [commitments.some((one) => one.key === key), attempts.some((one) => one.commitment === key)];
		same(left, [false, false], 'takeBackKept');
	},
};
