/** What is said of each case of a problem that the engine tells apart; it comes with the words of the rooms. */
import { roomWords, words } from '../words';
import type { KithProblem } from '$bridge';
import { learnCases, type Told } from './said';

/** A sentence, or one of several by how many. */
type Saying = string | ((values: { count: number }) => string);
type Sayings = Readonly<Partial<Record<string, Saying>>>;

/** Has each case told by its own sentence; the words of the rooms must be here. */
export function tellCases(): void {
	learnCases(toldOf);
}

function toldOf({ code, why, count }: KithProblem): Told | null {
	const pick = (of: Sayings, key: string): string | undefined => {
		const saying = of[key];
		return typeof saying === 'function' ? saying({ count: count ?? 0 }) : saying;
	};
	const own = why ? (pick(roomWords.whys, why) ?? pick(roomWords.rules, why)) : undefined;
	if (own !== undefined) return { said: own, advice: '' };
	const said = (count ? pick(roomWords.counted, code) : undefined) ?? pick(roomWords.problems, code);
	const advice = pick(roomWords.advice, code) ?? pick(words.advice, code) ?? '';
	return said === undefined ? null : { said, advice };
}
