/** How the phone stands, and the door of the page: opening, locking, hiding, leaving. */
import { tabKept } from './kept';
import type { Door, Phone, DoorStanding } from '$bridge';
import { phone } from './engine';

/** The door once it is connected, with what stands kept for screens. */
export class DoorState {
	standing = $state.raw<DoorStanding>({ state: 'starting', open: null, vaults: [] });
	#door: Door | null = null;

	constructor(private readonly connect: () => Promise<Pick<Phone, 'door'>>) {}

	/** Connects, and follows. */
	async start(): Promise<void> {
		try {
			const { door } = await this.connect();
			this.#door = door;
			this.standing = door.standing;
			door.listen((standing) => (this.standing = standing));
		} catch {
			// The engine's state says what is wrong: its bridge did not come either.
		}
	}

	/** The door; screens that use it are shown once it is there. */
	get door(): Door {
		if (!this.#door) throw new Error('the door is not connected yet');
		return this.#door;
	}

	/** One tap, from every screen, also while Kith still starts. */
	async hide(): Promise<void> {
		if (this.#door) return this.#door.hide();
		tabKept('hidden').set('1');
		document.documentElement.style.display = 'none';
		location.replace('/notes.html');
	}
}

/** The page's door. */
export const door = new DoorState(phone);
