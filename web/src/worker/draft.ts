/** Words begun and not sent: sealed like all else, and erased with the vault. */
import type { WasmEngine } from '../../pkg/kith_client_wasm';
import type { Command } from '../bridge/contract';
import type { AnyReply } from '../bridge/protocol';
import { draftProblem } from './problems';
import type { Bytes } from './range';
import { failureOf, type Store } from './store';

type Draft = Extract<Command, { cmd: 'readDraft' | 'writeDraft' }>;

/** Reads or keeps a draft. One that does not unseal is gone: it was the person's own, and is not worth a stop. */
export async function draft(engine: WasmEngine, store: Store, command: Draft): Promise<AnyReply> {
	const { key } = command;
	try {
		if (command.cmd === 'readDraft') {
			const sealed = await store.readOwn(key);
			return { ok: true, value: { text: (sealed && engine.openOwn(key, sealed)) ?? '' } };
		}
		const { text } = command;
		await store.writeOwn(key, text === '' ? null : (engine.sealOwn(key, text) as Bytes));
		return { ok: true, value: null };
	} catch (error) {
		return { ok: false, problem: draftProblem(failureOf(error) === 'full') };
	}
}
