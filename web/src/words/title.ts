/** What a tab, and the browser's history, call a screen. */
import { words } from '.';
import { phoneKept } from '../state/kept';

const plain = phoneKept('plain');

/**
 * The title of a screen that says this of itself. Where somebody chose a name that says nothing, the screen is not
 * named either: its heading says to its reader what it is.
 */
export function titled(screen: string): string {
	return plain.get() ?? `${screen} · ${words.app}`;
}

/** The title of a screen that has none of its own. */
export function untitled(): string {
	return plain.get() ?? words.app;
}
