/** Where a plot's line runs, in units of its own: the style makes it as wide and as high as there is room. */
import type { DayNumber } from '$bridge';
import { GAP_DAYS_MAX, type DayValue, type Range } from './points';

export const WIDTH = 1000;
export const HEIGHT = 200;
/** So many days are each a dot; more run together. */
export const DOTS_MAX = 60;

/** Lines and dots, as paths. */
export interface Drawing {
	line: string;
	/** Each is a line of no length, which a round end makes a dot, however the drawing is stretched. */
	dots: string;
}

/** The days that are drawn. */
export interface Span {
	first: DayNumber;
	last: DayNumber;
}

/** Draws values of days, first to last across, least to most up. A pause ends a line, and so do days out of the span. */
export function draw(values: readonly DayValue[], { first, last }: Span, range: Range): Drawing {
	const shown = values.filter(({ day }) => day >= first && day <= last);
	const x = (day: DayNumber): number =>
		last > first ? round(((day - first) / (last - first)) * WIDTH) : WIDTH / 2;
	const at = ({ day, value }: DayValue): string => `${x(day)} ${heightOf(value, range)}`;
	const line = shown.map((one, place) => {
		const before = shown[place - 1];
		return `${before && one.day - before.day <= GAP_DAYS_MAX ? 'L' : 'M'}${at(one)}`;
	});
	const alone = (place: number): boolean =>
		line[place]?.startsWith('M') === true && line[place + 1]?.startsWith('L') !== true;
	const dots = shown.filter((_, place) => shown.length <= DOTS_MAX || alone(place));
	return { line: line.join(''), dots: dots.map((one) => `M${at(one)}h0`).join('') };
}

/** How far down a value stands. */
export function heightOf(value: number, [least, most]: Range): number {
	return most > least ? round(HEIGHT * (1 - (value - least) / (most - least))) : HEIGHT / 2;
}

const round = (value: number): number => Math.round(value * 10) / 10;
