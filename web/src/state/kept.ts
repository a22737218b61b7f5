/**
 * What was typed before there is a place of one's own to keep it sealed: in this tab alone, until one is in. A browser
 * that forbids it keeps it in memory.
 */
const PREFIX = 'kith.begun.';
const memory = new Map<string, string>();

/** What was kept; empty when there is nothing. */
export function kept(key: string): string {
	try {
		return sessionStorage.getItem(PREFIX + key) ?? '';
	} catch {
		return memory.get(key) ?? '';
	}
}

/** Keeps a text; an empty one is forgotten. */
export function keep(key: string, text: string): void {
	try {
		if (text === '') sessionStorage.removeItem(PREFIX + key);
		else sessionStorage.setItem(PREFIX + key, text);
	} catch {
		memory.set(key, text);
	}
}

/** One is in: nothing of it stays. */
export function forget(): void {
	memory.clear();
	try {
		for (const key of Object.keys(sessionStorage)) {
			if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
		}
	} catch {
		// Nothing was kept there.
	}
}
