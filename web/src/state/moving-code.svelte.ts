/** A moving code on the screen: which of its pictures is shown, and when the next one is. */
import { BYTES_MAX, cutOf, type MovingKind } from '../codes/moving/frame';
import { framesOf } from '../codes/moving/make';

/** Between two pictures: a camera that needs a tenth of a second for one sees most of them whole. No place of the code
 * flashes more than twice in a second, of the three at which flashes may harm. */
const PACE_MS = 250;
/** For slow cameras, and for whoever asked their phone for less motion. */
const SLOW_PACE_MS = 500;

/** Why nothing is shown. */
export type MovingTrouble = 'empty' | 'tooLarge';

/** Whether these bytes can be shown as a moving code; else they go as a file. */
export function movingTrouble(bytes: Uint8Array): MovingTrouble | null {
	if (bytes.length === 0) return 'empty';
	return bytes.length > BYTES_MAX ? 'tooLarge' : null;
}

/** One moving code. */
export class MovingCode {
	/** The picture's code; empty while the first one is made, and where there is none. */
	text = $state('');
	trouble = $state<MovingTrouble | null>(null);
	paused = $state(false);
	slow = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Counts starts and stops: what was begun before the last of them ends without effect. */
	#turn = 0;

	/** `calm`: begins at the slow pace. */
	constructor(calm: boolean) {
		this.slow = calm;
	}

	/** Shows these bytes, until it is stopped. */
	async start(kind: MovingKind, bytes: Uint8Array): Promise<void> {
		this.stop();
		const turn = this.#turn;
		this.trouble = movingTrouble(bytes);
		if (this.trouble) return;
		const frame = await framesOf(kind, bytes);
		if (turn === this.#turn) this.#show(turn, frame, 0);
	}

	/** Shows nothing more. */
	stop(): void {
		this.#turn++;
		clearTimeout(this.#timer);
		this.text = '';
	}

	/** How long the other phone takes at least, ms, for so many bytes. */
	leastMs(length: number): number {
		return cutOf(length).count * this.#pace;
	}

	get #pace(): number {
		return this.slow ? SLOW_PACE_MS : PACE_MS;
	}

	#show(turn: number, frame: (number: number) => string, number: number): void {
		if (turn !== this.#turn) return;
		const next = this.paused ? number : number + 1;
		if (!this.paused || number === 0) this.text = frame(number);
		this.#timer = setTimeout(() => this.#show(turn, frame, next), this.#pace);
	}
}
