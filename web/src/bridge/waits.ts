/**
 * Counts waits after wrong PINs down, by a clock that nobody sets: a time of day that was stored would be over as soon
 * as somebody sets the phone's clock forward, and long if they set it back. So a wait runs while Kith is open, in this
 * tab or another; what of it has passed is kept every few seconds, and starting anew goes on there.
 */
import type { VaultId } from './door';
import type { VaultRecord, Wait } from './vaults';

/** So often what has passed is kept: a page that ends earlier repeats no more than that. */
export const KEEP_EACH_MS = 5_000;
/** A store that keeps nothing is not asked all the time. */
const KEEP_LEAST_MS = 250;

type Change = (
	vault: VaultId,
	change: (record: VaultRecord) => VaultRecord | null,
) => Promise<VaultRecord | null>;

/** A wait as this page met it. */
interface Met extends Wait {
	/** By `performance.now`. */
	atMs: number;
}

/**
 * The waits of one page. Each page counts from where it met a wait: never from more than was left then, so that several
 * pages agree however often they keep what they counted.
 */
export class Waits {
	readonly #met = new Map<VaultId, Met>();
	/** What has passed will be kept at a time that is set. */
	#due = false;

	constructor(
		private readonly change: Change,
		/** Has everything that is stored met anew. */
		private readonly look: () => void,
	) {}

	/** Takes what is stored; gives when the wait is over, by `performance.now`. 0: there is none. */
	meet({ id: vault, wait }: Pick<VaultRecord, 'id' | 'wait'>): number {
		if (!wait) {
			this.#met.delete(vault);
			return 0;
		}
		const nowMs = performance.now();
		const known = this.#met.get(vault);
		// Another page may have counted more: it was open before.
		const goesOn = known?.id === wait.id && leftOf(known, nowMs) <= wait.leftMs;
		const met = goesOn ? known : { ...wait, atMs: nowMs };
		this.#met.set(vault, met);
		this.#keepSoon(met);
		return met.atMs + met.leftMs;
	}

	/** Keeps what has passed of a vault's wait. */
	async keep(vault: VaultId): Promise<void> {
		const met = this.#met.get(vault);
		if (!met) return;
		await this.change(vault, (record) => {
			const leftMs = leftOf(met, performance.now());
			if (record.wait?.id !== met.id || record.wait.leftMs <= leftMs) return null;
			return { ...record, wait: leftMs > 0 ? { id: met.id, leftMs } : null };
		});
	}

	#keepSoon(met: Met): void {
		if (this.#due) return;
		this.#due = true;
		const inMs = Math.min(KEEP_EACH_MS, Math.max(leftOf(met, performance.now()), KEEP_LEAST_MS));
		setTimeout(() => void this.#keepAll(), inMs);
	}

	async #keepAll(): Promise<void> {
		for (const vault of [...this.#met.keys()]) await this.keep(vault).catch(() => {});
		this.#due = false;
		// Meeting what is left sets the next time.
		this.look();
	}
}

function leftOf(met: Met, nowMs: number): number {
	return Math.max(0, met.leftMs - (nowMs - met.atMs));
}
