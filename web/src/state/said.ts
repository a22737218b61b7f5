/** What is said of a problem: one thing, once. */
import type { KithProblem } from '$bridge';
import { words } from '../words';

/** What is said of a problem: its cause, and what to do about it where that is not said already. */
export interface Told {
	said: string;
	advice: string;
}

let cases: (problem: KithProblem) => Told | null = () => null;

/** What comes with the rooms says more of problems: of each case its own sentence. */
export function learnCases(more: typeof cases): void {
	cases = more;
}

/** What went wrong, and what to do about it. */
export function saidOf(problem: KithProblem): Told {
	const { code, why } = problem;
	const hindered: Partial<Record<string, Told>> = words.hindered;
	const of = (why && hindered[why]) || cases(problem);
	if (of) return of;
	const problems: Partial<Record<string, string>> = words.problems;
	const advice: Partial<Record<string, string>> = words.advice;
	return { said: problems[code] ?? words.common.unsaid, advice: advice[code] ?? '' };
}
