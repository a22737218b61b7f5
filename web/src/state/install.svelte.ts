/** The browser's offer to put Kith on the home screen. */
import { phoneKept } from './kept';

interface InstallEvent extends Event {
	prompt(): Promise<unknown>;
}

const declined = phoneKept('install.later');

/** Keeps the browser's offer until there is a good moment. */
export class Install {
	#event = $state.raw<InstallEvent | null>(null);
	#declined = $state(false);

	/** Whether to show the offer. */
	get offered(): boolean {
		return this.#event !== null && !this.#declined;
	}

	/** Listens for the browser's offer. */
	start(): void {
		this.#declined = declined.get() !== null;
		window.addEventListener('beforeinstallprompt', (event) => {
			event.preventDefault();
			this.#event = event as InstallEvent;
		});
		window.addEventListener('appinstalled', () => (this.#event = null));
	}

	/** Lets the browser ask. */
	async take(): Promise<void> {
		await this.#event?.prompt();
		this.#event = null;
	}

	/** Does not offer again. */
	later(): void {
		this.#declined = true;
		declined.set('1');
	}
}

/** The page's install offer. */
export const install = new Install();
