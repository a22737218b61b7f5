/** Requests to the server. Whatever is not exactly our server's answer is never handed to the engine. */
import type { WasmHttpFailure } from '../../pkg/kith_client_wasm';

const TYPE = 'application/x-kith';
/** What some networks answer with until a person has logged in. */
const NETWORK_LOGIN = 511;

/** What becomes of a request; each call resolves when the engine has taken it. */
export interface HttpSink {
	bytes: (id: number, bytes: Uint8Array) => Promise<void>;
	end: (id: number) => Promise<void>;
	failed: (id: number, failure: WasmHttpFailure) => Promise<void>;
}

/** The requests under way. */
export class Http {
	readonly #running = new Map<number, AbortController>();

	constructor(private readonly sink: HttpSink) {}

	/** Starts a request. The response goes to the sink as it arrives, no faster than it is taken. */
	start(id: number, url: string, body: Uint8Array): void {
		const control = new AbortController();
		this.#running.set(id, control);
		void this.#run(id, url, body, control.signal).finally(() => this.#running.delete(id));
	}

	/** Gives up on a request; nothing more is told of it. */
	abort(id: number): void {
		this.#running.get(id)?.abort();
		this.#running.delete(id);
	}

	async #run(id: number, url: string, body: Uint8Array, signal: AbortSignal): Promise<void> {
		try {
			const response = await fetch(url, {
				method: 'POST',
				body: body as Uint8Array<ArrayBuffer>,
				headers: { 'content-type': TYPE },
				redirect: 'manual',
				credentials: 'omit',
				cache: 'no-store',
				referrerPolicy: 'no-referrer',
				signal,
			});
			const failure = foreign(response);
			if (failure !== null) {
				void response.body?.cancel();
				return await this.sink.failed(id, failure);
			}
			const reader = response.body?.getReader();
			for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
				if (signal.aborted) return;
				await this.sink.bytes(id, part.value);
			}
			if (!signal.aborted) await this.sink.end(id);
		} catch {
			if (!signal.aborted) await this.sink.failed(id, 'unreachable');
		}
	}
}

/** Who answered instead of our server; null: it was ours. */
function foreign(response: Response): WasmHttpFailure | null {
	if (response.type === 'opaqueredirect' || response.redirected) return 'not-our-server';
	if (response.headers.get('content-type') === TYPE) return null;
	return response.status >= 500 && response.status !== NETWORK_LOGIN ? 'server' : 'not-our-server';
}
