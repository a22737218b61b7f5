/** The camera in the page: on while something is to be scanned, and not a moment longer. */
import type { Reader } from '../codes/reader';

/** Why there is no picture. */
export type CameraTrouble = 'none' | 'denied' | 'busy' | 'unknown';
/** How the camera is. */
export type CameraState = 'off' | 'starting' | 'looking' | CameraTrouble;

type Devices = Pick<MediaDevices, 'getUserMedia'>;

/** Between two looks; a slow phone needs the time for the picture itself. */
const LOOK_EVERY_MS = 150;

/** One scan. */
export class Camera {
	state = $state<CameraState>('off');
	#stream: MediaStream | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Counts starts and stops: what was begun before the last of them ends without effect. */
	#turn = 0;

	constructor(
		private readonly devices: Devices | undefined,
		private readonly makeReader: () => Promise<Reader>,
		private readonly lookEveryMs = LOOK_EVERY_MS,
	) {}

	/** Shows the camera in `video` and gives each text that is read, once until another comes. */
	async start(video: HTMLVideoElement, found: (text: string) => void): Promise<void> {
		this.stop();
		const turn = this.#turn;
		this.state = 'starting';
		if (!this.devices) {
			this.state = 'none';
			return;
		}
		try {
			const [stream, reader] = await Promise.all([this.#open(turn, this.devices), this.makeReader()]);
			if (turn !== this.#turn) return;
			video.srcObject = stream;
			await video.play();
			if (turn !== this.#turn) return;
			this.state = 'looking';
			this.#look(turn, video, reader, found, '');
		} catch (error) {
			if (turn !== this.#turn) return;
			this.stop();
			this.state = troubleOf(error);
		}
	}

	/** Turns the camera off. */
	stop(): void {
		this.#turn++;
		clearTimeout(this.#timer);
		for (const track of this.#stream?.getTracks() ?? []) track.stop();
		this.#stream = null;
		this.state = 'off';
	}

	/** Opens the camera; one that opens after the person left is closed at once. */
	async #open(turn: number, devices: Devices): Promise<MediaStream> {
		const stream = await devices.getUserMedia({
			audio: false,
			video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
		});
		if (turn === this.#turn) this.#stream = stream;
		else for (const track of stream.getTracks()) track.stop();
		return stream;
	}

	#look(
		turn: number,
		video: HTMLVideoElement,
		read: Reader,
		found: (text: string) => void,
		last: string,
	): void {
		this.#timer = setTimeout(async () => {
			const text = await read(video).catch(() => null);
			if (turn !== this.#turn) return;
			if (text !== null && text !== '' && text !== last) found(text);
			if (turn === this.#turn) this.#look(turn, video, read, found, text ?? last);
		}, this.lookEveryMs);
	}
}

/** The names are those of the Media Capture specification; some browsers still use older ones. */
export function troubleOf(error: unknown): CameraTrouble {
	const name = error instanceof Error || error instanceof DOMException ? error.name : '';
	if (/NotAllowed|Security|PermissionDenied/.test(name)) return 'denied';
	if (/NotFound|Overconstrained|DevicesNotFound/.test(name)) return 'none';
	if (/NotReadable|Abort|TrackStart/.test(name)) return 'busy';
	return 'unknown';
}
