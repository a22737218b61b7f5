// @ts-check
/** A wire of so many bits a second and so much delay, for all connections of one phone in one direction. */

/** Bytes that travel at once; smaller ones make a smoother wire. */
const PIECE_BYTES = 1_460;
/** So much may wait in the wire before its source has to. */
const WAITING_BYTES_MAX = 64 * 1024;

/** @typedef {{ bytesPerS: number, delayMs: number }} Shape */

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
				if (waiting < WAITING_BYTES_MAX) from.resume();
			}
			running = false;
		};
		from.on('data', (bytes) => {
			for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
				const piece = bytes.subarray(at, at + PIECE_BYTES);
				queue.push({ bytes: piece, at: this.#time(piece.length) });
			}
			waiting += bytes.length;
			if (waiting >= WAITING_BYTES_MAX) from.pause();
			void run();
		});
		from.on('end', () => {
			queue.push({ bytes: null, at: this.#time(0) });
			void run();
		});
	}

	/** @param {number} bytes */
	#time(bytes) {
		if (this.shape === null) return 0;
		this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes / this.shape.bytesPerS) * 1000;
		return this.#freeAt + this.shape.delayMs;
	}

	/** @param {number} at */
	async #due(at) {
		const wait = at - performance.now();
		if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
		while (this.#held) await new Promise((resolve) => this.#wakeUp.push(() => resolve(null)));
	}
}
