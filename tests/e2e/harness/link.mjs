// @ts-check
/** A wire of so many bits a second and so much delay, for all connections of one phone in one direction. */

/** Bytes that travel at once; smaller ones make a smoother wire. */
const PIECE_BYTES = 1_460;
/** So much may wait in the wire before its source has to: two seconds' worth, within bounds. */
const WAITING_BYTES_MAX = 64 * 1024;
const WAITING_S = 2;

/** @typedef {{ bytesPerS: number, delayMs: number, loss?: number }} Shape `loss`: the part that is lost, 0 to 1 */

export class Wire {
	/** @type {Shape | null} null: as fast as it goes */
	shape = null;
	/** Bytes that came out at the far end. */
	carriedBytes = 0;
	/** When it is free again, in `performance.now()` time. */
	#freeAt = 0;
	/** @type {(() => void)[]} */
	#wakeUp = [];
	#held = false;
	#dice = 1;

	/** While held, nothing comes out; what went in comes out later. */
	get held() {
		return this.#held;
	}

	set held(on) {
		this.#held = on;
		for (const wake of this.#wakeUp.splice(0)) wake();
	}

	/**
	 * Carries what one side sends to the other, until either is gone.
	 * @param {import('node:net').Socket} from
	 * @param {import('node:net').Socket} to
	 */
	carry(from, to) {
		/** @type {{ bytes: Buffer | null, at: number }[]} */
		const queue = [];
		let waiting = 0;
		let running = false;
		const run = async () => {
			if (running) return;
			running = true;
			for (let piece = queue[0]; piece; piece = queue[0]) {
				await this.#due(piece.at);
				queue.shift();
				if (piece.bytes === null) to.end();
				else if (to.writable) {
					to.write(piece.bytes);
					waiting -= piece.bytes.length;
					this.carriedBytes += piece.bytes.length;
				}
				if (waiting < this.#room()) from.resume();
			}
			running = false;
		};
		from.on('data', (bytes) => {
			for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
				const piece = bytes.subarray(at, at + PIECE_BYTES);
				queue.push({ bytes: piece, at: this.#time(piece.length) });
			}
			waiting += bytes.length;
			if (waiting >= this.#room()) from.pause();
			void run();
		});
		from.on('end', () => {
			queue.push({ bytes: null, at: this.#time(0) });
			void run();
		});
	}

	/** Forgets what was on its way: the connections that it was for are gone. */
	clear() {
		this.#freeAt = 0;
	}

	#room() {
		if (this.shape === null) return WAITING_BYTES_MAX;
		return Math.min(WAITING_BYTES_MAX, Math.max(2 * PIECE_BYTES, this.shape.bytesPerS * WAITING_S));
	}

	/**
	 * When a piece is out at the far end. A lost one takes its time in the wire again, and is sent again when the
	 * far end has not said for a round trip and a half that it came; what comes behind it waits for it.
	 * @param {number} bytes
	 */
	#time(bytes) {
		if (this.shape === null) return 0;
		const { bytesPerS, delayMs, loss = 0 } = this.shape;
		const start = Math.max(this.#freeAt, performance.now());
		const sendMs = (bytes / bytesPerS) * 1000;
		let times = 1;
		while (bytes > 0 && this.#roll() < loss) times += 1;
		this.#freeAt = start + times * sendMs;
		return this.#freeAt + delayMs + (times - 1) * 3 * delayMs;
	}

	/** From 0 to 1, the same in each run (Lehmer's generator). */
	#roll() {
		this.#dice = (this.#dice * 48_271) % 0x7fff_ffff;
		return this.#dice / 0x7fff_ffff;
	}

	/** @param {number} at */
	async #due(at) {
		const wait = at - performance.now();
		if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
		while (this.#held) await new Promise((resolve) => this.#wakeUp.push(() => resolve(null)));
	}
}
