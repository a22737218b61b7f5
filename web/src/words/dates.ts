/** Days and times as people say them, through `Intl` in the person's own region. */
import type { DayNumber } from '$bridge';
import { words } from '.';
import { locale } from './locale';
import { now as clockNow } from './now.svelte';

const DAY_MS = 86_400_000;

/** The first and the last day that a session or a due date may fall on, as in the core: the years 2000 to 2199. */
export const FIRST_DAY: DayNumber = 10_957;
export const LAST_DAY: DayNumber = 84_005;
export const YEAR_FIRST = 2000;
export const YEAR_LAST = 2199;
/** The last moment that is shown. */
const LAST_MS = (LAST_DAY + 1) * DAY_MS - 1;

/** A moment that can be drawn: itself, or the nearest one; a `Date` of any other throws. */
const drawn = (ms: number): number => (ms >= 0 ? Math.min(ms, LAST_MS) : 0);

// Whoever shows a day shows another after midnight.
clockNow.watch();
globalThis.document?.addEventListener('visibilitychange', () => clockNow.watch());

/** Of the one calendar that the phone's own date fields have: a region may write another by itself. */
const made = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions, date: number): string {
	const key = JSON.stringify(options);
	let formatter = made.get(key);
	if (!formatter)
		made.set(key, (formatter = new Intl.DateTimeFormat(locale, { calendar: 'gregory', ...options })));
	return formatter.format(drawn(date));
}

/** The calendar day that a moment falls on where this phone is. */
export function dayOf(ms: number): DayNumber {
	const date = new Date(drawn(ms));
	return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** Today where this phone is. */
export function today(): DayNumber {
	return dayOf(clockNow.ms);
}

/** The Monday of a day's week. */
export function weekStart(day: DayNumber): DayNumber {
	return day - ((((day + 3) % 7) + 7) % 7);
}

/** "Tuesday, 4 March", with the year when it is another. */
export function longDay(day: DayNumber, now: DayNumber = today()): string {
	const year = sameYear(day, now) ? {} : ({ year: 'numeric' } as const);
	return format({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC', ...year }, day * DAY_MS);
}

/** "2025", of a day. */
export function yearSaid(day: DayNumber): string {
	return format({ year: 'numeric', timeZone: 'UTC' }, day * DAY_MS);
}

/** "4 March 2025". */
export function dayAndYear(day: DayNumber): string {
	return format({ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }, day * DAY_MS);
}

/** "4 March", with the year when it is another. */
export function dayOfMonth(day: DayNumber, now: DayNumber = today()): string {
	const year = sameYear(day, now) ? {} : ({ year: 'numeric' } as const);
	return format({ day: 'numeric', month: 'long', timeZone: 'UTC', ...year }, day * DAY_MS);
}

/** "Tue 4 Mar". */
export function shortDay(day: DayNumber): string {
	return format({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }, day * DAY_MS);
}

/** "Tuesday" or, short, "Tue". */
export function dayOfWeek(day: DayNumber, weekday: 'long' | 'short' = 'short'): string {
	return format({ weekday, timeZone: 'UTC' }, day * DAY_MS);
}

/** "March 2025". */
export function monthName(day: DayNumber): string {
	return format({ month: 'long', year: 'numeric', timeZone: 'UTC' }, day * DAY_MS);
}

/** A key that days of one month share. */
export function monthKey(day: DayNumber): string {
	return isoDay(day).slice(0, 7);
}

/** "Today", "Yesterday" or the long day. */
export function namedDay(day: DayNumber, now: DayNumber = today()): string {
	if (day === now) return words.common.today;
	return day === now - 1 ? words.common.yesterday : longDay(day, now);
}

/** "14:05". */
export function clock(ms: number): string {
	return format({ hour: 'numeric', minute: '2-digit' }, ms);
}

/** "Today, 14:05". */
export function moment(ms: number): string {
	return words.common.moment({ day: namedDay(dayOf(ms)), time: clock(ms) });
}

/** The time when it is today, else the short day: for lists. */
export function brief(ms: number): string {
	const day = dayOf(ms);
	if (day === today()) return clock(ms);
	return day === today() - 1 ? words.common.yesterday : shortDay(day);
}

/** "Ana, Ben and Chidi". */
export function list(names: readonly string[]): string {
	return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

/** A moment as machines read it. */
export function isoTime(ms: number): string {
	return new Date(drawn(ms)).toISOString();
}

/** The value that a date field takes for a day. */
export function isoDay(day: DayNumber): string {
	return new Date(drawn(day * DAY_MS)).toISOString().slice(0, 10);
}

/** The day that a date field holds; null when it is empty, not a day, or not one that may be written. */
export function parseDay(iso: string): DayNumber | null {
	const ms = Date.parse(`${iso}T00:00:00Z`);
	const day = ms / DAY_MS;
	return day >= FIRST_DAY && day <= LAST_DAY ? day : null;
}

function sameYear(a: DayNumber, b: DayNumber): boolean {
	return isoDay(a).slice(0, 4) === isoDay(b).slice(0, 4);
}
