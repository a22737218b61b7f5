/**
 * A file that comes in spite of cuts. Browsers throw away what they have of a compressed file when its connection
 * breaks, so what came is kept here, and only the rest is asked for: `?from=` bytes of the file as it is. A server
 * that knows no rests sends the whole, and says so by saying nothing.
 */

/** Where rests begin of a file that is compressed on its way: multiples of so many bytes. The server's `REST_STEP_BYTES`. */
const STEP_BYTES = 16_384;
const FROM = 'kith-from';

/** What the service worker keeps files in, under their addresses. */
export const FILES = 'kith-files-1';
/** The Web Lock of whoever fetches a packed module, followed by its path: what two want comes once. */
export const FILE_LOCK = 'kith-file-';

type Progress = (bytes: number, part: Uint8Array) => void;

/** One file's download. The address must name the content: parts of two versions would be put together. */
export class Download {
	#parts: Uint8Array<ArrayBuffer>[] = [];
	#here = 0;

	/** `check` throws for a response that is not our server's file; rests begin at multiples of `step` bytes. */
	constructor(
		private readonly address: string | URL,
		private readonly check: (response: Response) => void,
		private readonly step = STEP_BYTES,
	) {}

	/**
	 * Goes on until all is here, as long as each attempt brings something. Throws what broke the last one; what
	 * came stays, and it may be called again. `progress` is told how many bytes are here, and the last of them.
	 */
	async go(progress: Progress): Promise<Response> {
		for (;;) {
			const before = this.#here;
			try {
				return await this.#attempt(progress);
			} catch (error) {
				if (this.#here <= before) throw error;
			}
		}
	}

	/** Begins anew. */
	forget(): void {
		this.#cutTo(0);
	}

	async #attempt(progress: Progress): Promise<Response> {
		const from = this.#here - (this.#here % this.step);
		const rest = from === 0 ? this.address : `${this.address}?from=${from}`;
		const response = await fetch(rest, { credentials: 'omit' });
		this.check(response);
		this.#cutTo(response.headers.get(FROM) === String(from) ? from : 0);
		const reader = response.body?.getReader();
		for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
			this.#parts.push(part.value);
			this.#here += part.value.length;
			progress(this.#here, part.value);
		}
		const type = response.headers.get('content-type') ?? '';
		return new Response(new Blob(this.#parts), { headers: { 'content-type': type } });
	}

	/** Forgets what lies behind so many bytes. */
	#cutTo(bytes: number): void {
		let left = bytes;
		this.#parts = this.#parts.flatMap((part) => {
			const kept = part.subarray(0, left);
			left -= kept.length;
			return kept.length > 0 ? [kept] : [];
		});
		this.#here = bytes - left;
	}
}
