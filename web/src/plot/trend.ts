/** What can be said of values over days: facts of one person alone, held against their own days and nobody else's. */
import type { DayNumber } from '$bridge';
import { byDay, mean, WEEK_DAYS, type DayValue, type Point, type Range } from './points';

/** Below this part of the range a change is none. */
const CHANGE_MIN = 0.1;
/** So many days each side of a comparison needs. */
const COMPARED_DAYS_MIN = 2;

/** How the last week compares with the days before it. */
export type Change = 'higher' | 'lower' | 'same';

/** What is said. */
export interface Trend {
	/** The days that have a value. */
	days: number;
	first: DayNumber;
	last: DayValue;
	/** The whole value that most days had; null where none stands out. */
	mostly: number | null;
	lowest: number;
	highest: number;
	/** The day of the lowest value, when it was one only. */
	lowestDay: DayNumber | null;
	highestDay: DayNumber | null;
	/** Null where there is too little to tell. */
	change: Change | null;
}

/** Null where nothing was noted. */
export function trendOf(points: readonly Point[], range: Range): Trend | null {
	const values = byDay(points, range);
	const [first, last] = [values[0], values.at(-1)];
	if (!first || !last) return null;
	const all = values.map(({ value }) => value);
	const [lowest, highest] = [Math.min(...all), Math.max(...all)];
	return {
		days: values.length,
		first: first.day,
		last,
		mostly: mostlyOf(all),
		lowest,
		highest,
		lowestDay: onlyDay(values, lowest),
		highestDay: onlyDay(values, highest),
		change: changeOf(values, last.day, range),
	};
}

/** The whole value of more than half of the days. */
function mostlyOf(all: readonly number[]): number | null {
	const counts = new Map<number, number>();
	for (const value of all.map(Math.round)) counts.set(value, (counts.get(value) ?? 0) + 1);
	return [...counts].find(([, count]) => count * 2 > all.length)?.[0] ?? null;
}

function onlyDay(values: readonly DayValue[], value: number): DayNumber | null {
	const days = values.filter((one) => one.value === value);
	return days.length === 1 ? (days[0]?.day ?? null) : null;
}

function changeOf(values: readonly DayValue[], last: DayNumber, [least, most]: Range): Change | null {
	const split = values.findIndex(({ day }) => day > last - WEEK_DAYS);
	const [before, after] = [values.slice(0, split), values.slice(split)].map((side) =>
		side.map(({ value }) => value),
	);
	if (!before || !after || before.length < COMPARED_DAYS_MIN || after.length < COMPARED_DAYS_MIN) return null;
	const change = (mean(after) - mean(before)) / (most - least);
	if (Math.abs(change) < CHANGE_MIN) return 'same';
	return change > 0 ? 'higher' : 'lower';
}
