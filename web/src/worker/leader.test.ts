import { expect, test, vi } from 'vitest';
import type { WasmEngine } from '../../pkg/kith_client_wasm';
import type { Command } from '../bridge/contract';
import type { ToPages } from '../bridge/protocol';
import { Leader } from './leader';
import { StartError } from './problems';
import { Second } from './second';
import type { Store } from './store';

const offline = new StartError({ code: 'offline', retry: true });

/** A leader over an engine that does nothing, or that throws what `fails` gives when it is nudged. */
function leading(comes: () => Promise<Response>, fails: () => void = () => {}) {
	const handed = vi.fn();
	const engine = {
		observeApplying: () => {},
		isQuiet: () => true,
		tick: () => {},
		nextEffect: () => undefined,
		handleCommand: (_: number, command: Command) => handed(command.cmd),
		handleNudge: fails,
	};
	const second = new Second({
		kept: () => Promise.resolve(null),
		comeOnce: comes,
		now: () => {
			throw offline;
		},
		forget: () => Promise.resolve(),
	});
	second.join({});
	const posted: ToPages[] = [];
	const crash = vi.fn();
	const post = (message: ToPages): void => void posted.push(message);
	const leader = new Leader(engine as unknown as WasmEngine, second, {} as Store, 'g', post, crash);
	const ask = (id: string, command: Command): void =>
		leader.handleMessage({ to: 'engine', kind: 'ask', generation: 'g', tab: 't', id, again: false, command });
	return { leader, ask, handed, posted, crash };
}

/** The smallest module: it begins and does nothing. */
function smallest(): Response {
	const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
	return new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
}

test('what the second module does waits for it, and nothing else does', async () => {
	let come = (_: Response): void => {};
	const { ask, handed } = leading(() => new Promise((resolve) => (come = resolve)));
	ask('1', { cmd: 'stories', circle: 'c' });
	ask('2', { cmd: 'notes', circle: 'c' });
	await vi.waitFor(() => expect(handed.mock.calls).toEqual([['notes']]));
	come(smallest());
	await vi.waitFor(() => expect(handed.mock.calls).toEqual([['notes'], ['stories']]));
});

test('where the second module does not come, whoever asked is told why, and the engine goes on', async () => {
	const { ask, handed, posted } = leading(() => Promise.reject(offline));
	ask('1', { cmd: 'stories', circle: 'c' });
	const reply = { ok: false, problem: offline.problem };
	await vi.waitFor(() => expect(posted).toEqual([{ to: 'pages', kind: 'reply', id: '1', reply }]));
	ask('2', { cmd: 'notes', circle: 'c' });
	await vi.waitFor(() => expect(handed.mock.calls).toEqual([['notes']]));
});

test('an engine that misses it in its midst stops, says why, and is made anew once it is here', async () => {
	let come = (_: Response): void => {};
	const fails = (): void => globalThis.kithSecond?.();
	const { leader, ask, handed, posted, crash } = leading(
		() => new Promise((resolve) => (come = resolve)),
		fails,
	);
	leader.handleMessage({ to: 'engine', kind: 'nudge' });
	const stopped = { to: 'pages', kind: 'stopped', problem: offline.problem, final: false };
	expect(posted).toEqual([stopped]);
	ask('1', { cmd: 'notes', circle: 'c' });
	leader.handleMessage({ to: 'engine', kind: 'hello', tab: 'u' });
	await Promise.resolve();
	expect([handed.mock.calls, posted, crash.mock.calls]).toEqual([[], [stopped, stopped], []]);
	come(smallest());
	await vi.waitFor(() => expect(crash.mock.calls).toEqual([[offline]]));
});
