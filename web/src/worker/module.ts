/** The engine's WebAssembly module, which is sent packed and unpacked while it comes. */
import init, { initSync, WasmUnpacker } from '../../pkg/kith_unpack_wasm';
import { Download } from './download';
import type { Bytes } from './range';

/** What the module is once it is unpacked, and how it is kept: under the address of the packed one. */
export const MODULE_TYPE = 'application/wasm';

/** A packed module is asked for from any byte on. */
const STEP_BYTES = 1;

/** A module's download; what came stays when it breaks, packed and unpacked. */
export class ModuleDownload {
	readonly #packed: Download;
	readonly #unpackerFile: Download;
	#unpacker: WasmUnpacker | null = null;
	#taken = 0;

	/** Addresses of the packed module and of what unpacks it; `check` as for a {@link Download}. */
	constructor(packed: string | URL, unpacker: string | URL, check: (response: Response) => void) {
		this.#packed = new Download(packed, check, STEP_BYTES);
		this.#unpackerFile = new Download(unpacker, check);
	}

	/**
	 * The module as a response of {@link MODULE_TYPE}. Throws what broke the connection, and may then be called
	 * again; or says that what came is no module, and begins anew when it is called again. `progress` is told how
	 * many packed bytes are here.
	 */
	async go(progress: (bytes: number) => void): Promise<Response> {
		const unpacker = (this.#unpacker ??= await this.#load());
		try {
			const whole = await this.#packed.go((bytes, part) => {
				this.#take(unpacker, part, bytes - part.length);
				progress(bytes);
			});
			await whole.body?.cancel();
			return new Response(unpacker.end() as Uint8Array<ArrayBuffer>, {
				headers: { 'content-type': MODULE_TYPE },
			});
		} catch (error) {
			// The unpacker throws sentences; after one neither it nor what came is of use.
			if (typeof error !== 'string') throw error;
			this.#forget();
			throw new Error(error, { cause: error });
		}
	}

	async #load(): Promise<WasmUnpacker> {
		await init({ module_or_path: await this.#unpackerFile.go(() => {}) });
		return new WasmUnpacker();
	}

	/** Takes what of a part is new: what came before a cut may come again. */
	#take(unpacker: WasmUnpacker, part: Uint8Array, at: number): void {
		const fresh = part.subarray(Math.max(0, this.#taken - at));
		if (fresh.length > 0) unpacker.take(fresh);
		this.#taken += fresh.length;
	}

	#forget(): void {
		this.#unpacker?.free();
		this.#unpacker = null;
		this.#taken = 0;
		this.#packed.forget();
	}
}

/** Unpacks a whole module before it returns; `unpacker` gives what unpacks it. Throws a sentence for what is no module. */
export function unpackNow(packed: Bytes, unpacker: () => Bytes): Bytes {
	initSync({ module: unpacker() });
	const one = new WasmUnpacker();
	one.take(packed);
	return one.end() as Bytes;
}
