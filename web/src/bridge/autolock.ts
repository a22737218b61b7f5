/** Locks what nobody touches or looks at. */

const MINUTE_MS = 60_000;
const LOOK_MS = 5_000;
/** Other pages need not hear of every touch. */
const TELL_MS = 10_000;
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'];

/**
 * The clock of one page. A phone may freeze a page out of sight, and its timers with it: then it locks the moment
 * it is looked at again, before anything is shown; until then its memory holds what it held.
 */
export class AutoLock {
	#afterMs: number | null = null;
	#touched = now();
	#toldMs = -Infinity;
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor(
		private readonly lock: () => void,
		private readonly tell: () => void,
	) {}

	/** After so many minutes from now on; null: never. */
	set(minutes: number | null): void {
		const afterMs = minutes === null ? null : minutes * MINUTE_MS;
		if (afterMs === this.#afterMs) return;
		this.#afterMs = afterMs;
		this.#touched = now();
		clearInterval(this.#timer);
		for (const type of TOUCHES) removeEventListener(type, this.#touch, true);
		document.removeEventListener('visibilitychange', this.#look);
		if (afterMs === null) return;
		for (const type of TOUCHES) addEventListener(type, this.#touch, { capture: true, passive: true });
		document.addEventListener('visibilitychange', this.#look);
		this.#timer = setInterval(this.#look, LOOK_MS);
	}

	/** Another page is in use. */
	touchedElsewhere(): void {
		this.#touched = now();
	}

	readonly #touch = (): void => {
		// The touch that wakes a phone must not keep open what should have locked.
		if (this.#look()) return;
		this.#touched = now();
		if (this.#touched.runMs - this.#toldMs < TELL_MS) return;
		this.#toldMs = this.#touched.runMs;
		this.tell();
	};

	readonly #look = (): boolean => {
		if (this.#afterMs === null || idleMs(this.#touched) < this.#afterMs) return false;
		document.documentElement.style.display = 'none';
		this.lock();
		return true;
	};
}

/** A moment by both clocks. */
interface Moment {
	/** By the one that people set. */
	dayMs: number;
	/** By the one that nobody sets, and that goes slow while a phone sleeps. */
	runMs: number;
}

function now(): Moment {
	return { dayMs: Date.now(), runMs: performance.now() };
}

/** How long ago, by the clock that says more: setting one back keeps nothing open. */
function idleMs(since: Moment): number {
	const { dayMs, runMs } = now();
	return Math.max(dayMs - since.dayMs, runMs - since.runMs);
}
