// @ts-check
/** A slower processor, for all threads of a phone's pages. */

/** One turn: so long they run, then stand still for the rest of it. */
const RUNS_MS = 8;
/** So often new processes are looked for, which takes longer than a turn. */
const LOOK_EVERY_MS = 200;

/**
 * Makes the browser's renderers, workers included, so many times slower until the function that it gives is called:
 * by stopping and continuing their processes, since DevTools slows pages alone and no worker.
 * @param {import('./phone.mjs').Phone} phone
 * @param {number} times
 * @returns {Promise<() => Promise<void>>}
 */
export async function slowDown(phone, times) {
	if (times === 1) return async () => {};
	const browser = phone.context.browser();
	if (!browser) throw new Error('no browser to slow down');
	const session = await browser.newBrowserCDPSession();
	const renderers = async () => {
		const { processInfo } = await session.send('SystemInfo.getProcessInfo');
		return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
	};
	let ids = await renderers();
	let on = true;
	// A process that is stopped and never continued outlives its browser.
	const release = () => signal(ids, 'SIGCONT');
	const stop = () => process.exit(1);
	process.on('exit', release).on('SIGINT', stop).on('SIGTERM', stop);
	const looks = (async () => {
		for (; on; await pause(LOOK_EVERY_MS)) ids = await renderers();
	})();
	const turns = (async () => {
		while (on) {
			const stopped = ids;
			signal(stopped, 'SIGSTOP');
			await pause(RUNS_MS * (times - 1));
			signal(stopped, 'SIGCONT');
			await pause(RUNS_MS);
		}
	})();
	return async () => {
		on = false;
		await Promise.all([looks, turns]);
		process.off('exit', release).off('SIGINT', stop).off('SIGTERM', stop);
		await session.detach();
	};
}

/**
 * @param {number[]} ids
 * @param {'SIGSTOP' | 'SIGCONT'} name
 */
function signal(ids, name) {
	for (const id of ids) {
		try {
			process.kill(id, name);
		} catch {
			// It ended meanwhile.
		}
	}
}

/** @param {number} ms */
async function pause(ms) {
	const until = performance.now() + ms;
	// A timer alone may be a millisecond late, which is much of a turn.
	if (ms > 3) await new Promise((resolve) => setTimeout(resolve, ms - 2));
	while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
}
