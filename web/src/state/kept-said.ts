/** What is said of commitments: whom one is for, what is there to do today, and what waits. Nothing is counted. */
import type {
	Attempt,
	CircleId,
	Commitments,
	DayNumber,
	DocumentId,
	ItemId,
	KeptCommitment,
	MemberId,
} from '$bridge';

/** In an address in the place of a commitment: a new one. */
export const NEW = 'new';
const FROM = 'from.';

/** In an address: a new one, of what was said in a session. */
export function fromNote(document: DocumentId, item: ItemId): string {
	return `${FROM}${document}.${item}`;
}

/** What of a session an address names; null when it names none. */
export function noteOf(item: string): { document: DocumentId; item: ItemId } | null {
	const [head, document, of, ...more] = item.split('.');
	if (`${head}.` !== FROM || !document || !of || more.length > 0) return null;
	return { document, item: of };
}

/** How one stands to it: one's own, waiting for the other's word or for one's own, both, or the other would rather not. */
export type Stand = 'alone' | 'asked' | 'asks' | 'both' | 'declined';

export function standOf({ with: other, mine, answer }: KeptCommitment): Stand {
	if (other === null) return 'alone';
	if (answer === null) return mine ? 'asked' : 'asks';
	return answer.accepted ? 'both' : 'declined';
}

/** Whether it goes on, and is this phone's person's to do. */
export function isToDo(one: KeptCommitment): boolean {
	return one.ends.length === 0 && !one.closed && (one.mine || one.answer?.accepted === true);
}

/** The place of a day in its week: 0 is Monday. 1 January 1970 was a Thursday. */
export function weekday(day: DayNumber): number {
	return (day + 3) % 7;
}

/** A day that was chosen is spoken of for so many days; then it is let be. */
const SPOKEN_OF = 7;

/** Whether a day is one that was chosen for it, and nothing was noted of it yet. */
export function waitsOn(one: KeptCommitment, attempts: readonly Attempt[], day: DayNumber): boolean {
	if (!isToDo(one) || day < one.since) return false;
	const own = attempts.filter(({ commitment, said }) => commitment === one.key && said.mine);
	if (one.due !== null)
		return (
			day >= one.due && day < one.due + SPOKEN_OF && own.every((attempt) => attempt.day < (one.due ?? 0))
		);
	return ((one.days >> weekday(day)) & 1) === 1 && own.every((attempt) => attempt.day !== day);
}

/** What waits for somebody. */
export interface Waits {
	/** Others asked, and wait for a word. */
	asks: KeptCommitment[];
	/** Whose day is today. */
	today: KeptCommitment[];
	/** Partners who noted or answered something that was not looked at here, each by one of what they share. */
	news: KeptCommitment[];
}

/** How much of each partner's was there, by commitment. */
export type Seen = Readonly<Record<string, number>>;

/** How much others said of each commitment that is with somebody. */
export function seenOf({ commitments, attempts }: Commitments): Seen {
	const theirs = (one: KeptCommitment): number =>
		attempts.filter(({ commitment, said }) => commitment === one.key && !said.mine).length +
		Number(one.mine && one.answer !== null) +
		one.ends.filter(({ mine }) => !mine).length;
	const shared = commitments.filter((one) => one.with !== null);
	return Object.fromEntries(shared.map((one) => [one.key, theirs(one)]));
}

/** What waits on a day, of what was seen so far. */
export function waitingOf(all: Commitments, day: DayNumber, seen: Seen): Waits {
	const there = seenOf(all);
	const going = all.commitments.filter(({ closed }) => !closed);
	return {
		asks: going.filter((one) => standOf(one) === 'asks' && one.ends.length === 0),
		today: going.filter((one) => waitsOn(one, all.attempts, day)),
		news: going.filter(({ key }) => (there[key] ?? 0) > (seen[key] ?? 0)),
	};
}

/** Where it is kept what was seen, sealed, on this phone alone. */
export function seenKey(circle: CircleId): string {
	return `${circle}.kept.seen`;
}

/** Where it is kept that nothing more is to be said today. */
export function laterKey(circle: CircleId): string {
	return `${circle}.kept.later`;
}

/** What was seen, as it was kept; nothing of what can't be read. */
export function readSeen(kept: string): Seen {
	try {
		const read: unknown = JSON.parse(kept);
		if (typeof read !== 'object' || read === null) return {};
		return Object.fromEntries(Object.entries(read).filter((one) => typeof one[1] === 'number')) as Seen;
	} catch {
		return {};
	}
}

/** A day, and what was noted of it. */
export interface NotedDay {
	day: DayNumber;
	attempts: Attempt[];
}

/** Attempts by day, as they come: the newest first. */
export function attemptsByDay(attempts: readonly Attempt[]): NotedDay[] {
	const days: NotedDay[] = [];
	for (const one of attempts) {
		const last = days.at(-1);
		if (last?.day === one.day) last.attempts.push(one);
		else days.push({ day: one.day, attempts: [one] });
	}
	return days;
}

/** Names of those with whom something is, by their ids. */
export function partnersOf(commitments: readonly KeptCommitment[]): Readonly<Record<MemberId, string>> {
	const shared = commitments.flatMap((one) => (one.with === null ? [] : [[one.with, one.withName] as const]));
	return Object.fromEntries(shared);
}
