/** Where the person is: the part of the address after `#`, and nothing else. */
import type { CircleId, DocumentId, ItemId, MemberId, RecordKey, StrategyKey, ThreadId } from '$bridge';
import { tabSealed } from './kept';

/** A screen and what it is about. */
export type Route =
	| { view: 'start' }
	| { view: 'welcome' }
	/** An enrolment link was opened; its token is in `link` and no longer in the address bar. The browser's history has it. */
	| { view: 'join'; link: string }
	| { view: 'home'; circle: CircleId }
	| { view: 'sessions'; circle: CircleId }
	| { view: 'newSession'; circle: CircleId }
	| { view: 'note'; circle: CircleId; document: DocumentId }
	| { view: 'threads'; circle: CircleId }
	| { view: 'thread'; circle: CircleId; thread: ThreadId }
	| { view: 'toolkit'; circle: CircleId }
	| { view: 'strategy'; circle: CircleId; key: StrategyKey }
	/** `from`: the strategy that is adapted; null for a new one. */
	| { view: 'newStrategy'; circle: CircleId; from: StrategyKey | null }
	| { view: 'helplines'; circle: CircleId }
	/** `item`: the helpline that is changed; null for a new one. */
	| { view: 'helpline'; circle: CircleId; item: ItemId | null }
	/** One's own plan for hard moments, to be read. */
	| { view: 'plan'; circle: CircleId }
	/** `part`: of the plan, the one that is written; null for all six. */
	| { view: 'planEdit'; circle: CircleId; part: string | null }
	/** How one is oneself; `instrument`: one questionnaire, or `safety`. */
	| { view: 'own'; circle: CircleId; instrument: string | null }
	/** What one takes on; `item`: one of them, every attempt, a new one, or one of a session's. */
	| { view: 'keep'; circle: CircleId; item: string | null }
	/** Looking for words; which is in no address. */
	| { view: 'find'; circle: CircleId }
	/** What the circle agreed on, who does what, how it meets; stories; `mark`: a milestone is told, and no story. */
	| { view: 'together' | 'stories'; circle: CircleId }
	| { view: 'tell'; circle: CircleId; mark: boolean }
	/** `key`: what somebody wrote, to be reported. */
	| { view: 'report'; circle: CircleId; key: RecordKey }
	| { view: 'reports'; circle: CircleId }
	| { view: 'safe'; circle: CircleId }
	/** One's own name, phones and codes in the circle, and how this phone keeps Kith. */
	| { view: 'settings'; circle: CircleId }
	/** What one wrote, to take along; leaving the circle. */
	| { view: 'record' | 'leaveCircle'; circle: CircleId }
	/** Setting a PIN; how this phone keeps Kith; leaving it. */
	| { view: 'pin' }
	| { view: 'phone' }
	| { view: 'leave' }
	/** Coming in with no network, coming back with a printed code, beginning a circle. */
	| { view: 'codeIn' | 'comeBack' | 'found' }
	| { view: 'people'; circle: CircleId }
	| { view: 'paper'; circle: CircleId }
	/** `member`: whose new phone it is for; null for someone new. */
	| { view: 'invite'; circle: CircleId; member: MemberId | null }
	| { view: 'letIn'; circle: CircleId; member: MemberId | null }
	/** `thread`: where the question was asked. */
	| { view: 'who'; circle: CircleId; thread: ThreadId | null }
	| { view: 'notFound' };

/** The addresses of screens that the first ones lead to; all of them are in `to.ts`. */
export const near = {
	start: '#/',
	welcome: '#/welcome',
	pin: '#/phone/pin',
	home: (circle: CircleId): string => `#/c/${circle}`,
	codeIn: '#/in',
	comeBack: '#/back',
};

/** In the place of a part: all of them. */
export const ALL = 'all';

/** Where a link's secret begins, in whatever signs it came; the engine reads it. */
const SECRET = /join.{0,12}?t(=|[%-](25)*3d)/i;

/** Whether a text carries an enrolment token; what is in it is the engine's affair. */
export function isJoinLink(text: string): boolean {
	const hash = /#(.*)/.exec(text)?.[1] ?? '';
	return SECRET.test(text.replace(/[\s>]/g, '')) || /^(\/?join\b|\/?e=|\/?t=|\/?enrol\b).*\S/.test(hash);
}

/** Screens of a circle whose address is their name. */
const OWN = [
	'sessions',
	'toolkit',
	'safe',
	'settings',
	'people',
	'paper',
	'plan',
	'record',
	'leaveCircle',
	'find',
	'together',
	'stories',
	'reports',
] as const;

