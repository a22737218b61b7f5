/** An engine that is not there: the contract in memory, for screens and tests. Never part of a build. */
import type {
	Bridge,
	CircleSummary,
	CircleWarning,
	Command,
	KithProblem,
	ListName,
	Message,
	Note,
	Notice,
	NoteEdit,
	NoteSummary,
	OutboxItem,
	People,
	Person,
	PersonDevice,
	ProblemCode,
	Replies,
	Reply,
	SyncStatus,
	ThreadSummary,
} from '../bridge/contract';
import { applyOps, opsBetween } from '../editor/ops';
import { fromSpans, toSpans } from '../editor/tokens';
import { editNote, isDay, problem } from './fake-edit';
import { forkOf, nobodyIn, wrongIn } from './fake-wrong';
import { FakeChoices } from './fake-choices';
import { FakeHelp } from './fake-help';
import { withHidden } from './fake-hidden';
import { FakeLeaving } from './fake-leaving';
import { FakeJournal } from './fake-journal';
import { FakeKeep } from './fake-keep';
import { FakePlan } from './fake-plan';
import { findable, newsOf, search, type Findable } from './fake-find';
import { FakeReports, writtenIn } from './fake-reports';
import { FakeStories } from './fake-stories';
import { FakeTogether } from './fake-together';
import { FakeToolkit } from './fake-toolkit';
import {
	CIRCLE,
	circle,
	CODE,
	invitation,
	sampleMessages,
	sampleThreads,
	sampleNote,
	sampleNotes,
	samplePeople,
	SECOND_CIRCLE,
	signs,
} from './sample';

