/** A screen that goes dark while somebody scans it, or scans with it, is of no use. */

/** Keeps the screen on until what it returns is called, where the browser can; also after the page was hidden and came back. */
export function keepAwake(): () => void {
	let lock: Promise<WakeLockSentinel | null> | undefined;
	const hold = (): void => {
		// The browser lets go of it by itself when the page is hidden.
		if (!document.hidden) lock = navigator.wakeLock?.request('screen').catch(() => null);
	};
	hold();
	document.addEventListener('visibilitychange', hold);
	return () => {
		document.removeEventListener('visibilitychange', hold);
		void lock?.then((held) => held?.release());
	};
}
