/** Values over days, made ready to be drawn and to be said. */
import type { DayNumber } from '$bridge';

/** A value of a day; null: that day something was noted, and not this. */
export interface Point {
	day: DayNumber;
	value: number | null;
}

/** The least and the most that a value can be. */
export type Range = readonly [least: number, most: number];

/** A day that something was noted on. */
export interface DayValue {
	day: DayNumber;
	value: number;
}

export const WEEK_DAYS = 7;
/** More days than these are drawn week by week: on a small phone single days are no line any more. */
export const DAYS_DRAWN_MAX = 120;

/** A line is drawn from day to day as long as no more days than these lie between. */
export const GAP_DAYS_MAX = 10;

/** One value for each day that has any, in order: their mean where there are several. Values out of range are left out. */
export function byDay(points: readonly Point[], [least, most]: Range): DayValue[] {
	const days = new Map<DayNumber, number[]>();
	for (const { day, value } of points) {
		if (value === null || !(value >= least && value <= most) || !Number.isInteger(day)) continue;
		const there = days.get(day);
		if (there) there.push(value);
		else days.set(day, [value]);
	}
	return [...days].map(([day, values]) => ({ day, value: mean(values) })).sort((a, b) => a.day - b.day);
}

/** One value for each week that has any, on its middle day: their mean. */
export function byWeek(values: readonly DayValue[]): DayValue[] {
	const weeks = new Map<number, number[]>();
	for (const { day, value } of values) {
		const week = Math.floor(day / WEEK_DAYS);
		const there = weeks.get(week);
		if (there) there.push(value);
		else weeks.set(week, [value]);
	}
	return [...weeks].map(([week, all]) => ({ day: week * WEEK_DAYS + 3, value: mean(all) }));
}

/** The mean of at least one value. */
export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
