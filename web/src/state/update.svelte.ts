/** New versions: announced quietly, taken by a tap or at the next start, never under someone who is typing. */
import { scriptAddress } from '../trusted';

const LOOK_AGAIN_MS = 6 * 3_600_000;
const AGAIN_FIRST_MS = 2_000;
const AGAIN_LONGEST_MS = 5 * 60_000;

/** The service worker as the page sees it. */
export class Update {
	/** A new version waits. */
	ready = $state(false);
	#registration: ServiceWorkerRegistration | null = null;
	#taking = false;

	/** Registers the service worker; call when the engine's files are here, so that nothing is fetched twice. */
	async start(): Promise<void> {
		if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
		navigator.serviceWorker.addEventListener('controllerchange', () => {
			if (this.#taking) location.reload();
		});
		setInterval(() => void this.#registration?.update().catch(() => {}), LOOK_AGAIN_MS);
		// A cut may break it at every point; what it kept by then is not fetched again.
		for (let wait = AGAIN_FIRST_MS; !(await this.#install()); wait = Math.min(wait * 2, AGAIN_LONGEST_MS)) {
			await new Promise((resolve) => setTimeout(resolve, wait));
		}
	}

	/** Whether the service worker is installed, or can't be here. */
	async #install(): Promise<boolean> {
		let registration: ServiceWorkerRegistration | null;
		try {
			registration = await navigator.serviceWorker.register(scriptAddress('/sw.js'), {
				updateViaCache: 'none',
			});
		} catch (error) {
			// The script did not come; anything else is a browser that forbids it.
			return !(error instanceof TypeError);
		}
		// A browser that forbids it may answer with nothing.
		if (!registration) return true;
		const known = registration;
		const look = (): void => {
			this.ready = known.waiting !== null && navigator.serviceWorker.controller !== null;
		};
		look();
		if (this.#registration !== known) {
			known.addEventListener('updatefound', () => known.installing?.addEventListener('statechange', look));
			this.#registration = known;
		}
		const worker = known.installing;
		if (!worker) return true;
		return new Promise((resolve) => {
			worker.addEventListener('statechange', () => {
				look();
				if (worker.state !== 'installing') resolve(worker.state !== 'redundant');
			});
		});
	}

	/** Starts the new version now. */
	take(): void {
		this.#taking = true;
		this.#registration?.waiting?.postMessage('take');
	}
}

/** The page's updates. */
export const update = new Update();
