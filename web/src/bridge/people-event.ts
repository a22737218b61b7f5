/** What happens in a circle, as its people are shown it; a part of the page's contract. */
import type { MemberId } from './contract';

/** What everyone in the circle may see of who came, went and came back. */
export interface PeopleEvent {
	kind:
		| 'founded'
		| 'invited'
		| 'joined'
		| 'granted'
		| 'recovered'
		| 'device'
		| 'paper'
		| 'removed'
		| 'deviceRemoved'
		| 'confirmed'
		| 'promoted'
		/** Came in by somebody who was out by then. */
		| 'waits'
		| 'broughtBack'
		| 'demoted'
		/** An invitation was ended. */
		| 'withdrawn'
		/** An invitation ended by its own secret, since a link with it had come where others may read it. */
		| 'leaked'
		/** The server was put back from a backup, and goes on from there. */
		| 'restored'
		/** The organisation named another key for its server. */
		| 'newServer'
		/** Everyone begins conversations from then on; facilitators alone. */
		| 'conversationsOpened'
		| 'conversationsReserved';
	/** Whom it is about; empty for the founding by the organisation and for what is about nobody. */
	who: MemberId;
	whoName: string;
	/** Who did it; empty for the organisation. */
	by: MemberId;
	byName: string;
	/** When the server took it in; while it has not heard of it, by this phone's clock; 0 by a clock that was ahead. */
	timeMs: number;
	/** Said on this phone, and the server has not heard of it yet. */
	pending: boolean;
}
