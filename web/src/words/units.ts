/** Sizes and spans of time, in the person's language. */
import { words } from '.';
import { locale } from './locale';

const SPANS: [ms: number, unit: string][] = [
	[365 * 86_400_000, 'year'],
	[86_400_000, 'day'],
	[3_600_000, 'hour'],
];
const MINUTE_MS = 60_000;
/** So long is a wait told in seconds. */
const SECONDS_MAX = 90;

function unit(amount: number, unit: string, unitDisplay: 'short' | 'long'): string {
	return amount.toLocaleString(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 });
}

/** "12 kB", "1.5 MB". */
export function sizeSaid(bytes: number): string {
	if (bytes < 1000) return words.common.little({ size: unit(1, 'kilobyte', 'short') });
	const large = bytes >= 1e6;
	return unit(large ? bytes / 1e6 : Math.round(bytes / 1000), large ? 'megabyte' : 'kilobyte', 'short');
}

/** "2 years", "3 hours": about how long. */
export function spanSaid(ms: number): string {
	const [length, name] = SPANS.find(([length]) => ms >= length) ?? [MINUTE_MS, 'minute'];
	return unit(Math.max(1, Math.round(ms / length)), name, 'long');
}

/** "40 seconds", "12 minutes": never less than it is. */
export function waitSaid(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < SECONDS_MAX
		? unit(seconds, 'second', 'long')
		: unit(Math.ceil(seconds / 60), 'minute', 'long');
}
