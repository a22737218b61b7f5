/**
 * The worker's entry. Waits for the browser's lock, then opens the store, fetches the engine and leads until it
 * ends. The lock goes with the worker, so that another tab's takes over at once.
 */
import type { WasmEngine } from '../../pkg/kith_client_wasm';
import type { KithProblem } from '../bridge/contract';
import {
	CHANNEL,
	LOCK,
	type FromWorker,
	type ToEngine,
	type ToPages,
	type ToWorker,
} from '../bridge/protocol';
import { loadCore } from './core';
import { Leader } from './leader';
import { StartError } from './problems';
import { Store } from './store';

declare const self: DedicatedWorkerGlobalScope;

const AGAIN_FIRST_MS = 1_000;
const AGAIN_LONGEST_MS = 30_000;

const channel = new BroadcastChannel(CHANNEL);
const post = (message: ToPages): void => channel.postMessage(message);
const toOwnPage = (message: FromWorker): void => self.postMessage(message);

function crash(error: unknown): void {
	toOwnPage({
		kind: 'crashed',
		text: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
	});
}

/** Leads until the worker ends. */
async function lead(): Promise<never> {
	toOwnPage({ kind: 'leading' });
	const generation = crypto.randomUUID();
	let leader: Leader | null = null;
	let answer: ToPages | null = null;
	channel.addEventListener('message', ({ data }: MessageEvent<ToEngine | ToPages>) => {
		if (data.to !== 'engine') return;
		if (leader) leader.handleMessage(data);
		else if (data.kind === 'hello' && answer) post(answer);
	});
	const say = (message: ToPages): void => {
		answer = message;
		post(message);
	};
	try {
		let ended: KithProblem | null = null;
		const lost = (problem: KithProblem): void => {
			if (problem.retry) return crash(new StartError(problem));
			ended = problem;
			leader?.stop(problem);
		};
		const store = await Store.open(generation, lost);
		const engine = await load(say);
		if (ended) throw new StartError(ended);
		leader = new Leader(engine, store, generation, post, crash);
		leader.start();
	} catch (error) {
		if (error instanceof StartError)
			say({ to: 'pages', kind: 'stopped', problem: error.problem, final: true });
		else crash(error);
	}
	return new Promise<never>(() => {});
}

/** Fetches the engine, again and again while the network does not let it through. */
async function load(say: (message: ToPages) => void): Promise<WasmEngine> {
	let wait = AGAIN_FIRST_MS;
	const progress = (part: number | null): void => {
		wait = AGAIN_FIRST_MS;
		say({ to: 'pages', kind: 'notice', notice: { notice: 'loading', part }, except: null });
	};
	for (; ; wait = Math.min(AGAIN_LONGEST_MS, wait * 2)) {
		try {
			return await loadCore(progress);
		} catch (error) {
			if (!(error instanceof StartError) || !error.problem.retry) throw error;
			say({ to: 'pages', kind: 'stopped', problem: error.problem, final: false });
			await pause(wait);
		}
	}
}

/** Waits, or until the browser says that the network is back. */
function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
		self.addEventListener('online', () => resolve(), { once: true });
	});
}

// Nothing that was to be told to a page may be lost in silence.
self.addEventListener('unhandledrejection', ({ reason }) => crash(reason));
const waiting = new AbortController();
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
	if (data.kind !== 'steal' || waiting.signal.aborted) return;
	waiting.abort();
	navigator.locks.request(LOCK, { steal: true }, lead).catch(crash);
});
navigator.locks.request(LOCK, { signal: waiting.signal }, lead).catch((error: unknown) => {
	if (!waiting.signal.aborted) crash(error);
});
