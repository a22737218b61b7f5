/** The one bridge of this page, connected after the first paint, so that the first screen waits for nothing. */
import type { Bridge, Command, KithProblem, Notice, Phone, Reply } from '$bridge';

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

/**
 * Connects this page, once; fails while the files of the bridge do not come. They come after the first paint and before
 * anybody types: with the first screen they would make it larger than a weak link carries in time.
 */
export function phone(): Promise<Phone> {
	connecting ??= import('$bridge').then((module) => module.connect());
	connecting.catch(() => (connecting = null));
	return connecting;
}

/** The page's bridge. */
export const bridge: Bridge = lateBridge(async () => (await phone()).bridge);
