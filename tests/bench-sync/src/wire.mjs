// @ts-check
/**
 * When bytes come out at the far end of a bad link: arithmetic alone, without sockets or a clock. One direction of one
 * link, which all its connections share.
 */

/** Bytes of a full TCP segment. */
export const SEGMENT_BYTES = 1_460;
/** Segments that TCP sends before it has heard anything (RFC 6928). */
const FIRST_WINDOW = 10;

/**
 * `bytesPerS`: 0 for as many as there are. `roundTripMs`: both ways together. `loss`: the part of all segments that is
 * lost, 0 to 1.
 * @typedef {{ bytesPerS: number, roundTripMs: number, loss: number }} Shape
 */

/** Chance that a seed repeats (mulberry32): from 0 to 1. */
export class Dice {
	#state;

	/** @param {number} seed */
	constructor(seed) {
		this.#state = seed >>> 0;
	}

	roll() {
		this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	}
}

export class Wire {
	#shape;
	#dice;
	/** When it is free again. */
	#freeAt = 0;
	/** Segments that were lost so far. */
	lost = 0;

	/**
	 * @param {Shape} shape
	 * @param {number} seed of what is lost
	 */
	constructor(shape, seed) {
		this.#shape = shape;
		this.#dice = new Dice(seed);
	}

	/** One connection's flow through it. */
	flow() {
		return new Flow((bytes, at) => this.#pass(bytes, at), this.#shape);
	}

	/**
	 * A segment takes its turn; a lost one again, a round trip after the far end missed it.
	 * @param {number} bytes
	 * @param {number} at ms, when it is ready to go
	 * @returns {number} ms, when it is out at the far end
	 */
	#pass(bytes, at) {
		const { bytesPerS, roundTripMs, loss } = this.#shape;
		const takes = bytesPerS > 0 ? (bytes / bytesPerS) * 1_000 : 0;
		let ready = Math.max(at, this.#freeAt);
		this.#freeAt = ready + takes;
		while (loss > 0 && this.#dice.roll() < loss) {
			this.lost += 1;
			// What is behind it goes on meanwhile: the wire is busy with the second copy for as long as with the first.
			ready += roundTripMs;
			this.#freeAt += takes;
		}
		return ready + takes + roundTripMs / 2;
	}
}

/** What one connection sends in one direction: in order, and no more at once than TCP has room for. */
export class Flow {
	#pass;
	#roundTripMs;
	/** When each segment of the window is acknowledged, the earliest first. @type {number[]} */
	#acks = [];
	#window = FIRST_WINDOW;
	/** Nothing overtakes what is before it. */
	#lastOut = 0;

	/**
	 * @param {(bytes: number, at: number) => number} pass
	 * @param {Shape} shape
	 */
	constructor(pass, shape) {
		this.#pass = pass;
		this.#roundTripMs = shape.roundTripMs;
	}

	/**
	 * When a piece of at most {@link SEGMENT_BYTES} that is sent at `at` is out at the far end, in ms.
	 * @param {number} bytes
	 * @param {number} at
	 */
	send(bytes, at) {
		let ready = at;
		while (this.#acks.length > 0 && (this.#acks[0] ?? 0) <= ready) this.#acked();
		while (this.#acks.length >= this.#window) {
			ready = Math.max(ready, this.#acks[0] ?? 0);
			this.#acked();
		}
		const out = Math.max(this.#pass(bytes, ready), this.#lastOut);
		this.#lastOut = out;
		this.#acks.push(out + this.#roundTripMs / 2);
		return out;
	}

	/** Each acknowledged segment makes room for two (slow start). */
	#acked() {
		this.#acks.shift();
		this.#window += 1;
	}
}
