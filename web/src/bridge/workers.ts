/** Making the engine's worker, and making another when one dies: a bounded number of times. */
import { scriptAddress } from '../trusted';
import workerAddress from '../worker/engine.ts?worker&url';
import type { VaultId } from './door';
import type { FromWorker, KeyAsk, KeyReply, Pass, ToWorker } from './protocol';

/** So many new workers within {@link RESTARTS_WITHIN_MS}, then no more. */
const RESTARTS_MAX = 3;
const RESTARTS_WITHIN_MS = 60_000;
const RESTART_AFTER_MS = 250;
/** A script that did not come is asked for again, at first after so long. */
const LOAD_AGAIN_FIRST_MS = 1_000;
const LOAD_AGAIN_LONGEST_MS = 30_000;

/** Told when a worker died, and whether another one follows. */
export type OnDeath = (text: string, final: boolean) => void;

function newWorker(): Worker {
	return new Worker(scriptAddress(workerAddress), { type: 'module', name: 'kith-engine' });
}

/**
 * Has a worker of its own handle keys; it ends with its answer, and its memory with it. Never throws; waits as long as
 * the network does not let its script through.
 */
export async function askKeys(ask: KeyAsk): Promise<KeyReply> {
	for (let wait = LOAD_AGAIN_FIRST_MS; ; wait = Math.min(wait * 2, LOAD_AGAIN_LONGEST_MS)) {
		const reply = await askOnce(ask);
		if (reply) return reply;
		await new Promise((resolve) => setTimeout(resolve, wait));
	}
}

/** Null: the script did not come. */
function askOnce(ask: KeyAsk): Promise<KeyReply | null> {
	return new Promise((resolve) => {
		const worker = newWorker();
		const end = (reply: KeyReply | null): void => {
			worker.terminate();
			resolve(reply);
		};
		worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
			if (data.kind === 'keys') end(data.reply);
			else if (data.kind === 'crashed') end({ reply: 'failed' });
		});
		worker.addEventListener('error', (event) => end(event.message ? { reply: 'failed' } : null));
		worker.postMessage({ kind: 'keys', ask } satisfies ToWorker);
	});
}

/** This page's worker: leads, or waits for the lock. */
export class Workers {
	#worker: Worker | null = null;
	#leads = false;
	#deaths: number[] = [];
	#loadAgainMs = LOAD_AGAIN_FIRST_MS;
	/** What each new worker is told first. */
	#open: Extract<ToWorker, { kind: 'open' }> | null = null;

	constructor(private readonly onDeath: OnDeath) {}

	/** Makes the first worker, for this vault; tells the one there is of a new pass. */
	open(vault: VaultId, pass: Pass | null): void {
		this.#open = { kind: 'open', vault, pass };
		if (this.#worker) this.#worker.postMessage(this.#open);
		else this.#start();
	}

	/** Ends the worker for good: the engine's memory goes with it. */
	end(): void {
		this.#worker?.terminate();
		this.#worker = this.#open = null;
		this.#leads = false;
	}

	#start(): void {
		if (!this.#open) return;
		const worker = newWorker();
		this.#worker = worker;
		this.#leads = false;
		worker.postMessage(this.#open);
		worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
			this.#loadAgainMs = LOAD_AGAIN_FIRST_MS;
			if (data.kind === 'leading') this.#leads = true;
			else if (data.kind === 'crashed') this.#died(worker, data.text);
		});
		worker.addEventListener('error', (event) => {
			// Without a message it is the script, or a part of it, that did not come.
			if (event.message) this.#died(worker, event.message);
			else this.#loadAgain(worker);
		});
	}

	/** Nothing died: a slow network may need many attempts. */
	#loadAgain(worker: Worker): void {
		if (worker !== this.#worker) return;
		worker.terminate();
		this.#worker = null;
		setTimeout(() => this.#start(), this.#loadAgainMs);
		this.#loadAgainMs = Math.min(this.#loadAgainMs * 2, LOAD_AGAIN_LONGEST_MS);
	}

	/** The leader does not answer: when it is this page's own, it is ended; another tab's loses the lock. */
	replaceLeader(): void {
		if (this.#leads) this.endLeader();
		else this.#worker?.postMessage({ kind: 'steal' } satisfies ToWorker);
	}

	/** Ends this page's worker if it leads: a stuck one may hold the store in the middle of a write. */
	endLeader(): void {
		if (this.#worker && this.#leads) this.#died(this.#worker, 'the engine did not answer');
	}

	#died(worker: Worker, text: string): void {
		if (worker !== this.#worker) return;
		worker.terminate();
		this.#worker = null;
		this.#leads = false;
		const now = performance.now();
		this.#deaths = [...this.#deaths.filter((at) => at > now - RESTARTS_WITHIN_MS), now];
		const final = this.#deaths.length > RESTARTS_MAX;
		this.onDeath(text, final);
		if (!final) setTimeout(() => this.#start(), RESTART_AFTER_MS);
	}
}
