/**
 * The page's only door to the engine. The worker, its start and its messages stay behind it.
 *
 * Each page makes a worker; the one that gets the browser's lock loads the engine and leads, the others wait to
 * take over. Pages speak with whoever leads over one channel, their own worker being no exception.
 */
import { PageBridge, engineStopped } from './bridge';
import type { Bridge, KithProblem } from './contract';
import { CHANNEL, TAB_LOCK, type ToEngine, type ToPages } from './protocol';
import { Workers } from './workers';

export type * from './contract';

/** Connects to the engine's worker; called once per page. */
export function connect(): Bridge {
	const tab = crypto.randomUUID();
	const channel = new BroadcastChannel(CHANNEL);
	const post = (message: ToEngine | ToPages): void => channel.postMessage(message);
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
	channel.addEventListener('message', ({ data }: MessageEvent<ToEngine | ToPages>) => {
		if (data.to !== 'pages') return;
		if (data.kind === 'deaf') workers.endLeader();
		else bridge.handleMessage(data);
	});
	if (!('locks' in navigator)) {
		queueMicrotask(() => bridge.handleStopped(tooOld(), true));
		return bridge;
	}
	void navigator.locks.request(TAB_LOCK + tab, () => new Promise<never>(() => {}));
	for (const type of ['online', 'offline'])
		addEventListener(type, () => post({ to: 'engine', kind: 'nudge' }));
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'visible') post({ to: 'engine', kind: 'nudge' });
	});
	workers.start();
	hello();
	return bridge;
}

function tooOld(): KithProblem {
	return {
		code: 'engine-stopped',
		text: 'This browser can’t run Kith here: it is too old, or the address does not begin with https.',
		retry: false,
	};
}
