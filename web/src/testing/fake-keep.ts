/** The stand-in's commitments and attempts. */
import type {
	Attempt,
	Command,
	Commitments,
	KeptBy,
	KeptCommitment,
	KithProblem,
	ListName,
	MemberId,
	Outcome,
	Replies,
} from '../bridge/contract';
import { limits, over } from '../words/graphemes';
import { isDay, problem } from './fake-edit';
import { NAMES } from './sample-kept';

type Name =
	'commitments' | 'addCommitment' | 'answerCommitment' | 'addAttempt' | 'endCommitment' | 'takeBackKept';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

const DAY_MS = 86_400_000;
const todayIs = (): number => Math.floor(Date.now() / DAY_MS);

/** Commitments in memory. `tell`: has the page ask for a list again. */
export class FakeKeep {
	all: Commitments = { commitments: [], attempts: [], lacking: 0 };
	#count = 0;

	constructor(private readonly tell: (what: ListName) => void) {}

	readonly answers: Answers = {
		commitments: () => this.all,
		addCommitment: ({ with: other, since, days, due, from, words }) => {
			const text = words.trim();
			if (!isDay(since) || (due !== null && !isDay(due))) return problem('bad-input', 'day');
			if (since > todayIs() + 1) return problem('bad-input', 'day-to-come');
			if (days > 127 || (due !== null && (days !== 0 || due < since)) || !/^[!-~]{0,80}$/.test(from))
				return problem('bad-input');
			if (text === '') return problem('empty');
			if (over(text, limits.commitment) > 0) return problem('too-long');
			if (other !== null && !(other in NAMES)) return problem('not-allowed', 'other-is-out');
			const made = this.#commitment(text, other, true, { since, days, due, from });
			this.#put({ ...this.all, commitments: [made, ...this.all.commitments] });
			return made;
		},
		answerCommitment: ({ key, accepted }) => {
			const one = this.#find(key);
			if (!one) return problem('unknown-document');
			if (one.mine || one.with === null) return problem('not-allowed');
			this.#change(key, { answer: { accepted, said: this.#said(true, 'Amina') } });
			return null;
		},
		addAttempt: ({ key, day, outcome, note }) => {
			if (!isDay(day)) return problem('bad-input', 'day');
			if (day > todayIs() + 1) return problem('bad-input', 'day-to-come');
			const one = this.#find(key);
			if (!one) return problem('unknown-document');
			if (day < one.since) return problem('bad-input', 'day-before');
			if (one.closed || (!one.mine && !one.answer?.accepted)) return problem('not-allowed');
			if (over(note.trim(), limits.checkInNote) > 0) return problem('too-long');
			return this.#attempt(one, day, outcome, note.trim(), true);
		},
		endCommitment: ({ key }) => {
			const one = this.#find(key);
			if (!one) return problem('unknown-document');
			if (one.ends.every(({ mine }) => !mine))
				this.#change(key, { ends: [...one.ends, this.#said(true, 'Amina')] });
			return null;
		},
		takeBackKept: ({ key }) => {
			const said = this.#everything().find((one) => one.key === key);
			if (!said) return problem('unknown-document');
			if (!said.mine) return problem('not-allowed', 'not-yours');
			const { commitments, attempts, lacking } = this.all;
			this.#put({
				commitments: commitments
					.filter((one) => one.key !== key)
					.map((one) => ({
						...one,
						answer: one.answer?.said.key === key ? null : one.answer,
						ends: one.ends.filter((end) => end.key !== key),
					})),
				attempts: attempts.filter((one) => one.said.key !== key),
				lacking,
			});
			return null;
		},
	};

	/** Somebody asks whether this phone's person is in. */
	asked(words: string, by: MemberId, more: Partial<KeptCommitment> = {}): KeptCommitment {
		const made = { ...this.#commitment(words, by, false, {}), ...more };
		this.#put({ ...this.all, commitments: [made, ...this.all.commitments] });
		return made;
	}

	/** A partner noted how it went. */
	noted(key: string, day: number, outcome: Outcome, note = ''): void {
		const one = this.#find(key);
		if (one) this.#attempt(one, day, outcome, note, false);
	}

	/** A partner answered. */
	answered(key: string, accepted: boolean): void {
		const one = this.#find(key);
		if (one) this.#change(key, { answer: { accepted, said: this.#said(false, one.withName) } });
	}

	/** The partner is out of the circle, or was blocked. */
	closed(key: string): void {
		this.#change(key, { closed: true });
	}

	#find(key: string): KeptCommitment | undefined {
		return this.all.commitments.find((one) => one.key === key);
	}

	#everything(): { key: string; mine: boolean }[] {
		const { commitments, attempts } = this.all;
		const beside = commitments.flatMap(({ answer, ends }) => [...(answer ? [answer.said] : []), ...ends]);
		return [...commitments, ...beside, ...attempts.map(({ said }) => said)];
	}

	#said(mine: boolean, name: string): KeptBy {
		return { key: `k${++this.#count}`, mine, name, madeMs: Date.now() + this.#count, safety: 'phone' };
	}

	#commitment(
		words: string,
		other: MemberId | null,
		mine: boolean,
		more: Partial<KeptCommitment>,
	): KeptCommitment {
		const { key, madeMs, safety } = this.#said(mine, '');
		const withName = other === null ? '' : (NAMES[other] ?? '');
		const blank = { since: todayIs(), days: 0, due: null, from: '', answer: null, ends: [], closed: false };
		return { ...blank, key, with: other, withName, mine, words, madeMs, safety, ...more };
	}

	#attempt(one: KeptCommitment, day: number, outcome: Outcome, note: string, mine: boolean): Attempt {
		const said = this.#said(mine, mine ? 'Amina' : one.withName);
		const made: Attempt = { commitment: one.key, with: one.with, day, outcome, note, said };
		const attempts = [made, ...this.all.attempts];
		attempts.sort((a, b) => b.day - a.day || b.said.madeMs - a.said.madeMs);
		this.#put({ ...this.all, attempts });
		return made;
	}

	#change(key: string, to: Partial<KeptCommitment>): void {
		const commitments = this.all.commitments.map((one) => (one.key === key ? { ...one, ...to } : one));
		this.#put({ ...this.all, commitments });
	}

	#put(all: Commitments): void {
		this.all = all;
		this.tell('commitments');
	}
}
