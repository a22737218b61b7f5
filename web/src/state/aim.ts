/** What somebody who searches goes to: known to this page alone, until its screen is open. */
import { tick } from 'svelte';

let aimed: string | null = null;

/** The screen that is opened next shows what has this key. */
export function aimAt(key: string | null): void {
	aimed = key;
}

/** What was aimed at, once. */
export function takeAim(): string | null {
	const key = aimed;
	aimed = null;
	return key;
}

/** Puts what a selector finds in the middle of the screen, with the focus on it, once all is drawn. Whether it is there. */
export async function toPlace(selector: string): Promise<boolean> {
	await tick();
	const place = document.querySelector<HTMLElement>(selector);
	if (place === null) return false;
	place.tabIndex = -1;
	place.scrollIntoView({ block: 'center' });
	place.focus({ preventScroll: true });
	return true;
}
