/** An engine that is not there: the contract in memory, for screens and tests. Never part of a build. */
import type {
	Bridge,
	Command,
	KithProblem,
	Message,
	Note,
	Notice,
	NoteEdit,
	NoteSummary,
	OutboxItem,
	ProblemCode,
	Replies,
	Reply,
	SyncStatus,
	ThreadSummary,
} from '../bridge/contract';
import { applyOps, opsBetween } from '../editor/ops';
import { fromSpans, toSpans } from '../editor/tokens';
import { CIRCLE, circle, sampleMessages, sampleNote, sampleNotes, SECOND_CIRCLE } from './sample';

type Wire = { [C in Command['cmd']]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** The stand-in, with handles to make things happen. */
export class FakeBridge implements Bridge {
	/** Answers come this much later. */
	delayMs = 0;
	/** The next command of a kind fails with this. */
	readonly fails = new Map<Command['cmd'], ProblemCode>();
	enrolled = true;
	readonly asked: Command[] = [];
	status: SyncStatus = {
		state: 'idle',
		lastSafeMs: Date.now() - 240_000,
		lastTryMs: Date.now() - 240_000,
		unsentItems: 0,
		unsentBytes: 0,
		progress: null,
		problem: null,
	};
	outbox: OutboxItem[] = [];
	readonly drafts = new Map<string, string>();
	notes: NoteSummary[] = sampleNotes();
	readonly bodies = new Map<string, Note>();
	threads: ThreadSummary[] = [
		{
			thread: 't1',
			title: 'Between meetings',
			excerpt: 'There is always a chair.',
			lastMs: Date.now() - 600_000,
			unread: 3,
		},
		{
			thread: 't2',
			title: 'Rides and roads',
			excerpt: 'The matatu goes at six from the junction.',
			lastMs: Date.now() - 86_400_000,
			unread: 0,
		},
		{
			thread: 't3',
			title: 'Good news',
			excerpt: 'Forty days today.',
			lastMs: Date.now() - 3 * 86_400_000,
			unread: 0,
		},
	];
	messages: Message[] = sampleMessages(180);
	#listeners = new Set<(notice: Notice) => void>();
	#count = 0;

	async ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>> {
		this.asked.push(structuredClone(command));
		if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
		const code = this.fails.get(command.cmd);
		if (code) {
			this.fails.delete(command.cmd);
			return { ok: false, problem: problem(code) };
		}
		const answer = (this.#answers[command.cmd] as (command: Command) => Replies[C] | KithProblem)(command);
		if (isProblem(answer)) return { ok: false, problem: answer };
		return { ok: true, value: structuredClone(answer) };
	}

	listen(listener: (notice: Notice) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Tells the page something. */
	tell(notice: Notice): void {
		for (const listener of this.#listeners) listener(structuredClone(notice));
	}

	/** Someone else writes in a note's body. */
	writeElsewhere(document: string, change: (text: number[]) => number[]): void {
		const note = this.#note(document);
		const before = fromSpans(note.spans);
		const ops = opsBetween(before, change([...before]));
		note.spans = toSpans(applyOps(before, ops));
		note.version++;
		this.tell({ notice: 'noteBody', document, version: note.version, ops });
	}

	/** Changes how things stand with the server. */
	setStatus(change: Partial<SyncStatus>): void {
		this.status = { ...this.status, ...change };
		this.tell({ notice: 'status', status: this.status });
	}

	#note(document: string): Note {
		const known = this.notes.find((note) => note.document === document);
		let note = this.bodies.get(document);
		if (!note) this.bodies.set(document, (note = sampleNote(document, known?.day ?? 20_000)));
		return note;
	}

	#edit(document: string, edit: NoteEdit): { version: number } | KithProblem {
		const note = this.#note(document);
		if (edit.edit === 'body') {
			if (edit.version !== note.version) return problem('stale');
			note.spans = toSpans(applyOps(fromSpans(note.spans), edit.ops));
			note.version++;
		} else if (edit.edit === 'field') note[edit.field] = { value: edit.value, candidates: [] };
		else if (edit.edit === 'attendance') {
			for (const one of note.attendance) {
				if (one.member === edit.member) Object.assign(one, { presence: edit.presence, others: [] });
			}
		} else if (edit.edit === 'agendaAdd')
			note.agenda.push({ item: `a${++this.#count}x`, text: edit.text, done: false });
		else if (edit.edit === 'agendaSet')
			Object.assign(note.agenda.find(({ item }) => item === edit.item) ?? {}, edit);
		else if (edit.edit === 'agendaRemove') note.agenda = note.agenda.filter(({ item }) => item !== edit.item);
		else if (edit.edit === 'commitmentAdd') {
			const memberName = circle.members.find(({ member }) => member === edit.member)?.name ?? '';
			const { member, text, due } = edit;
			note.commitments.push({ item: `k${++this.#count}x`, member, memberName, text, due, state: 'open' });
		} else if (edit.edit === 'commitmentSet') {
			Object.assign(note.commitments.find(({ item }) => item === edit.item) ?? {}, { state: edit.state });
		} else note.commitments = note.commitments.filter(({ item }) => item !== edit.item);
		note.safety = 'phone';
		const meta: Omit<Note, 'spans'> & { spans?: unknown } = { ...note };
		delete meta.spans;
		queueMicrotask(() => this.tell({ notice: 'note', note: meta }));
		return { version: note.version };
	}

	readonly #answers: Wire = {
		circles: () =>
			this.enrolled
				? [
						{ circle: CIRCLE, name: circle.name, members: 13, unread: 3 },
						{ circle: SECOND_CIRCLE, name: 'Facilitators, Nairobi west', members: 5, unread: 0 },
					]
				: [],
		enrol: () => {
			this.enrolled = true;
			return { circle: CIRCLE, name: circle.name, members: 13, unread: 0 };
		},
		circle: (command) => ({ ...circle, circle: command.circle }),
		rename: (command) => {
			circle.me.name = command.name;
			return circle;
		},
		notes: () => this.notes,
		createNote: ({ day, ordinal, title }) => {
			const known = this.notes.find((note) => note.day === day && note.ordinal === ordinal);
			if (known) return this.#note(known.document);
			const document = `n${++this.#count}new`;
			this.notes = [
				{ document, day, ordinal, title, excerpt: '', present: 0, safety: 'phone', changed: false },
				...this.notes,
			];
			const blank = {
				title: { value: title, candidates: [] },
				spans: [],
				agenda: [],
				commitments: [],
				authors: [],
			};
			const note: Note = { ...sampleNote(document, day), ...blank, version: 1, ordinal, safety: 'phone' };
			note.attendance = note.attendance.map((one) => ({ ...one, presence: null, others: [] }));
			this.bodies.set(document, note);
			return note;
		},
		openNote: ({ document }) => this.#note(document),
		editNote: ({ document, edit }) => this.#edit(document, edit),
		flush: () => null,
		close: () => null,
		threads: () => this.threads,
		createThread: ({ title }) => {
			const made = { thread: `t${++this.#count}new`, title, excerpt: '', lastMs: null, unread: 0 };
			this.threads = [made, ...this.threads];
			return made;
		},
		openThread: ({ thread, limit }) => {
			const all = thread === 't1' ? this.messages : [];
			const title = this.threads.find((one) => one.thread === thread)?.title ?? '';
			return { thread, circle: CIRCLE, title, messages: all.slice(-limit), more: all.length > limit };
		},
		send: ({ text, replyTo }) => {
			const { member, name } = circle.me;
			const made: Message = {
				key: `z${++this.#count}`,
				author: member,
				authorName: name,
				mine: true,
				sentMs: Date.now(),
				text,
				body: 'here',
				replyTo,
				reactions: [],
				safety: 'phone',
			};
			this.messages = [...this.messages, made];
			return made;
		},
		react: () => null,
		seen: () => null,
		outbox: () => this.outbox,
		status: () => this.status,
		sync: () => this.status,
		readDraft: ({ key }) => ({ text: this.drafts.get(key) ?? '' }),
		writeDraft: ({ key, text }) => {
			this.drafts.set(key, text);
			return null;
		},
	};
}

/** A problem with a plausible sentence. */
export function problem(code: ProblemCode): KithProblem {
	return { code, text: '', retry: code === 'stale' || code === 'offline' || code === 'server-error' };
}

function isProblem(answer: unknown): answer is KithProblem {
	return typeof answer === 'object' && answer !== null && 'code' in answer && 'retry' in answer;
}
