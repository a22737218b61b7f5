/** The stand-in's journal. */
import type { Command, JournalEntry, KithProblem, ListName, OwnEntry, Replies } from '../bridge/contract';
import { isDay, problem } from './fake-edit';

type Name = 'journal' | 'addEntry' | 'removeEntry';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

const DAY_MS = 86_400_000;
const today = (): number => Math.floor(Date.now() / DAY_MS);

/** A journal in memory. `tell`: has the page ask for a list again. */
export class FakeJournal {
	entries: JournalEntry[] = [];
	#count = 0;

	constructor(private readonly tell: (what: ListName) => void) {}

	readonly answers: Answers = {
		journal: () => ({ entries: inOrder(this.entries), more: false }),
		addEntry: ({ day, entry, replaces }) => {
			if (!isDay(day)) return { ...problem('bad-input'), why: 'day' };
			if (day > today() + 1) return problem('bad-input', 'day-to-come');
			const wrong = wrongOf(entry);
			if (wrong) return wrong;
			const made = this.#made(day, trimmed(entry), replaces);
			this.#put([...this.entries.filter(({ key }) => key !== replaces), made]);
			return made;
		},
		removeEntry: ({ key }) => {
			if (!this.entries.some((one) => one.key === key)) return problem('unknown-document');
			this.#put(this.entries.filter((one) => one.key !== key));
			return null;
		},
	};

	/** An entry that is there from the start. */
	has(day: number, entry: OwnEntry): JournalEntry {
		const made: JournalEntry = { ...this.#made(day, entry, null), safety: 'safe' };
		this.entries = [...this.entries, made];
		return made;
	}

	#made(day: number, entry: OwnEntry, replaces: string | null): JournalEntry {
		const key = `j${++this.#count}`;
		return { key, day, madeMs: Date.now() + this.#count, entry, body: 'here', replaces, safety: 'phone' };
	}

	#put(entries: JournalEntry[]): void {
		this.entries = entries;
		this.tell('journal');
	}
}

function wrongOf(entry: OwnEntry): KithProblem | null {
	switch (entry.kind) {
		case 'checkIn': {
			const steps = [entry.mood, entry.craving, entry.sleep, entry.energy];
			if (steps.every((step) => step === null) && entry.note.trim() === '') return problem('empty');
			return steps.some((step) => step !== null && step > 4) ? problem('bad-input') : null;
		}
		case 'filled':
			if (!/^[a-z0-9-]{1,24}$/.test(entry.instrument)) return problem('bad-input');
			if (entry.answers.length > 40) return problem('too-long');
			if (entry.answers.every((answer) => answer === null)) return problem('empty');
			return entry.answers.some((answer) => answer !== null && answer > 100) ? problem('bad-input') : null;
		case 'text':
			return entry.text.trim() === '' ? problem('empty') : null;
	}
}

function trimmed(entry: OwnEntry): OwnEntry {
	if (entry.kind === 'checkIn') return { ...entry, note: entry.note.trim() };
	return entry.kind === 'text' ? { ...entry, text: entry.text.trim() } : entry;
}

function inOrder(entries: readonly JournalEntry[]): JournalEntry[] {
	return [...entries].sort((a, b) => b.day - a.day || b.madeMs - a.madeMs);
}
