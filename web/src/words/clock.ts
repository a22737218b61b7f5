/** What is said of a clock that is wrong, in English. */

const UNITS: [ms: number, one: string, more: string][] = [
	[365 * 86_400_000, 'year', 'years'],
	[86_400_000, 'day', 'days'],
	[3_600_000, 'hour', 'hours'],
	[60_000, 'minute', 'minutes'],
];

/** "2 years", "3 hours": about how long. */
export function span(ms: number): string {
	const [unit, one, more] = UNITS.find(([unit]) => ms >= unit) ?? [60_000, 'minute', 'minutes'];
	const count = Math.max(1, Math.round(ms / unit));
	return `${count} ${count === 1 ? one : more}`;
}

export const clockWords = {
	title: 'This phone’s clock is wrong',
	/** `offsetMs` is what must be added to it. */
	off: (offsetMs: number): string =>
		`It is about ${span(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead'}. What you write here gets the right date all the same, and nothing is lost.`,
	how: 'To set it, open your phone’s settings, find “Date and time”, and turn on the automatic time.',
	done: 'All right',
};
