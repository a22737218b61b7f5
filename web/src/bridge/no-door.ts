/** The door where nothing can be kept: it opens nothing, and lets people hide. */
import type { Door, DoorReply, DoorStanding } from './door';
import { PLAIN_PAGE } from './leave';

const failed = (): Promise<DoorReply> => Promise.resolve('failed');
const nothing = (): Promise<void> => Promise.resolve();

/** As the door's contract says, of a phone that keeps nothing. */
export class NoDoor implements Door {
	readonly standing: DoorStanding = { state: 'failed', open: null, vaults: [] };
	readonly openPlain = failed;
	readonly openByPin = failed;
	readonly openByTouch = failed;
	readonly openNew = failed;
	readonly setPin = failed;
	readonly setAutoLock = failed;
	readonly setTouch = failed;
	readonly restore = failed;
	readonly changeCard = failed;
	readonly lock = nothing;
	readonly remove = nothing;

	listen(): () => void {
		return () => {};
	}

	hasTouch(): Promise<boolean> {
		return Promise.resolve(false);
	}

	card(): Promise<null> {
		return Promise.resolve(null);
	}

	save(): Promise<null> {
		return Promise.resolve(null);
	}

	hide(): Promise<void> {
		document.documentElement.style.display = 'none';
		location.replace(PLAIN_PAGE);
		return nothing();
	}
}
