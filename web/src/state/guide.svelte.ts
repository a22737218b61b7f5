/** Whether whoever is new here was shown how Kith works. */
import { phoneKept } from './kept';

const seen = phoneKept('guide.seen');

/** Offers the guide on the circle's first screen until somebody has read it, or does not want it. */
export class Guide {
	#seen = $state(seen.get() !== null);

	/** Whether to offer it. */
	get offered(): boolean {
		return !this.#seen;
	}

	/** Does not offer it again on this phone; the settings have it still. */
	done(): void {
		this.#seen = true;
		seen.set('1');
	}
}

/** The page's guide. */
export const guide = new Guide();
