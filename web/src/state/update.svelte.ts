/** New versions: announced quietly, taken by a tap or at the next start, never under someone who is typing. */
import { scriptAddress } from '../trusted';

const LOOK_AGAIN_MS = 6 * 3_600_000;

/** The service worker as the page sees it. */
export class Update {
	/** A new version waits. */
	ready = $state(false);
	#registration: ServiceWorkerRegistration | null = null;
	#taking = false;

	/** Registers the service worker; call when the engine's files are here, so that nothing is fetched twice. */
	async start(): Promise<void> {
		if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
		try {
			this.#registration = await navigator.serviceWorker.register(scriptAddress('/sw.js'), {
				updateViaCache: 'none',
			});
		} catch {
			return;
		}
		const registration = this.#registration;
		// A browser that forbids it may answer with nothing.
		if (!registration) return;
		const look = (): void => {
			this.ready = registration.waiting !== null && navigator.serviceWorker.controller !== null;
		};
		look();
		registration.addEventListener('updatefound', () => {
			registration.installing?.addEventListener('statechange', look);
		});
		navigator.serviceWorker.addEventListener('controllerchange', () => {
			if (this.#taking) location.reload();
		});
		setInterval(() => void registration.update().catch(() => {}), LOOK_AGAIN_MS);
	}

	/** Starts the new version now. */
	take(): void {
		this.#taking = true;
		this.#registration?.waiting?.postMessage('take');
	}
}

/** The page's updates. */
export const update = new Update();
