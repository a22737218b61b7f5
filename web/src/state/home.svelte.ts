/** What the circle's first screen shows: the circle, its newest sessions, its conversations. */
import type {
	Bridge,
	Circle,
	CircleId,
	DayNumber,
	DocumentId,
	NoteSummary,
	People,
	ThreadId,
	ThreadSummary,
} from '$bridge';
import { monthKey, today, weekStart } from '../words/dates';
import { lists, Resource } from './resource.svelte';

/** The lists of one circle. */
export class Home {
	readonly circle: Resource<Circle>;
	readonly notes: Resource<NoteSummary[]>;
	readonly threads: Resource<ThreadSummary[]>;
	/** For what is to be decided about people; shown by a line that leads there. */
	readonly people: Resource<People>;
	#opening = false;

	constructor(
		private readonly bridge: Bridge,
		private readonly id: CircleId,
	) {
		this.circle = new Resource(() => bridge.ask<'circle'>({ cmd: 'circle', circle: id }));
		this.notes = new Resource(() => bridge.ask<'notes'>({ cmd: 'notes', circle: id }));
		this.threads = new Resource(() => bridge.ask<'threads'>({ cmd: 'threads', circle: id }));
		this.people = new Resource(() => bridge.ask<'people'>({ cmd: 'people', circle: id }));
	}

	/** Keeps the lists fresh until the returned function is called. */
	start(): () => void {
		const { bridge, id } = this;
		const stops = [
			this.circle.start(bridge, (notice) => lists(notice, id, 'circle')),
			this.notes.start(bridge, (notice) => lists(notice, id, 'notes')),
			this.threads.start(bridge, (notice) => lists(notice, id, 'threads')),
			this.people.start(bridge, (notice) => lists(notice, id, 'people')),
		];
		return () => stops.forEach((stop) => stop());
	}

	/** Opens the session of a day, making it when it is new; null when that did not work. */
	async openSession(day: DayNumber, ordinal = 0, title = ''): Promise<DocumentId | null> {
		if (this.#opening) return null;
		this.#opening = true;
		const reply = await this.bridge.ask<'createNote'>({
			cmd: 'createNote',
			circle: this.id,
			day,
			ordinal,
			title,
		});
		this.#opening = false;
		if (reply.ok) return reply.value.document;
		this.notes.problem = reply.problem;
		return null;
	}

	/** Begins a conversation; null when that did not work. */
	async openThread(title: string): Promise<ThreadId | null> {
		if (this.#opening || title === '') return null;
		this.#opening = true;
		const reply = await this.bridge.ask<'createThread'>({ cmd: 'createThread', circle: this.id, title });
		this.#opening = false;
		if (reply.ok) return reply.value.thread;
		this.threads.problem = reply.problem;
		return null;
	}

	/** Changes this person's own name in the circle. */
	async rename(name: string): Promise<boolean> {
		const reply = await this.bridge.ask<'rename'>({ cmd: 'rename', circle: this.id, name });
		if (reply.ok) this.circle.value = reply.value;
		else this.circle.problem = reply.problem;
		return reply.ok;
	}
}

/** This week's sessions, newest first; when there is none, the last one before. */
export function shownSessions(
	notes: readonly NoteSummary[],
	now = today(),
): { week: NoteSummary[]; last: NoteSummary | null; today: NoteSummary | null } {
	const sorted = newestFirst(notes);
	const week = sorted.filter(({ day }) => weekStart(day) === weekStart(now));
	return {
		week,
		last: week.length === 0 ? (sorted.find(({ day }) => day < now) ?? null) : null,
		today: sorted.findLast(({ day }) => day === now) ?? null,
	};
}

/** Sessions, newest first. */
export function newestFirst(notes: readonly NoteSummary[]): NoteSummary[] {
	return [...notes].sort((a, b) => b.day - a.day || b.ordinal - a.ordinal);
}

/** Sessions by month, newest first. */
export function byMonth(
	notes: readonly NoteSummary[],
): { key: string; day: DayNumber; notes: NoteSummary[] }[] {
	const months: { key: string; day: DayNumber; notes: NoteSummary[] }[] = [];
	for (const note of newestFirst(notes)) {
		const key = monthKey(note.day);
		const last = months[months.length - 1];
		if (last?.key === key) last.notes.push(note);
		else months.push({ key, day: note.day, notes: [note] });
	}
	return months;
}

/** Conversations, the last written to first; a new one without words comes first of all. Not with whom one blocked. */
export function liveliestFirst(threads: readonly ThreadSummary[]): ThreadSummary[] {
	const at = (thread: ThreadSummary): number => thread.lastMs ?? Number.MAX_SAFE_INTEGER;
	return threads.filter((one) => !one.blocked).sort((a, b) => at(b) - at(a));
}
