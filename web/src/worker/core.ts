/** Fetching the engine's WASM, packed, which may take minutes on a slow link. */
import init, { WasmEngine } from '../../pkg/kith_client_wasm';
import address from '../../pkg/kith_client_wasm.pack?url';
import unpacker from '../../pkg/kith_unpack_wasm_bg.wasm?url';
import { FILES } from './download';
import { MODULE_TYPE, ModuleDownload } from './module';
import { StartError } from './problems';
import type { Bytes } from './range';

/** The module's size as it is sent; 0 when the build did not say. */
declare const __CORE_BYTES__: number | undefined;

let isHere = false;
/** Of the unpacker and of what it unpacks. */
const TYPES = [MODULE_TYPE, 'application/octet-stream'];
const download = new ModuleDownload(address, unpacker, check);

/**
 * Loads the engine; what an earlier call had of it when the connection broke is not fetched again. `progress` is
 * told the part that is here, or null when it can't be known; a module that is kept already tells nothing. `key`
 * gives the key that rows are sealed with; it is overwritten once the engine has it. Throws a {@link StartError}.
 */
export async function loadCore(
	progress: (part: number | null) => void,
	key: () => Promise<Bytes>,
): Promise<WasmEngine> {
	await initCore(progress);
	const bytes = await key();
	try {
		return new WasmEngine(bytes);
	} finally {
		bytes.fill(0);
	}
}

/** As {@link loadCore}, for the functions of the core that need no engine; a second time it does nothing. */
export async function initCore(progress: (part: number | null) => void): Promise<void> {
	if (isHere) return;
	const response = await fetchCore(progress);
	try {
		await init({ module_or_path: response });
	} catch (error) {
		if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
			throw new StartError({ code: 'engine-stopped', why: 'too-old', retry: false });
		}
		throw new StartError({ code: 'offline', retry: true });
	}
	isHere = true;
}

async function fetchCore(progress: (part: number | null) => void): Promise<Response> {
	const whole = typeof __CORE_BYTES__ === 'number' ? __CORE_BYTES__ : 0;
	const files = await openFiles();
	try {
		const kept = await files?.match(address);
		if (kept) return (await untouched()) ?? kept;
		const response = await download.go((here) => progress(whole > 0 ? Math.min(1, here / whole) : null));
		// So that the service worker need not fetch it; on a full phone it will try for itself.
		await files?.put(address, response.clone()).catch(() => {});
		return response;
	} catch (error) {
		if (error instanceof StartError) throw error;
		throw new StartError({ code: 'offline', retry: true });
	}
}

/**
 * The module as the service worker has it: only such a response lets browsers keep the compiled code. Null while no
 * service worker is there; the browser's own cache has the packed one.
 */
async function untouched(): Promise<Response | null> {
	const response = await fetch(address, {
		credentials: 'omit',
		cache: 'only-if-cached',
		mode: 'same-origin',
	}).catch(() => null);
	return response?.ok && typeOf(response) === MODULE_TYPE ? response : null;
}

/** Where the service worker keeps files; null where the browser has no such place. */
function openFiles(): Promise<Cache | null> {
	return 'caches' in globalThis ? caches.open(FILES).catch(() => null) : Promise.resolve(null);
}

function check(response: Response): void {
	// A login page of some Wi-Fi is the one thing that may come in its place.
	if (response.ok && TYPES.includes(typeOf(response)) && !response.redirected) return;
	if (response.status >= 500) throw new StartError({ code: 'server-error', retry: true });
	throw new StartError({ code: 'not-our-server', retry: true });
}

function typeOf(response: Response): string {
	return response.headers.get('content-type') ?? '';
}
