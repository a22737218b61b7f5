/** When something is to be done, in words. */
import type { KeptCommitment } from '$bridge';
import { keepWords } from '../words';
import { dayOfWeek, list, longDay, namedDay, today } from '../words/dates';
import { weekday } from './kept-said';

const WEEK = 127;

/** "Every day", "On Monday and Friday", "Tomorrow's day"; empty where nothing was chosen. */
export function rhythmOf({ days, due }: Pick<KeptCommitment, 'days' | 'due'>): string {
	if (due !== null) return keepWords.card.once({ day: due > today() ? longDay(due) : namedDay(due) });
	if (days === WEEK) return keepWords.card.daily;
	const monday = today() - weekday(today());
	const chosen = [0, 1, 2, 3, 4, 5, 6].filter((at) => ((days >> at) & 1) === 1);
	if (chosen.length === 0) return '';
	return keepWords.card.weekly({ days: list(chosen.map((at) => dayOfWeek(monday + at, 'long'))) });
}
