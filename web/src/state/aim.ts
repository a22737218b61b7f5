/** The message that somebody goes to: known to this page alone, until the conversation is open. */
import type { MessageKey } from '$bridge';

let aimed: MessageKey | null = null;

/** The conversation that is opened next shows this one. */
export function aimAt(key: MessageKey | null): void {
	aimed = key;
}

/** What was aimed at, once. */
export function takeAim(): MessageKey | null {
	const key = aimed;
	aimed = null;
	return key;
}
