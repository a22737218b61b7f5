/** When a story is over whose author chose a last day. */
import type { DayNumber } from '$bridge';
import { dayOf } from '../words/dates';

const DAY_MS = 86_400_000;

/** The moment at which a day is over where this phone is, in milliseconds since 1970. */
export function endOf(day: DayNumber): number {
	const utc = new Date(day * DAY_MS);
	return new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate() + 1).getTime();
}

/** The last day that a story is shown, of the moment from when on it is not. */
export function lastDay(endsMs: number): DayNumber {
	return dayOf(endsMs - 1);
}
