/** Gathers the frames that a camera reads into the whole, in any order, and never those of two codes into one. */
import { wholeOf } from './blocks';
import { cutOf, idOf, readFrame, type Frame, type MovingKind, type NoFrame } from './frame';

/** So many frames in a row make another code the one that is followed, once it has more of them: nobody's comes by passing. */
const FOLLOW_AFTER = 8;
/** Two codes are in view when, of the last so many frames, so many were not of the one that is followed. */
const LOOKED_BACK = 8;
const STRAY_MAX = 1;

/** One code's frames. */
interface Code {
	kind: MovingKind;
	id: string;
	length: number;
	/** Never more than the whole has blocks. */
	frames: Map<number, Uint8Array>;
}

/** What a text was: a frame that brings something, one that was there before, one of another code, or none. */
export type Taken = 'new' | 'known' | 'another' | NoFrame;

/**
 * Follows the code that it saw first. Of one other it keeps the frames as well: once that one has more, and is alone in
 * view, it is followed instead, as when somebody turned to another phone. It holds two wholes at most, each of
 * `BYTES_MAX`.
 */
export class Gatherer {
	#followed: Code | null = null;
	#other: Code | null = null;
	/** Frames of others since the last one of the followed. */
	#run = 0;
	/** Of the last frames, which were of others. */
	#strays: boolean[] = [];

	constructor(private readonly kind: MovingKind) {}

	/** The part of the followed code that is here, 0 to 1; each frame that brings something brings as much. */
	get share(): number {
		return this.#followed ? this.#followed.frames.size / countOf(this.#followed) : 0;
	}

	/** Two codes are in view, or another than the one that is followed. */
	get mixed(): boolean {
		return this.#strays.filter(Boolean).length > STRAY_MAX;
	}

	/** Takes a code's text. */
	take(text: string): Taken {
		const frame = readFrame(text);
		if (typeof frame === 'string') return frame;
		if (frame.kind !== this.kind) return 'other';
		this.#followed ??= codeOf(frame);
		const stray = !isOf(this.#followed, frame);
		this.#strays = [...this.#strays, stray].slice(-LOOKED_BACK);
		if (!stray) {
			this.#run = 0;
			return keep(this.#followed, frame) ? 'new' : 'known';
		}
		this.#run++;
		if (!this.#other || !isOf(this.#other, frame)) {
			this.#other = codeOf(frame);
			this.#run = 1;
		}
		const fresh = keep(this.#other, frame);
		if (this.#run < FOLLOW_AFTER || !isAhead(this.#other, this.#followed)) return 'another';
		this.#turn();
		return fresh ? 'new' : 'known';
	}

	/**
	 * The whole, once all of it is here, else null. Frames that each pass and together are not what they say they are of
	 * are let go, and all begins anew.
	 */
	async whole(): Promise<Uint8Array | null> {
		const code = this.#followed;
		if (!code || code.frames.size < countOf(code)) return null;
		const bytes = wholeOf(code.length, code.frames);
		if ((await idOf(code.kind, bytes)) === code.id) return bytes;
		if (this.#followed === code) this.#turn(true);
		return null;
	}

	/** Follows the other; the one before is kept in its place, unless it is false. */
	#turn(isFalse = false): void {
		[this.#followed, this.#other] = [this.#other, isFalse ? null : this.#followed];
		this.#run = 0;
		this.#strays = [];
	}
}

const countOf = ({ length }: Code): number => cutOf(length).count;

function codeOf({ kind, id, length }: Frame): Code {
	return { kind, id, length, frames: new Map() };
}

function isOf(code: Code, { kind, id, length }: Frame): boolean {
	return code.id === id && code.kind === kind && code.length === length;
}

function isAhead(one: Code, other: Code): boolean {
	return one.frames.size > other.frames.size || one.frames.size === countOf(one);
}

function keep({ frames, length }: Code, { number, block }: Frame): boolean {
	if (frames.has(number) || frames.size === cutOf(length).count) return false;
	frames.set(number, block);
	return true;
}
