/** What was begun in a form: kept sealed while it is typed, offered again, forgotten once it is done. */
import { drafts as page, type Drafts } from './drafts';

/** The fields of one form, all texts. */
export class Begun<T extends Record<string, string>> {
	values: T = $state({} as T);
	/** Something had been begun here before. */
	found = $state(false);
	#typed = false;

	constructor(
		/** The draft's key: ids alone. */
		private readonly key: string,
		private readonly empty: T,
		private readonly drafts: Pick<Drafts, 'load' | 'write' | 'flush'> = page,
	) {
		this.values = { ...empty };
	}

	/** Offers what was begun; call the returned function when the form goes. */
	open(): () => void {
		void this.load();
		const flush = (): void => this.drafts.flush(this.key);
		globalThis.document?.addEventListener('visibilitychange', flush);
		return () => {
			globalThis.document?.removeEventListener('visibilitychange', flush);
			flush();
		};
	}

	/** Reads what was begun; what was typed since stands. */
	async load(): Promise<void> {
		const kept = read(await this.drafts.load(this.key));
		if (kept === null || this.#typed) return;
		for (const name of Object.keys(this.empty)) {
			const value = kept[name];
			if (typeof value === 'string') Object.assign(this.values, { [name]: value });
		}
		this.found = true;
	}

	/** Something was typed or picked. */
	keep(): void {
		this.#typed = true;
		const begun = Object.keys(this.empty).some((name) => this.values[name] !== this.empty[name]);
		this.drafts.write(this.key, begun ? JSON.stringify(this.values) : '');
	}

	/** The same, kept now and not after a pause: what follows must find it. */
	keepNow(): void {
		this.keep();
		this.drafts.flush(this.key);
	}

	/** It is done, or was given up. */
	done(): void {
		this.values = { ...this.empty };
		this.found = false;
		this.drafts.write(this.key, '');
	}
}

function read(draft: string): Record<string, unknown> | null {
	try {
		const kept: unknown = JSON.parse(draft);
		return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}
