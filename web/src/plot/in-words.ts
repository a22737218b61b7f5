/** What a plot shows, said: for whoever does not see it, and for whoever does not read plots. */
import type { DayNumber } from '$bridge';
import { selfWords } from '../words';
import { dayOfMonth, today } from '../words/dates';
import { number } from '../words/say';
import { WEEK_DAYS, type Point, type Range } from './points';
import { trendOf, type Trend } from './trend';

/** A range of so many steps has a value that most days have; a longer one has a lowest and a highest. */
const STEPS_FEW = 10;

/** What the plot is of. */
export interface Shown {
	/** "Mood". */
	title: string;
	range: Range;
	/** What values are called, from the least on; without it they are said as "2 of 4". */
	names?: readonly string[];
}

/** A few short sentences; `now` is the day on which they are read. */
export function inWords(points: readonly Point[], shown: Shown, now: DayNumber = today()): string {
	const said = selfWords.plot;
	const { title, range } = shown;
	const trend = trendOf(points, range);
	const value = (one: number): string =>
		shown.names ? said.named({ name: valueSaid(one, shown) }) : valueSaid(one, shown);
	if (!trend) return said.nothing({ title });
	const { days, last, change } = trend;
	if (days === 1) return said.once({ title, value: value(last.value), day: dayOfMonth(last.day, now) });
	return [spanSaid(title, trend, now), ...sentences(trend, value, now, range), change && said.change[change]]
		.filter(Boolean)
		.join(' ');
}

function sentences(
	trend: Trend,
	value: (one: number) => string,
	now: DayNumber,
	[least, most]: Range,
): (string | null)[] {
	const said = selfWords.plot;
	const { mostly, lowest, highest, lowestDay, highestDay, last } = trend;
	if (lowest === highest) return [said.always({ value: value(lowest) })];
	const few = most - least < STEPS_FEW;
	return [
		few && mostly !== null
			? said.mostly({ value: value(mostly) })
			: said.between({ low: value(lowest), high: value(highest) }),
		lowestDay === null ? null : said.lowest({ day: dayOfMonth(lowestDay, now) }),
		highestDay === null ? null : said.highest({ day: dayOfMonth(highestDay, now) }),
		few ? null : said.last({ value: value(last.value), day: dayOfMonth(last.day, now) }),
	];
}

/** "2 of 4", or what the value is called. */
export function valueSaid(value: number, { range: [least, most], names }: Shown): string {
	const whole = Math.round(value);
	return names?.[whole - least] ?? selfWords.plot.of({ value: number(whole), most: number(most) });
}

/** "Mood, the last 4 weeks." while they reach to now, else the days themselves. */
function spanSaid(title: string, { first, last }: Trend, now: DayNumber): string {
	const said = selfWords.plot;
	if (last.day > now || now - last.day >= WEEK_DAYS)
		return said.fromTo({ title, from: dayOfMonth(first, now), to: dayOfMonth(last.day, now) });
	return said.weeks({ title, count: Math.max(1, Math.ceil((now - first + 1) / WEEK_DAYS)) });
}
