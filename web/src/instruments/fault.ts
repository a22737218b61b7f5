/** What is wrong with data that somebody wrote: named so that they can put it right. */
export interface Fault {
	/** Where: "phq-9: bands[2].from". */
	thing: string;
	/** Why it can't be taken. */
	cause: string;
	/** What to do. */
	fix: string;
}

/** What was read, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/** "phq-9: bands[2].from: it leaves out 10. Begin it at 10." */
export function faultSaid({ thing, cause, fix }: Fault): string {
	return `${thing}: ${cause}. ${fix}.`;
}

/** Reads data of which nothing is known, and notes what is wrong with it. */
export class Reader {
	readonly faults: Fault[] = [];

	constructor(private readonly name: string) {}

	fault(at: string, cause: string, fix: string): void {
		this.faults.push({ thing: at === '' ? this.name : `${this.name}: ${at}`, cause, fix });
	}

	/** The fields of an object; none where it is not one, or where a field is not known. */
	object(value: unknown, at: string, known: readonly string[]): Record<string, unknown> {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			this.fault(at, 'it is not an object', `Write one with ${known.join(', ')}`);
			return {};
		}
		for (const key of Object.keys(value))
			if (!known.includes(key))
				this.fault(under(at, key), 'it is not known', `Remove it; known are ${known.join(', ')}`);
		return value as Record<string, unknown>;
	}

	list(value: unknown, at: string, countMax: number): unknown[] {
		if (!Array.isArray(value)) {
			this.fault(at, 'it is not a list', 'Write a list, even if it is empty');
			return [];
		}
		if (value.length > countMax) {
			this.fault(at, `it has ${value.length} entries`, `Keep to ${countMax}`);
			return [];
		}
		return value;
	}

	text(value: unknown, at: string, charactersMax: number, mayBeEmpty = false): string {
		if (typeof value !== 'string') {
			this.fault(at, 'it is not a text', 'Write a text');
			return '';
		}
		if (value.trim() === '' && !mayBeEmpty) this.fault(at, 'it is empty', 'Write a text');
		if (value.length > charactersMax)
			this.fault(at, `it has ${value.length} characters`, `Keep to ${charactersMax}`);
		return value;
	}

	whole(value: unknown, at: string, least: number, most: number): number {
		if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
		this.fault(at, 'it is not a whole number that fits', `Write one from ${least} to ${most}`);
		return least;
	}

	oneOf<T extends string>(value: unknown, at: string, all: readonly [T, ...T[]]): T {
		const found = all.find((one) => one === value);
		if (found !== undefined) return found;
		this.fault(at, `“${String(value)}” is not known`, `Write one of ${all.join(', ')}`);
		return all[0];
	}

	done<T>(value: T): Checked<T> {
		return this.faults.length === 0 ? { ok: true, value } : { ok: false, faults: this.faults };
	}
}

/** The place of a field. */
export function under(at: string, key: string | number): string {
	if (typeof key === 'number') return `${at}[${key}]`;
	return at === '' ? key : `${at}.${key}`;
}
