/** Fetching the engine's WASM, which may take a minute on a slow link. */
import init, { WasmEngine } from '../../pkg/kith_client_wasm';
import address from '../../pkg/kith_client_wasm_bg.wasm?url';
import type { KithProblem } from '../bridge/contract';
import { StartError } from './problems';
import type { Bytes } from './range';

/** The module's size once unpacked; 0 when the build did not say. */
declare const __CORE_BYTES__: number | undefined;

const TYPE = 'application/wasm';

/**
 * Loads the engine. `progress` is told the part that is here, or null when it can't be known; a module from the
 * browser's cache tells nothing. `key` gives the key that rows are sealed with; it is overwritten once the engine
 * has it. Throws a {@link StartError}.
 */
export async function loadCore(
	progress: ((part: number | null) => void) | null,
	key: () => Promise<Bytes>,
): Promise<WasmEngine> {
	const response = await fetchCore();
	try {
		// Only the untouched response lets browsers keep the compiled code, so counting is for the first time.
		await init({
			module_or_path: progress && response.body ? counted(response, response.body, progress) : response,
		});
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

async function fetchCore(): Promise<Response> {
	let response: Response;
	try {
		response = await fetch(address, { credentials: 'omit' });
	} catch {
		throw new StartError(
			problem('offline', 'Kith is not on this phone yet, and there is no connection.', true),
		);
	}
	const type = response.headers.get('content-type') ?? '';
	if (response.ok && type === TYPE && !response.redirected) return response;
	if (response.status >= 500)
		throw new StartError(problem('server-error', 'The server could not answer.', true));
	throw new StartError(problem('not-our-server', 'Something else answered in the server’s place.', true));
}

function counted(
	response: Response,
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
	progress: (part: number | null) => void,
): Response {
	const whole = typeof __CORE_BYTES__ === 'number' ? __CORE_BYTES__ : 0;
	let here = 0;
	const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
		transform(chunk, controller) {
			here += chunk.length;
			progress(whole > 0 ? Math.min(1, here / whole) : null);
			controller.enqueue(chunk);
		},
	});
	return new Response(body.pipeThrough(count), {
		status: response.status,
		headers: { 'content-type': TYPE },
	});
}

function problem(code: KithProblem['code'], text: string, retry: boolean): KithProblem {
	return { code, text, retry };
}
