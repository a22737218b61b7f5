/**
 * A value that is being typed while it may change elsewhere. What is typed is a draft at once; what comes meanwhile is
 * merged into it; and where people wrote at the same time, nothing is saved over theirs before somebody chose.
 */
import type { TextLimit } from '../words/graphemes';
import { lengthSaid, refusal } from '../words/length';
import type { Drafts } from './drafts';
import { joined } from './joined';

/** A typed value is saved after a pause of this length. */
const SAVE_AFTER_MS = 600;

/** What is stored now; contested: people wrote several values at the same time. */
export interface Stored {
	value: string;
	contested: boolean;
}

interface Place {
	/** The draft's key: ids alone. */
	key: string;
	limit: TextLimit;
	/** There must be something to see in it. */
	needed: boolean;
	drafts: Pick<Drafts, 'load' | 'write' | 'flush' | 'now'>;
	stored: () => Stored;
	/** False when it was not taken. */
	save: (value: string) => Promise<boolean>;
}

/** One field. */
export class Typed {
	text = $state('');
	/** What is in the field is not what is stored. */
	writing = $state(false);
	/** The person left the field, or it was to be saved, and it can't be taken. */
	refused = $state('');
	/** What was typed here when another value was chosen: it is kept until it is used or let go. */
	aside = $state('');
	/** The stored value that the text began from, or was last joined with. */
	#base: string;
	/** Several values stood when this was last looked at. */
	#contested = false;
	#saving = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly place: Place) {
		this.text = this.#base = place.stored().value;
	}

	/** What to tell of its length. */
	get said(): string {
		return this.refused || lengthSaid(this.text, this.place.limit);
	}

	/** Offers what was begun here before. */
	async open(): Promise<void> {
		const kept = read(await this.place.drafts.load(this.place.key));
		if (kept === null) return;
		if (this.aside === '') this.aside = kept.aside;
		if (this.writing || kept.text === kept.base) return;
		this.text = kept.text;
		this.#base = kept.base;
		this.writing = true;
		this.reconcile();
		this.#later();
	}

	/** A key was pressed. */
	typed(): void {
		this.writing = true;
		this.refused = '';
		this.#keep();
		this.#later();
	}

	/** Something else may be stored now: shows it, or joins it with what is being typed. */
	reconcile(): void {
		if (this.#saving) return;
		const { value, contested } = this.place.stored();
		const chosen = this.#contested && !contested;
		this.#contested = contested;
		if (!this.writing) this.text = this.#base = value;
		else if (!contested && value !== this.#base) {
			this.text = joined(this.#base, this.text, value);
			this.#base = value;
			this.#keep();
			this.#later();
		} else if (chosen) this.#later();
	}

	/** Saves what was typed, if it can be taken. */
	async commit(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (!this.writing || this.#saving || this.place.stored().contested) return;
		const value = clean(this.text);
		this.refused = refusal(value, this.place.limit, this.place.needed);
		if (this.refused === '') await this.#save(value);
	}

	/** One of several values is to stay; what was typed beside them is put aside. */
	async choose(value: string): Promise<void> {
		const { text, writing } = this;
		// Until it is taken, what is typed is not joined with it.
		this.#saving = true;
		const taken = await this.place.save(value);
		this.#saving = false;
		if (!taken) return this.reconcile();
		if (this.text !== text) return this.reconcile();
		if (writing && clean(text) !== clean(value)) this.aside = [this.aside, text].join(' ').trim();
		this.#settle(value);
	}

	/** What was put aside is typed again; what is being typed changes places with it. */
	useAside(): void {
		[this.text, this.aside] = [this.aside, this.writing ? this.text : ''];
		this.typed();
	}

	/** What was put aside is not wanted. */
	dropAside(): void {
		this.aside = '';
		this.#keep();
	}

	/** What is typed here is to stay. */
	async keepMine(): Promise<void> {
		const value = clean(this.text);
		this.refused = refusal(value, this.place.limit, this.place.needed);
		if (this.refused === '') await this.#save(value);
	}

	/** What is typed is kept now: the page may be gone after this turn. */
	keepNow(): void {
		this.place.drafts.flush(this.place.key);
	}

	/** The field goes from the screen. */
	close(): void {
		this.keepNow();
		void this.commit();
	}

	async #save(value: string): Promise<void> {
		const { stored, save } = this.place;
		const before = this.text;
		if (value === stored().value && !stored().contested) {
			this.#settle(value);
			return;
		}
		this.#saving = true;
		const taken = await save(value);
		this.#saving = false;
		if (taken && this.text === before) this.#settle(value);
		else if (taken) {
			this.#base = value;
			this.#keep();
			this.#later();
		}
		this.reconcile();
	}

	#settle(value: string): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.text = this.#base = value;
		this.writing = false;
		this.refused = '';
		this.#keep();
	}

	#keep(): void {
		const draft = [this.#base, this.text, ...(this.aside === '' ? [] : [this.aside])];
		const some = this.writing || this.aside !== '';
		this.place.drafts.write(this.place.key, some ? JSON.stringify(draft) : '');
	}

	#later(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.commit(), SAVE_AFTER_MS);
	}
}

/** One line without spaces around it. */
function clean(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function read(draft: string): { base: string; text: string; aside: string } | null {
	try {
		const [base, text, aside = ''] = JSON.parse(draft) as unknown[];
		const whole = typeof base === 'string' && typeof text === 'string' && typeof aside === 'string';
		return whole ? { base, text, aside } : null;
	} catch {
		return null;
	}
}
