/** The one bridge of this page, connected after the first paint, so that the first screen waits for nothing. */
import {
	connect,
	type Bridge,
	type Command,
	type KithProblem,
	type Notice,
	type Phone,
	type Reply,
} from '$bridge';
import { words } from '../words';

/** A bridge that connects at its first use and turns a failure to start into an answer. */
export function lateBridge(load: () => Promise<Bridge>): Bridge {
	const listeners = new Set<(notice: Notice) => void>();
	const tell = (notice: Notice): void => {
		for (const listener of [...listeners]) listener(notice);
	};
	let connecting: Promise<Bridge> | null = null;
	const connected = (): Promise<Bridge> => {
		connecting ??= load().then((bridge) => {
			bridge.listen(tell);
			return bridge;
		});
		connecting.catch(() => (connecting = null));
		return connecting;
	};
	return {
		async ask<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Reply<C>> {
			try {
				return await (await connected()).ask<C>(command);
			} catch {
				const problem: KithProblem = {
					code: 'engine-stopped',
					text: words.problems['engine-stopped'] ?? words.common.unsaid,
					retry: false,
				};
				tell({ notice: 'engine', state: 'stopped', problem });
				return { ok: false, problem };
			}
		},
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

let connecting: Promise<Phone> | null = null;

/** Connects this page, once. The bridge is with the first screen, so that no cut leaves a page that can't reach its engine. */
export function phone(): Promise<Phone> {
	connecting ??= Promise.resolve().then(connect);
	connecting.catch(() => (connecting = null));
	return connecting;
}

/** The page's bridge. */
export const bridge: Bridge = lateBridge(async () => (await phone()).bridge);
