/** Fetching the engine's WASM, which may take minutes on a slow link. */
import init, { WasmEngine } from '../../pkg/kith_client_wasm';
import address from '../../pkg/kith_client_wasm_bg.wasm?url';
import type { KithProblem } from '../bridge/contract';
import { Download, FILES } from './download';
import { StartError } from './problems';
import type { Bytes } from './range';

/** The module's size once unpacked; 0 when the build did not say. */
declare const __CORE_BYTES__: number | undefined;

const TYPE = 'application/wasm';
const download = new Download(address, check);

/**
 * Loads the engine; what an earlier call had of it when the connection broke is not fetched again. `progress` is
 * told the part that is here, or null when it can't be known; a module that is kept already tells nothing. `key`
 * gives the key that rows are sealed with; it is overwritten once the engine has it. Throws a {@link StartError}.
 */
export async function loadCore(
	progress: (part: number | null) => void,
	key: () => Promise<Bytes>,
): Promise<WasmEngine> {
	const response = await fetchCore(progress);
	try {
		await init({ module_or_path: response });
	} catch (error) {
		if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
			throw new StartError(problem('engine-stopped', 'This browser is too old for Kith.', false));
		}
		throw new StartError(problem('offline', 'The connection broke while Kith was loading.', true));
	}
	const bytes = await key();
	try {
		return new WasmEngine(bytes);
	} finally {
		bytes.fill(0);
	}
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
		throw new StartError(
			problem('offline', 'Kith is not on this phone yet, and there is no connection.', true),
		);
	}
}

/**
 * The module as the service worker or the browser's own cache has it: only such a response lets browsers keep the
 * compiled code. Null when neither has it, as while the service worker is being installed.
 */
async function untouched(): Promise<Response | null> {
	const response = await fetch(address, {
		credentials: 'omit',
		cache: 'only-if-cached',
		mode: 'same-origin',
	}).catch(() => null);
	return response?.ok ? response : null;
}

/** Where the service worker keeps files; null where the browser has no such place. */
function openFiles(): Promise<Cache | null> {
	return 'caches' in globalThis ? caches.open(FILES).catch(() => null) : Promise.resolve(null);
}

function check(response: Response): void {
	const type = response.headers.get('content-type') ?? '';
	if (response.ok && type === TYPE && !response.redirected) return;
	if (response.status >= 500)
		throw new StartError(problem('server-error', 'The server could not answer.', true));
	throw new StartError(problem('not-our-server', 'Something else answered in the server’s place.', true));
}

function problem(code: KithProblem['code'], text: string, retry: boolean): KithProblem {
	return { code, text, retry };
}