/** The screen for a whole address. */
export function parse(address: string): Route {
	const at = address.indexOf('#');
	const hash = at < 0 ? '' : address.slice(at + 1);
	if (isJoinLink(address)) return { view: 'join', link: address };
	if (hash === '' || hash === '/') return { view: 'start' };
	if (hash === '/welcome') return { view: 'welcome' };
	if (hash === '/phone') return { view: 'phone' };
	if (hash === '/phone/pin') return { view: 'pin' };
	if (hash === '/phone/leave') return { view: 'leave' };
	if (hash === '/in') return { view: 'codeIn' };
	if (hash === '/back') return { view: 'comeBack' };
	if (hash === '/found') return { view: 'found' };
	const [root, circle, place, item, ...more] = hash.slice(1).split('/');
	if (root !== 'c' || !circle || more.length > 0) return { view: 'notFound' };
	if (place === undefined) return { view: 'home', circle };
	if (item === undefined && place === 'help') return { view: 'helplines', circle };
	if (item !== '' && place === 'helpline') return { view: 'helpline', circle, item: item ?? null };
	if (item === undefined && place === 'talk') return { view: 'threads', circle };
	const own = OWN.find((one) => one === place);
	if (item === undefined && own) return { view: own, circle };
	if (item !== '' && place === 'invite') return { view: 'invite', circle, member: item ?? null };
	if (item !== '' && place === 'adapt') return { view: 'newStrategy', circle, from: item ?? null };
	if (item !== '' && place === 'letin') return { view: 'letIn', circle, member: item ?? null };
	if (item !== '' && place === 'me') return { view: 'own', circle, instrument: item ?? null };
	if (item !== '' && place === 'keep') return { view: 'keep', circle, item: item ?? null };
	if (item !== '' && place === 'who') return { view: 'who', circle, thread: item ?? null };
	if (place === 'stories' && item) return { view: 'tell', circle, mark: item === 'mark' };
	if (place === 'plan' && item) return { view: 'planEdit', circle, part: item === ALL ? null : item };
	if (place === 'sessions' && item === 'new') return { view: 'newSession', circle };
	if (place === 'report' && item) return { view: 'report', circle, key: item };
	if (place === 'toolkit' && item) return { view: 'strategy', circle, key: item };
	if (place === 'note' && item) return { view: 'note', circle, document: item };
	if (place === 'talk' && item) return { view: 'thread', circle, thread: item };
	return { view: 'notFound' };
}

/** Whether a screen has the bar of the places. */
export function withNav(route: Route): boolean {
	return ['home', 'sessions', 'threads', 'safe', 'settings'].includes(route.view);
}

/** What keeps places on screens: told before the screen changes, and once the new one is there. */
export interface Places {
	leave(from: string): void;
	/** Whether it takes the person to their place. */
	arrive(): boolean;
}

const kept = tabSealed('link');

/** The router: one route at a time, from the address. */
export class Router {
	/** The screen shown. */
	route = $state.raw<Route>({ view: 'start' });
	/** Comes with the circle's screens. */
	places: Places | null = null;
	#address = '';

	/**
	 * Reads the address now and whenever it changes. A token leaves the address bar, so that it is on no screen; the
	 * browser noted it in its history before any script ran, and no page can take it out of there. The tab keeps it, so
	 * that a reload does not lose it.
	 */
	start(): void {
		const read = (): void => {
			this.#read();
			const route = this.route;
			const link = route.view === 'join' ? route.link : route.view === 'start' ? kept.get() : null;
			if (route.view === 'join') history.replaceState(null, '', '/');
			if (link) this.join(link);
		};
		read();
		window.addEventListener('hashchange', read);
	}

	/** Shows the way in by a link, which the tab keeps until it is dropped. */
	join(link: string): void {
		kept.set(link);
		this.route = { view: 'join', link };
	}

	/** The link was used, or is not wanted. */
	drop(): void {
		kept.clear();
	}

	/** Goes to a screen; `replace` leaves no way back to this one. */
	go(address: string, replace = false): void {
		if (!replace) {
			location.hash = address;
			return;
		}
		history.replaceState(history.state, '', address);
		this.#read();
	}

	#read(): void {
		this.places?.leave(this.#address);
		this.#address = location.hash;
		this.route = parse(location.href);
	}
}

/** The page's router. */
export const router = new Router();
