/** Where one was on a screen: going back finds the place again. Kept for each entry of the browser's history while the page lives. */
import { keepFocus } from './focus';
import { router, type Places } from './route.svelte';

/** What was at the top of what was seen, or had the focus. */
interface Place {
	y: number;
	/** A selector for it, and how far from the top it was; null when there was nothing to hold on to. */
	anchor: string | null;
	top: number;
	/** A selector for the link that had the focus, which may be out of sight; null when none had. */
	focus: string | null;
}
/** What the browser's history knows of an entry: a number, and the address that one came from. */
interface Entry {
	at: number;
	from: string | null;
}

/** So long lists that still come are waited for. */
const WAIT_MS = 4_000;
/** So many frames a place must stand still before it is let go. */
const STILL_FRAMES = 12;
/** So long the browser has for the way back, before a tap takes the link's own address. */
const BACK_MS = 1_000;
/** What the bar at the top covers. */
const BAR_PX = 64;
/** What a person does to move the page themself. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

const places = new Map<number, Place>();
let shown: Entry = known() ?? begin(null, 0);
let stop = (): void => {};
/** When the browser was asked for the screen before; null once it is there. */
let askedBack: number | null = null;

/** What the browser's history has of the entry that is on screen, if Kith wrote it. */
function known(): Entry | null {
	const state = history.state as Partial<Entry> | null;
	return typeof state?.at === 'number' ? { at: state.at, from: state.from ?? null } : null;
}

/** A new entry, after the last one that Kith wrote. */
function begin(from: string | null, last: number): Entry {
	const entry = { at: Math.max(Date.now(), last + 1), from };
	history.replaceState(entry, '');
	return entry;
}

/** The screen is about to change; the address has already. */
function leave(from: string): void {
	stop();
	askedBack = null;
	const now = known();
	if (now?.at === shown.at) places.delete(now.at);
	else {
		places.set(shown.at, look());
		shown = now ?? begin(from, shown.at);
	}
}

/** The new screen is there. Whether its place is found again, which takes until its list is there. */
function arrive(): boolean {
	const place = places.get(shown.at);
	if (place) find(place);
	return place !== undefined;
}

function look(): Place {
	const active = document.activeElement;
	const link = active instanceof HTMLElement && active.matches('main a[href]') ? active : null;
	const inSight = (element: Element): boolean => {
		const { top, bottom } = element.getBoundingClientRect();
		return bottom > BAR_PX && top < window.innerHeight;
	};
	const held = link && inSight(link) ? link : [...document.querySelectorAll(HOLDS)].find(inSight);
	const anchor = held ? selector(held) : null;
	const top = held?.getBoundingClientRect().top ?? 0;
	return { y: window.scrollY, anchor, top, focus: link && selector(link) };
}

const HOLDS = 'main ul a[href], main [data-key], main summary, main .page a[href]';

function selector(element: Element): string {
	const key = element.getAttribute('data-key');
	if (key !== null) return `main [data-key="${CSS.escape(key)}"]`;
	const href = element.getAttribute('href');
	if (href !== null) return `main a[href="${CSS.escape(href)}"]`;
	return `main #${CSS.escape(element.id)}`;
}

function find(place: Place): void {
	const end = performance.now() + WAIT_MS;
	let still = 0;
	let stopped = false;
	const endIt = (): void => {
		stopped = true;
		for (const move of MOVES) window.removeEventListener(move, endIt);
	};
	stop = endIt;
	for (const move of MOVES) window.addEventListener(move, endIt, { passive: true });
	const step = (): void => {
		if (stopped) return;
		const before = window.scrollY;
		const element = place.anchor === null ? null : document.querySelector<HTMLElement>(place.anchor);
		if (element) {
			const fold = element.closest('details');
			if (fold && element.tagName !== 'SUMMARY') fold.open = true;
			window.scrollBy(0, element.getBoundingClientRect().top - place.top);
		} else window.scrollTo(0, place.y);
		const link = place.focus === null ? null : document.querySelector<HTMLElement>(place.focus);
		if (link && document.activeElement !== link) link.focus({ preventScroll: true });
		const found = element !== null || window.scrollY === place.y;
		still = found && window.scrollY === before ? still + 1 : 0;
		// A list that is drawn anew, as its news come, loses the focus.
		if ((place.focus !== null || still < STILL_FRAMES) && performance.now() < end)
			requestAnimationFrame(step);
		else endIt();
	};
	step();
}

/** Whether the screen that comes is one that was left, so that its place is found again. */
export function returning(): boolean {
	return places.has(shown.at);
}

/**
 * Goes back in the browser's history, when that leads to this address; else nothing is done.
 * A second tap before the screen has changed is the same tap: it must not go back twice.
 */
export function goBack(address: string): boolean {
	if (askedBack !== null) return performance.now() - askedBack < BACK_MS;
	if (shown.from !== address) return false;
	askedBack = performance.now();
	history.back();
	return true;
}

history.scrollRestoration = 'manual';
keepFocus();
const kept: Places = { leave, arrive };
router.places = kept;
