/** The stand-in's reports to facilitators. */
import type {
	Command,
	KithProblem,
	ListName,
	Message,
	Replies,
	Report,
	ReportedKind,
	Story,
	Strategy,
} from '../bridge/contract';
import { limits, over } from '../words/graphemes';
import { problem } from './fake-edit';
import { circle } from './sample';

type Name = 'reports' | 'reportWay' | 'report' | 'takeBackReport' | 'handleReport';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** What somebody wrote. */
export interface Written {
	author: string;
	authorName: string;
	mine: boolean;
	text: string;
	kind: ReportedKind;
	thread: string | null;
}

/** What stands at a key of these conversations, strategies or stories. */
export function writtenIn(
	threads: readonly { thread: string; messages: readonly Message[] }[],
	strategies: readonly Strategy[],
	stories: readonly Story[],
	key: string,
): Written | null {
	for (const { thread, messages } of threads) {
		const found = messages.find((one) => one.key === key);
		if (found) return { ...found, kind: 'message', thread };
	}
	const strategy = strategies.find((one) => one.key === key);
	if (strategy) return { ...strategy, kind: 'strategy', thread: null };
	const story = stories.find((one) => one.key === key);
	if (!story?.told) return null;
	return { ...story, text: story.told.text, kind: story.everyone ? 'story' : 'told', thread: null };
}

/** Reports in memory. `tell`: has the page ask for a list again; `find`: what stands at a key. */
export class FakeReports {
	all: Report[] = [];
	/** Facilitators whom its person blocked. */
	blocked: string[] = [];
	/** The organisation takes reports that nobody in the circle is left to get. */
	isTaken = false;
	#count = 0;

	constructor(
		private readonly tell: (what: ListName) => void,
		private readonly find: (key: string) => Written | null,
	) {}

	readonly answers: Answers = {
		reports: () => this.all,
		reportWay: ({ key }) => {
			const found = this.#reportable(key);
			if ('code' in found) return found;
			const { author, authorName, kind, text } = found;
			const aboutLeads = this.#leading().some(({ member }) => member === author);
			const reported = this.all.some((one) => one.mine && one.of === key);
			const blocked = this.blocked.filter((name) => name !== authorName);
			return {
				about: author,
				aboutName: authorName,
				kind,
				text,
				to: this.#to(author),
				organisation: this.isTaken && this.#to(author).length === 0,
				aboutLeads,
				blocked,
				reported,
			};
		},
		report: ({ key, to: named, words }) => {
			const found = this.#reportable(key);
			if ('code' in found) return found;
			const to = this.#to(found.author);
			if (to.length === 0 && !this.isTaken) return problem('not-allowed', 'nobody-to-tell');
			if (over(words.trim(), limits.report) > 0) return problem('too-long');
			const before = this.all.find((one) => one.mine && one.of === key);
			if (before) return before;
			const isOther =
				to.some(({ member }) => !named.includes(member)) || (to.length === 0 && named.length > 0);
			if (isOther) return problem('not-allowed', 'other-readers');
			const { member: reporter, name: reporterName } = circle.me;
			const made = this.#made(found, key, { mine: true, reporter, reporterName });
			made.words = words.trim() === '' ? [] : [words.trim()];
			made.to = to.map((one) => ({ ...one, safety: 'phone' }));
			made.organisation = to.length === 0 ? 'phone' : null;
			this.#put([made, ...this.all]);
			return made;
		},
		takeBackReport: ({ key }) => {
			const found = this.all.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			if (!found.mine) return problem('not-allowed', 'not-yours');
			this.#put(this.all.filter((one) => one !== found));
			return null;
		},
		handleReport: ({ key, on }) => {
			const found = this.all.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			if (found.mine) return problem('not-allowed');
			const others = found.handled.filter((one) => !one.mine);
			const own = { member: circle.me.member, name: circle.me.name, mine: true, atMs: Date.now() };
			const handled = on ? [...others, own] : others;
			this.#put(this.all.map((one) => (one === found ? { ...found, handled } : one)));
			return null;
		},
	};

	/** Somebody reports something to its person. */
	arrives(of: string, by: string, change: Partial<Report> = {}): Report {
		const found = this.find(of);
		const member = circle.members.find((one) => one.member === by);
		if (!found || !member) throw new Error(`nothing at ${of}, or nobody is ${by}`);
		const made = this.#made(found, of, { mine: false, reporter: by, reporterName: member.name });
		this.#put([{ ...made, ...change }, ...this.all]);
		return made;
	}

	#made(found: Written, of: string, by: Pick<Report, 'mine' | 'reporter' | 'reporterName'>): Report {
		const { author: about, authorName: aboutName, kind, text, thread } = found;
		return {
			key: `r${++this.#count}`,
			...by,
			about,
			aboutName,
			madeMs: Date.now(),
			kind,
			thread,
			of,
			words: [],
			text,
			body: 'here',
			proof: 'proven',
			hidden: null,
			gone: false,
			to: [],
			organisation: null,
			others: [],
			handled: [],
		};
	}

	#leading(): { member: string; name: string }[] {
		return circle.members.filter(({ role }) => role === 'facilitator');
	}

	#to(about: string): Report['to'] {
		const to = this.#leading().filter(({ member, name }) => {
			return member !== circle.me.member && member !== about && !this.blocked.includes(name);
		});
		return to.map(({ member, name }) => ({ member, name, leads: true, safety: null }));
	}

	#reportable(key: string): Written | KithProblem {
		const found = this.find(key);
		if (!found) return problem('unknown-document');
		return found.mine ? problem('not-allowed') : found;
	}

	#put(all: Report[]): void {
		this.all = all;
		this.tell('reports');
	}
}