type Wire = { [C in Command['cmd']]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** Most sessions of one day, from 0. */
const ORDINAL_MAX = 15;
/** Most bytes of a message; of ASCII as many characters. */
const MESSAGE_MAX = 4_000;

export { problem } from './fake-edit';

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
		clock: { offsetMs: 0, isWrong: false, isNews: false },
		lastTryMs: Date.now() - 240_000,
		unsentItems: 0,
		unsentBytes: 0,
		progress: null,
		resumed: null,
		problem: null,
	};
	outbox: OutboxItem[] = [];
	readonly drafts = new Map<string, string>();
	notes: NoteSummary[] = sampleNotes();
	readonly bodies = new Map<string, Note>();
	threads: ThreadSummary[] = sampleThreads();
	messages: Message[] = sampleMessages(180);
	people: People = samplePeople(false);
	/** Has the page ask for a list again. */
	readonly #lists = (what: ListName): void => this.tell({ notice: 'lists', circle: CIRCLE, what: [what] });
	readonly toolkit = new FakeToolkit(this.#lists, () => this.people.leads);
	readonly plan = new FakePlan(this.#lists);
	readonly choices = new FakeChoices(this.#lists);
	readonly journal = new FakeJournal(this.#lists);
	readonly leaving: FakeLeaving = new FakeLeaving(this);
	readonly keep = new FakeKeep(this.#lists);
	readonly help = new FakeHelp(this.#lists, () => this.people.leads);
	readonly stories = new FakeStories(this.#lists, () => this.people.leads);
	readonly reports = new FakeReports(this.#lists, (key) => {
		const of = this.threads.map(({ thread }) => ({ thread, messages: this.#messagesOf(thread) }));
		return writtenIn(of, this.toolkit.strategies, this.stories.all, key);
	});
	readonly together = new FakeTogether(this.#lists, () => this.people.leads);
	/** The circle was joined with no network. */
	pending = false;
	/** How this phone stands in the circle. */
	standing: CircleSummary['standing'] = 'active';
	/** What the circle's people must be told. */
	warning: CircleWarning | null = null;
	/** The same of the second circle. */
	secondWarning: CircleWarning | null = null;
	/** What both phones show after a scan. */
	words = [3, 77, 140, 201, 18, 255];
	#listeners = new Set<(notice: Notice) => void>();
	#count = 0;
	/** Messages of other threads than the first. */
	readonly #others = new Map<string, Message[]>();

	async ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>> {
		this.asked.push(structuredClone(command));
		if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
		const code = this.fails.get(command.cmd);
		if (code) {
			this.fails.delete(command.cmd);
			return { ok: false, problem: problem(code) };
		}
		const wrong = wrongIn(command);
		const answer =
			wrong ?? (this.#answers[command.cmd] as (command: Command) => Replies[C] | KithProblem)(command);
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

	/** This phone becomes a facilitator's. */
	lead(): void {
		this.people = samplePeople(true);
		circle.me.role = 'facilitator';
		this.tell({ notice: 'lists', circle: CIRCLE, what: ['people', 'circle'] });
	}

	/** The engine warns of a circle; a fork comes with its two sides. */
	warn(warning: CircleWarning | null): void {
		this.warning = warning;
		this.people = { ...this.people, fork: forkOf(warning) };
		this.tell({ notice: 'lists', circle: CIRCLE, what: ['circles', 'people'] });
	}

	/** What was written in a conversation comes to the server; nobody is told but by how things stand. */
	deliver(thread: string): void {
		this.#write(
			thread,
			this.#messagesOf(thread).map((one) => ({ ...one, safety: 'safe' })),
		);
		this.setStatus({ state: 'idle' });
	}

	/** The server did not take what was done on this phone. */
	returns(returned: People['returned']): void {
		this.people = { ...this.people, returned };
		this.tell({ notice: 'lists', circle: CIRCLE, what: ['people'] });
	}

	#person(member: string): Person {
		const person = this.people.people.find((one) => one.member === member);
		if (!person) throw new Error(`no ${member}`);
		return person;
	}

	#standing(
		person: Person,
		standing: Person['standing'],
		kind: 'removed' | 'confirmed' | 'broughtBack',
	): People {
		person.standing = standing;
		person.canBringBack = this.people.leads && standing === 'removed';
		if (kind === 'broughtBack') person.role = 'member';
		for (const device of person.devices) device.standing = standing;
		for (const one of this.people.people) {
			if (one.letInBy === person.member) one.letInByIsOut = standing === 'removed';
		}
		return this.#happened(kind, person);
	}

	#happened(kind: People['events'][number]['kind'], person: Person | null): People {
		const { member, name } = circle.me;
		const event = {
			kind,
			who: person?.member ?? '',
			whoName: person?.name ?? '',
			by: member,
			byName: name,
			timeMs: Date.now(),
			pending: true,
		};
		this.people = { ...this.people, events: [event, ...this.people.events] };
		return this.people;
	}

	#device(paper: boolean): PersonDevice {
		const device = `d${++this.#count}new`;
		return { device, paper, me: false, sinceMs: Date.now(), standing: 'active', pending: true };
	}

	#arrived(member: string | null, role: Person['role']): Person {
		const device = this.#device(false);
		const known = member === null ? null : this.#person(member);
		const person: Person = known ?? {
			member: `m${this.#count}new`,
			name: 'Kofi',
			role,
			me: false,
			standing: 'active',
			pending: true,
			letInBy: circle.me.member,
			letInByName: circle.me.name,
			letInByIsOut: false,
			canBringBack: false,
			devices: [],
		};
		person.devices.push(device);
		if (!known) this.people.people.push(person);
		return person;
	}

	#summary(pending: boolean): CircleSummary {
		return {
			circle: CIRCLE,
			name: circle.name,
			members: 13,
			unread: 3,
			pending,
			standing: this.standing,
			warning: this.warning,
			mayBegin: this.people.leads || this.people.everyoneBegins,
			leaving: this.leaving.stage !== 'not',
		};
	}

	#note(document: string): Note {
		const known = this.notes.find((note) => note.document === document);
		let note = this.bodies.get(document);
		if (!note) this.bodies.set(document, (note = sampleNote(document, known?.day ?? 20_000)));
		return note;
	}

	#edit(document: string, edit: NoteEdit): { version: number } | KithProblem {
		const note = this.#known(document);
		if (!note) return problem('unknown-document');
		const nameOf = (wanted: string): string =>
			circle.members.find(({ member }) => member === wanted)?.name ?? '';
		const refused = editNote(note, edit, () => `${++this.#count}x`, nameOf);
		if (refused) return refused;
		if (edit.edit === 'hide')
			this.notes = this.notes.filter((one) => one.document !== document || !edit.hidden);
		note.safety = 'phone';
		const meta: Omit<Note, 'spans'> & { spans?: unknown } = { ...note };
		delete meta.spans;
		queueMicrotask(() => this.tell({ notice: 'note', note: meta }));
		return { version: note.version };
	}

	/** A note that was made, or that the list has. */
	#known(document: string): Note | null {
		const isThere = this.bodies.has(document) || this.notes.some((one) => one.document === document);
		return isThere ? this.#note(document) : null;
	}

	/** The messages of a thread; the sample's are the first one's. */
	#messagesOf(thread: string): Message[] {
		return thread === 't1' ? this.messages : (this.#others.get(thread) ?? []);
	}

	/** All that can be found. */
	#findable(): Findable[] {
		const threads = this.threads.filter(({ blocked }) => !blocked);
		const of = threads.map(({ thread, title }) => ({ thread, title, messages: this.#messagesOf(thread) }));
		const { toolkit, plan, journal, notes } = this;
		return findable(of, notes, toolkit.strategies, plan.lines, journal.entries);
	}

	#write(thread: string, messages: Message[]): void {
		if (thread === 't1') this.messages = messages;
		else this.#others.set(thread, messages);
	}

	readonly #answers: Wire = {
		circles: () =>
			this.enrolled && !this.leaving.gone
				? [
						this.#summary(this.pending),
						{
							circle: SECOND_CIRCLE,
							name: 'Facilitators, Nairobi west',
							members: 5,
							unread: 0,
							pending: false,
							standing: 'active',
							warning: this.secondWarning,
							mayBegin: true,
							leaving: false,
						},
					]
				: [],
		enrol: ({ link }) => {
			if (!/#|-/.test(link)) return problem('link-invalid');
			this.enrolled = true;
			return this.#summary(false);
		},
		circle: (command) => ({ ...circle, circle: command.circle }),
		rename: (command) => {
			circle.me.name = circle.ownName = command.name;
			return circle;
		},
		notes: () => this.notes,
		createNote: ({ day, ordinal, title }) => {
			if (ordinal > ORDINAL_MAX) return { ...problem('bad-input'), why: 'many-sessions' };
			if (!isDay(day)) return { ...problem('bad-input'), why: 'day' };
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
		openNote: ({ document }) => this.#known(document) ?? problem('unknown-document'),
		passages: ({ document }) => {
			const note = this.#known(document);
			if (!note) return problem('unknown-document');
			const { spans, authors } = note;
			const said = spans.map((span) => (span.type === 'text' ? span.text : '\n')).join('');
			const half = said.indexOf(' ', said.length / 2) + 1;
			return [said.slice(0, half), said.slice(half)].map((text, at) => ({
				text,
				authors: authors.slice(at, at + 1),
			}));
		},
		openSealed: ({ kind, member, day }) => {
			if (!isDay(day)) return { ...problem('bad-input'), why: 'day' };
			const isMine = kind === 'slice' && (member === null || member === circle.me.member);
			if (!isMine && !this.people.leads) return problem('not-allowed', 'not-to-read');
			return this.#note(`${kind} ${member ?? 'mine'}`);
		},
		editNote: ({ document, edit }) => this.#edit(document, edit),
		flush: () => null,
		clockTold: () => {
			this.status = { ...this.status, clock: { ...this.status.clock, isNews: false } };
			return null;
		},
		close: () => null,
		threads: () => this.threads,
		createThread: ({ title }) => {
			const made: ThreadSummary = {
				thread: `t${++this.#count}new`,
				with: null,
				blocked: false,
				title,
				excerpt: '',
				lastMs: null,
				lastName: '',
				lastMine: false,
				lastBody: null,
				unread: 0,
				titles: [],
			};
			this.threads = [made, ...this.threads];
			return made;
		},
		setThread: ({ thread, title }) => {
			this.threads = this.threads.map((one) => (one.thread === thread ? { ...one, title, titles: [] } : one));
			return null;
		},
		...this.help.answers,
		openThread: ({ thread, limit }) => {
			const all = this.#messagesOf(thread);
			const title = this.threads.find((one) => one.thread === thread)?.title ?? '';
			return {
				thread,
				circle: CIRCLE,
				title,
				messages: all.slice(-Math.max(1, limit)),
				more: all.length > limit,
				closed: false,
				blocked: this.choices.has('blocked', thread),
				reads: this.choices.has('reads', thread),
			};
		},
		send: ({ thread, text, replyTo }) => {
			const all = this.#messagesOf(thread);
			const over = text.length - MESSAGE_MAX;
			if (over > 0) return { ...problem('too-long'), count: over };
			if (replyTo !== null && !all.some(({ key }) => key === replyTo)) return problem('unknown-document');
			const { member, name } = circle.me;
			const made: Message = {
				key: `z${++this.#count}`,
				author: member,
				authorName: name,
				mine: true,
				sentMs: Date.now(),
				text,
				body: 'here',
				hidden: null,
				left: false,
				replyTo,
				reactions: [],
				read: false,
				safety: 'phone',
			};
			this.#write(thread, [...all, made]);
			return made;
		},
		react: ({ thread, key, kind, on }) => {
			const all = this.#messagesOf(thread);
			if (!all.some((one) => one.key === key)) return problem('unknown-document');
			const { name } = circle.me;
			const reacted = (one: Message): Message => {
				const others = one.reactions.filter((reaction) => reaction.kind !== kind);
				const names = one.reactions.find((reaction) => reaction.kind === kind)?.names ?? [];
				const left = names.filter((known) => known !== name);
				const now = on ? [...left, name] : left;
				return { ...one, reactions: now.length > 0 ? [...others, { kind, names: now, mine: on }] : others };
			};
			const after = all.map((one) => (one.key === key ? reacted(one) : one));
			this.#write(thread, after);
			return null;
		},
		seen: ({ thread }) => {
			this.threads = this.threads.map((one) => (one.thread === thread ? { ...one, unread: 0 } : one));
			return null;
		},
		takeBack: ({ thread, key }) => {
			const all = this.#messagesOf(thread);
			const found = all.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			if (!found.mine) return problem('not-allowed', 'not-yours');
			const gone: Message = { ...found, text: '', body: 'gone', hidden: null, reactions: [] };
			const after = all.map((one) => (one === found ? gone : one));
			this.#write(thread, after);
			return null;
		},
		hide: ({ thread, key, on }) => {
			const after = withHidden(this.#messagesOf(thread), key, on, this.people.leads);
			if (Array.isArray(after)) this.#write(thread, after);
			return Array.isArray(after) ? null : after;
		},
		news: () => newsOf(this.threads, this.notes, this.#messagesOf.bind(this)),
		search: ({ words, limit }) =>
			new TextEncoder().encode(words).length > 4_096
				? problem('too-long')
				: search(this.#findable(), words, limit),
		...this.toolkit.answers,
		...this.plan.answers,
		...this.journal.answers,
		...this.choices.answers,
		...this.keep.answers,
		...this.together.answers,
		...this.stories.answers,
		...this.reports.answers,
		found: ({ circleName }) => {
			this.enrolled = true;
			return { ...this.#summary(true), name: circleName };
		},
		people: () => this.people,
		invite: ({ uses, days }) => {
			if (uses < 1 || uses > 100 || days < 1 || days > 60)
				return { ...problem('bad-input'), why: 'invite-bounds' };
			return invitation(uses, days);
		},
		inviteDevice: ({ member }) => nobodyIn(this.people, member) ?? invitation(1, 3),
		remove: ({ member, also = [] }) => {
			const wrong = [member, ...also].map((one) => nobodyIn(this.people, one)).find(Boolean);
			if (wrong) return wrong;
			for (const one of also) this.#standing(this.#person(one), 'removed', 'removed');
			return this.#standing(this.#person(member), 'removed', 'removed');
		},
		withdraw: ({ invite }) => {
			const gone = this.people.invites.find((one) => one.invite === invite);
			if (!gone) return problem('not-allowed', 'unknown-target');
			const invites = this.people.invites.filter((one) => one !== gone);
			this.people = { ...this.people, invites };
			return this.#happened('withdrawn', null);
		},
		...this.leaving.answers,
		removeDevice: ({ device }) => {
			const person = this.people.people.find(({ devices }) => devices.some((one) => one.device === device));
			const gone = person?.devices.find((one) => one.device === device);
			if (!person || !gone) return problem('not-allowed', 'unknown-target');
			if (gone.standing === 'removed') return problem('not-allowed', 'no-change');
			gone.standing = 'removed';
			return this.#happened('deviceRemoved', person);
		},
		confirm: ({ member }) => {
			const nobody = nobodyIn(this.people, member, 'no-change');
			if (nobody) return nobody;
			const person = this.#person(member);
			const kind = person.standing === 'removed' ? 'broughtBack' : 'confirmed';
			return this.#standing(person, 'active', kind);
		},
		promote: ({ member }) => {
			const nobody = nobodyIn(this.people, member);
			if (nobody) return nobody;
			this.#person(member).role = 'facilitator';
			return this.#happened('promoted', this.#person(member));
		},
		demote: ({ member }) => {
			const nobody = nobodyIn(this.people, member);
			if (nobody) return nobody;
			this.#person(member).role = 'member';
			return this.#happened('demoted', this.#person(member));
		},
		resumedRead: () => {
			this.setStatus({ resumed: null });
			return null;
		},
		setConversations: ({ everyone }) => {
			this.people = { ...this.people, everyoneBegins: everyone };
			return this.#happened(everyone ? 'conversationsOpened' : 'conversationsReserved', null);
		},
		dismiss: ({ statement }) => {
			const returned = this.people.returned.filter((one) => one.statement !== statement);
			return (this.people = { ...this.people, returned });
		},
		goOn: () => {
			this.warning = null;
			return (this.people = { ...this.people, fork: null });
		},
		qrAsk: () => ({ qr: signs('KITHASK', 240) }),
		qrGrant: ({ role, member }) => {
			if (this.people.offlineLeft === 0) return problem('warrant-used');
			this.people = { ...this.people, offlineLeft: this.people.offlineLeft - 1 };
			this.#happened(member === null ? 'granted' : 'recovered', this.#arrived(member, role));
			return { qr: signs('KITHGRANT', 900), words: this.words, name: 'Kofi' };
		},
		qrTake: ({ qr }) => {
			if (!qr.startsWith('KITHGRANT')) return problem('code-invalid');
			this.enrolled = this.pending = true;
			return { circle: this.#summary(true), words: this.words };
		},
		paper: () => {
			this.#person(circle.me.member).devices.push(this.#device(true));
			this.people = { ...this.people, hasPaper: true };
			return { code: CODE };
		},
		paperUse: ({ code }) => {
			if (code.replace(/\W/g, '').toUpperCase() !== CODE.replace(/\W/g, '')) return problem('code-invalid');
			this.enrolled = true;
			return [this.#summary(false)];
		},
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

function isProblem(answer: unknown): answer is KithProblem {
	return typeof answer === 'object' && answer !== null && 'code' in answer && 'retry' in answer;
}
