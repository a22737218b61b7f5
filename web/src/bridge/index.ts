/**
 * The page's only door to the engine. The worker, its start and its messages stay behind it.
 *
 * Each page makes a worker; the one that gets the browser's lock loads the engine and leads, the others wait to
 * take over. Pages speak with whoever leads over one channel, their own worker being no exception.
 */
import { PageBridge, engineStopped } from './bridge';
import type { Bridge, KithProblem } from './contract';
import type { Door, VaultId } from './door';
import { hindranceOf } from './hindrance';
import { Keeper } from './keeper';
import { NoDoor } from './no-door';
import { CHANNEL, TAB_LOCK, type Pass, type ToEngine, type ToPages } from './protocol';
import { Workers } from './workers';

export type * from './contract';
export * from './door';

/** What the page is given of the phone. */
export interface Phone {
	/** The engine of the open vault; until one is open, what is asked waits. */
	bridge: Bridge;
	door: Door;
}

/** Finds out how the phone stands, and connects to the engine's worker once a vault is open; called once per page. */
export function connect(): Phone {
	const hindrance = hindranceOf(globalThis);
	if (hindrance) return stopped(hindrance);
	const tab = crypto.randomUUID();
	let channel: BroadcastChannel | null = null;
	const post = (message: ToEngine | ToPages): void => channel?.postMessage(message);
	const hello = (): void => post({ to: 'engine', kind: 'hello', tab });
	const workers = new Workers((text, final) => {
		reportError(new Error(`kith: ${text}`));
		bridge.handleStopped(engineStopped(!final), final);
		// Another tab's may have taken over before.
		hello();
	});
	const bridge = new PageBridge({
		tab,
		post,
		deaf: () => {
			post({ to: 'pages', kind: 'deaf' });
			workers.replaceLeader();
		},
		newId: () => crypto.randomUUID(),
	});
	const open = (vault: VaultId, pass: Pass | null): void => {
		if (!channel) {
			channel = new BroadcastChannel(CHANNEL + vault);
			channel.addEventListener('message', ({ data }: MessageEvent<ToEngine | ToPages>) => {
				if (data.to !== 'pages') return;
				if (data.kind === 'deaf') workers.endLeader();
				else bridge.handleMessage(data);
			});
			nudgeFrom(post);
		}
		workers.open(vault, pass);
		hello();
	};
	const door = new Keeper({
		open,
		flush: async () => {
			await bridge.ask<'flush'>({ cmd: 'flush' });
			await bridge.idle();
		},
		end: () => workers.end(),
		failed: (problem) => bridge.handleStopped(problem, true),
	});
	// A browser that refuses locks refuses the door's as well, which says so.
	navigator.locks.request(TAB_LOCK + tab, () => new Promise<never>(() => {})).catch(() => {});
	void door.start();
	return { bridge, door };
}

/** Tells the leader when the network may be back, or somebody looks again. */
function nudgeFrom(post: (message: ToEngine) => void): void {
	const nudge = (): void => post({ to: 'engine', kind: 'nudge' });
	for (const type of ['online', 'offline']) addEventListener(type, nudge);
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible') nudge();
	});
}

/** What the page is given where nothing can work: every answer says why. */
function stopped(problem: KithProblem): Phone {
	const around = { tab: '', post: () => {}, deaf: () => {}, newId: () => '' };
	const bridge = new PageBridge(around);
	bridge.handleStopped(problem, true);
	return { bridge, door: new NoDoor() };
}
