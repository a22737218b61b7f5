/** Fetching the engine's WASM, packed, which may take minutes on a slow link. */
import init, { WasmEngine } from '../../pkg/kith_client_wasm';
import address from '../../pkg/kith_client_wasm.pack?url';
import secondAddress from '../../pkg/kith_client_second.pack?url';
import { HalfFile } from './half';
import { StartError } from './problems';
import type { Bytes } from './range';
import { Second } from './second';

/** The module's size as it is sent; 0 when the build did not say. */
declare const __CORE_BYTES__: number | undefined;

let isHere = false;
const first = new HalfFile(address);
/** The second module, which nothing of the first waits for. */
export const second = new Second(new HalfFile(secondAddress));

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
	const whole = typeof __CORE_BYTES__ === 'number' ? __CORE_BYTES__ : 0;
	const response = await first.come((here) => progress(whole > 0 ? Math.min(1, here / whole) : null));
	try {
		second.join({ ...(await init({ module_or_path: response })) });
	} catch (error) {
		if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
			throw new StartError({ code: 'engine-stopped', why: 'too-old', retry: false });
		}
		throw new StartError({ code: 'offline', retry: true });
	}
	isHere = true;
	void second.loadKept();
}
