/** What the stand-in refuses before anything is done, and what it warns of. */
import type { CircleWarning, Command, KithProblem, People, ProblemWhy } from '../bridge/contract';
import { isBlank, problem } from './fake-edit';
import { CIRCLE, SECOND_CIRCLE } from './sample';

/** What is wrong with a command; null: nothing. */
export function wrongIn(command: Command): KithProblem | null {
	for (const field of ['name', 'circleName', 'title', 'text'] as const) {
		const text = (command as Partial<Record<typeof field, string>>)[field];
		const may = command.cmd === 'createNote' || command.cmd === 'writeDraft';
		const mayToo = command.cmd === 'addStrategy' && field === 'text';
		// An empty text takes a line or a role away.
		const takes = command.cmd === 'setAgreementLine' || command.cmd === 'setRole';
		if (text !== undefined && isBlank(text) && !may && !mayToo && !takes) return problem('empty');
	}
	if (command.cmd === 'qrGrant' && !command.qr.startsWith('KITHASK')) return problem('code-invalid');
	if (!('circle' in command) || [CIRCLE, SECOND_CIRCLE].includes(command.circle)) return null;
	return problem('unknown-circle');
}

/** The two histories that a server told, where that is what the engine warns of. */
export function forkOf(warning: CircleWarning | null): People['fork'] {
	const timeMs = Date.now() - 7_200_000;
	const theirs = { position: 43, timeMs: timeMs + 600_000 };
	return warning === 'fork' ? { sinceMs: timeMs, ours: { position: 41, timeMs }, theirs } : null;
}

/** What the circle's rules do not take, when nobody in it is meant. */
export function nobodyIn(
	{ people }: People,
	member: string,
	why: ProblemWhy = 'unknown-target',
): KithProblem | null {
	return people.some((one) => one.member === member) ? null : problem('not-allowed', why);
}
