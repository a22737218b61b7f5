/**
 * The worker's entry. Told which vault, it waits for that vault's lock, then opens the store, fetches the engine
 * and leads until it ends. The lock goes with the worker, so that another tab's takes over at once. Told to handle
 * keys, it does that alone.
 */
import type { WasmEngine } from '../../pkg/kith_client_wasm';
import type { KithProblem } from '../bridge/contract';
import {
	CHANNEL,
	LOCK,
	type FromWorker,
	type Pass,
	type ToEngine,
	type ToPages,
	type ToWorker,
} from '../bridge/protocol';
import type { VaultId } from '../bridge/door';
import { changeVault, databaseOf, getVault } from '../bridge/vaults';
import { loadCore, second } from './core';
import { answerKeys, plainKey } from './keys';
import { Leader } from './leader';
import { pause } from './pause';
import { openProblem, storeLost, StartError } from './problems';
import type { Bytes } from './range';
import { Store, type Founding } from './store';
import { dataKeyOf } from './wraps';

declare const self: DedicatedWorkerGlobalScope;

const AGAIN_FIRST_MS = 1_000;
const AGAIN_LONGEST_MS = 30_000;

const toOwnPage = (message: FromWorker): void => self.postMessage(message);

function crash(error: unknown): void {
	toOwnPage({
		kind: 'crashed',
		text: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
	});
}

/** Leads until the worker ends. */
async function lead(vault: VaultId): Promise<never> {
	toOwnPage({ kind: 'leading' });
	const channel = new BroadcastChannel(CHANNEL + vault);
	const post = (message: ToPages): void => channel.postMessage(message);
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
		const store = await Store.open(databaseOf(vault), generation, lost, await founding(vault));
		const engine = await load(say, () => dataKey(vault));
		if (ended) throw new StartError(ended);
		leader = new Leader(engine, second, store, generation, post, crash);
		leader.start();
	} catch (error) {
		if (error instanceof StartError)
			say({ to: 'pages', kind: 'stopped', problem: error.problem, final: true });
		else crash(error);
	}
	return new Promise<never>(() => {});
}

/** Fetches the engine, again and again while the network does not let it through. */
async function load(say: (message: ToPages) => void, key: () => Promise<Bytes>): Promise<WasmEngine> {
	let wait = AGAIN_FIRST_MS;
	const progress = (part: number | null): void => {
		wait = AGAIN_FIRST_MS;
		say({ to: 'pages', kind: 'notice', notice: { notice: 'loading', part }, except: null });
	};
	for (; ; wait = Math.min(AGAIN_LONGEST_MS, wait * 2)) {
		try {
			return await loadCore(progress, key);
		} catch (error) {
			if (!(error instanceof StartError) || !error.problem.retry) throw error;
			say({ to: 'pages', kind: 'stopped', problem: error.problem, final: false });
			await pause(wait);
		}
	}
}

/** What the list of vaults knows of a vault's database. */
async function founding(vault: VaultId): Promise<Founding> {
	try {
		const record = await getVault(vault);
		const note = (): Promise<unknown> => changeVault(vault, (record) => ({ ...record, founded: true }));
		return { founded: record?.founded ?? false, note };
	} catch (error) {
		throw new StartError(openProblem(error));
	}
}

/** The key that the rows are sealed with: from the page that opened the vault, or where it has no PIN. */
async function dataKey(vault: VaultId): Promise<Bytes> {
	if (pass) return dataKeyOf(pass);
	const record = await getVault(vault);
	const key = record && (await plainKey(record));
	if (!key) throw new StartError({ ...storeLost(), retry: false });
	return key;
}

// Nothing that was to be told to a page may be lost in silence.
self.addEventListener('unhandledrejection', ({ reason }) => crash(reason));
const waiting = new AbortController();
let mine: VaultId | null = null;
let pass: Pass | null = null;
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
	if (data.kind === 'keys') {
		void answerKeys(data.ask).then((reply) => toOwnPage({ kind: 'keys', reply }));
	} else if (data.kind === 'open') {
		// Told again when the vault got its first PIN while this one waits.
		pass = data.pass;
		if (mine === null) awaitLock((mine = data.vault));
	} else if (mine !== null && !waiting.signal.aborted) {
		const vault = mine;
		waiting.abort();
		navigator.locks.request(LOCK + vault, { steal: true }, () => lead(vault)).catch(crash);
	}
});

function awaitLock(vault: VaultId): void {
	const { signal } = waiting;
	navigator.locks
		.request(LOCK + vault, { signal }, () => lead(vault))
		.catch((error: unknown) => {
			if (!signal.aborted) crash(error);
		});
}
