/** The files of the engine's two modules: packed on their way, unpacked where they are kept. */
import unpacker from '../../pkg/kith_unpack_wasm_bg.wasm?url';
import { FILE_LOCK, FILES } from './download';
import { MODULE_TYPE, ModuleDownload, unpackNow } from './module';
import { StartError } from './problems';
import type { Bytes } from './range';

/** Of the unpacker and of what it unpacks. */
const TYPES = [MODULE_TYPE, 'application/octet-stream'];

/** One module's file. */
export class HalfFile {
	readonly #download: ModuleDownload;

	constructor(private readonly address: string) {
		this.#download = new ModuleDownload(address, unpacker, check);
	}

	/** The module from where it is kept; null where it is not. */
	async kept(): Promise<Response | null> {
		const kept = await (await openFiles())?.match(this.address);
		return kept ? ((await this.#untouched()) ?? kept) : null;
	}

	/**
	 * The module, downloaded unless it is kept; what an earlier call had of it when the connection broke is not fetched
	 * again. `progress` is told how many packed bytes are here. Throws a {@link StartError}.
	 */
	async come(progress: (bytes: number) => void): Promise<Response> {
		const files = await openFiles();
		try {
			const kept = await this.kept();
			if (kept) return kept;
			const response = await this.#download.go(progress);
			// So that the service worker need not fetch it; on a full phone it will try for itself.
			await files?.put(this.address, response.clone()).catch(() => {});
			return response;
		} catch (error) {
			if (error instanceof StartError) throw error;
			throw offline();
		}
	}

	/** As {@link come}, but waits for the service worker where that is fetching it. */
	comeOnce(): Promise<Response> {
		const { pathname } = new URL(this.address, self.location.href);
		return navigator.locks.request(FILE_LOCK + pathname, () => this.come(() => {}));
	}

	/** The module before this returns: nothing else happens in the worker meanwhile. Throws a {@link StartError}. */
	now(): Bytes {
		const [bytes, type] = readNow(this.address);
		return type === MODULE_TYPE ? bytes : unpackNow(bytes, () => readNow(unpacker)[0]);
	}

	/** What is kept is of no use. */
	async forget(): Promise<void> {
		await (await openFiles())?.delete(this.address);
	}

	/**
	 * The module as the service worker has it: only such a response lets browsers keep the compiled code. Null while no
	 * service worker is there; the browser's own cache has the packed one.
	 */
	async #untouched(): Promise<Response | null> {
		const response = await fetch(this.address, {
			credentials: 'omit',
			cache: 'only-if-cached',
			mode: 'same-origin',
		}).catch(() => null);
		return response?.ok && typeOf(response) === MODULE_TYPE ? response : null;
	}
}

/** Where the service worker keeps files; null where the browser has no such place. */
function openFiles(): Promise<Cache | null> {
	return 'caches' in globalThis ? caches.open(FILES).catch(() => null) : Promise.resolve(null);
}

/** A file and its type, read at once; the service worker or the browser's own cache may have it. */
function readNow(address: string): [Bytes, string] {
	const request = new XMLHttpRequest();
	request.open('GET', address, false);
	request.responseType = 'arraybuffer';
	try {
		request.send();
	} catch {
		throw offline();
	}
	const { status, responseURL } = request;
	const type = request.getResponseHeader('content-type') ?? '';
	const redirected = responseURL !== new URL(address, self.location.href).href;
	check({ ok: status === 200, status, redirected, headers: new Headers({ 'content-type': type }) });
	return [new Uint8Array(request.response as ArrayBuffer), type];
}

function check(response: Pick<Response, 'ok' | 'status' | 'redirected' | 'headers'>): void {
	// A login page of some Wi-Fi is the one thing that may come in its place.
	if (response.ok && TYPES.includes(typeOf(response)) && !response.redirected) return;
	if (response.status >= 500) throw new StartError({ code: 'server-error', retry: true });
	throw new StartError({ code: 'not-our-server', retry: true });
}

function offline(): StartError {
	return new StartError({ code: 'offline', retry: true });
}

function typeOf({ headers }: Pick<Response, 'headers'>): string {
	return headers.get('content-type') ?? '';
}
