/** Leaving, and one's own record, over the stand-in. */
import type { KithProblem, Leaving, RecordItem, RecordPage } from '../bridge/contract';
import { problem } from './fake-edit';
import type { FakeBridge } from './fake';
import { CIRCLE } from './sample';

/** Items that one page of a record has. */
const PAGE = 2;

/** A record's item, with what is said of it. */
export function recordItem(some: Partial<RecordItem>): RecordItem {
	return {
		key: 'k',
		kind: 'thread',
		audience: 'circle',
		place: '',
		madeMs: 0,
		day: null,
		body: 'here',
		text: '',
		other: null,
		entry: null,
		part: null,
		phone: '',
		choice: null,
		title: '',
		moments: [],
		passages: [],
		commitments: [],
		...some,
	};
}

/** Leaving as it stands; the circle hears nothing before {@link FakeLeaving.reach}. */
export class FakeLeaving {
	stage: Leaving['stage'] = 'not';
	erase = false;
	lastFacilitator = false;
	unsent = 0;
	phones = 1;
	gone = false;
	record: RecordItem[] = [];

	constructor(private readonly fake: Pick<FakeBridge, 'tell' | 'standing'>) {}

	/** The server is reached: whoever wants to leave is out, and the circle gone. */
	reach(): void {
		if (this.stage === 'not') return;
		this.gone = true;
		this.#told();
	}

	readonly answers = {
		leaving: (): Leaving | KithProblem => this.#shown(),
		leave: ({ erase }: { erase: boolean }): Leaving | KithProblem => {
			if (this.lastFacilitator) return problem('not-allowed', 'last-facilitator');
			Object.assign(this, { stage: 'asked', erase });
			if (this.fake.standing === 'removed') this.gone = true;
			this.#told();
			return this.#shown();
		},
		stay: (): Leaving | KithProblem => {
			this.stage = 'not';
			this.#told();
			return this.#shown();
		},
		record: ({ document }: { document: string | null }): RecordPage => {
			const at = Number(document ?? 0);
			const next = at + PAGE < this.record.length ? String(at + PAGE) : null;
			return { items: this.record.slice(at, at + PAGE), closed: false, next };
		},
	};

	#told(): void {
		this.fake.tell({ notice: 'lists', circle: CIRCLE, what: ['circles'] });
	}

	#shown(): Leaving | KithProblem {
		if (this.gone) return problem('unknown-circle');
		const { stage, erase, lastFacilitator, unsent, phones } = this;
		return { stage, erase, lastFacilitator, unsent, phones };
	}
}
