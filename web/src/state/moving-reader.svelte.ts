/** Reads a moving code with the camera: how much of it is here, and what to do when nothing comes. */
import type { MovingKind } from '../codes/moving/frame';
import { Gatherer, type Taken } from '../codes/moving/gather';
import type { Reader } from '../codes/reader';
import { Camera } from './camera.svelte';

/** Between two looks: each picture that is missed is one more to wait for. */
const LOOK_EVERY_MS = 40;
/** After so long without a picture, a person is told what to do. */
const UNSEEN_MS = 10_000;

/** What a person is told: another code is in view, it is none for here, it begins anew, or nothing was read. */
export type MovingNotice = 'mixed' | 'other' | 'newer' | 'again' | 'unseen';

/** One reading. It outlives the camera: what was read before a page was hidden is still here afterwards. */
export class MovingReader {
	readonly camera: Camera;
	/** How much of it is here, 0 to 1. */
	share = $state(0);
	notice = $state<MovingNotice | null>(null);
	/** All of it is here, and was given. */
	done = $state(false);
	readonly #gatherer: Gatherer;
	#again = false;
	#unseen: ReturnType<typeof setTimeout> | undefined;

	/** `got`: is given the whole, once. */
	constructor(
		kind: MovingKind,
		devices: Pick<MediaDevices, 'getUserMedia'> | undefined,
		makeReader: () => Promise<Reader>,
		private readonly got: (bytes: Uint8Array) => void,
	) {
		this.#gatherer = new Gatherer(kind);
		this.camera = new Camera(devices, makeReader, LOOK_EVERY_MS);
	}

	/** Looks through the camera, which is shown in `video`. */
	async start(video: HTMLVideoElement): Promise<void> {
		if (this.done) return;
		await this.camera.start(video, (text) => void this.#take(text));
		if (this.camera.state === 'looking') this.#wait();
	}

	/** Turns the camera off. */
	stop(): void {
		clearTimeout(this.#unseen);
		this.camera.stop();
	}

	async #take(text: string): Promise<void> {
		const taken = this.#gatherer.take(text);
		// A misread picture says nothing.
		if (this.done || taken === 'damaged') return;
		this.#wait();
		this.#tell(taken);
		if (this.share < 1) return;
		const whole = await this.#gatherer.whole();
		if (this.done) return;
		if (whole) {
			this.done = true;
			this.notice = null;
			this.stop();
			this.got(whole);
		} else {
			this.#again = true;
			this.#tell('new');
		}
	}

	#tell(taken: Taken): void {
		this.share = this.#gatherer.share;
		if (taken === 'other' || taken === 'newer') this.notice = taken;
		else if (this.#gatherer.mixed) this.notice = 'mixed';
		else this.notice = this.#again ? 'again' : null;
	}

	#wait(): void {
		clearTimeout(this.#unseen);
		this.#unseen = setTimeout(() => (this.notice = 'unseen'), UNSEEN_MS);
	}
}
