/** What a browser lacks, or refuses, without which nothing of Kith works, by a name that the page has words for. */
import type { KithProblem } from './contract';

/** What a browser lacks, refuses or lost: no https, no storage, too old, emptied of what was kept. */
export type Hindrance = 'not-secure' | 'storage-refused' | 'too-old' | 'emptied';

type Browser = {
	isSecureContext: boolean;
	crypto?: { subtle?: unknown; randomUUID?: unknown };
	navigator?: { locks?: unknown };
	indexedDB?: unknown;
	BroadcastChannel?: unknown;
};

/** Why Kith can't work in this window; null: nothing speaks against it so far. */
export function hindranceOf(browser: Browser): KithProblem | null {
	if (!browser.isSecureContext) return notSecure();
	let database: unknown;
	try {
		database = browser.indexedDB;
	} catch {
		return storageRefused();
	}
	const needs = [browser.crypto?.subtle, browser.crypto?.randomUUID, browser.navigator?.locks];
	if (![...needs, browser.BroadcastChannel].every(Boolean)) return tooOld();
	return database ? null : storageRefused();
}

/** The page came by plain http from another machine, so the browser withholds keys, locks and storage. */
function notSecure(): KithProblem {
	return {
		code: 'engine-stopped',
		why: 'not-secure',
		retry: false,
	};
}

/** The browser keeps nothing for this address: site data is blocked, or the window is a private one that keeps none. */
export function storageRefused(): KithProblem {
	return {
		code: 'storage-failed',
		why: 'storage-refused',
		retry: false,
	};
}

function tooOld(): KithProblem {
	return {
		code: 'engine-stopped',
		why: 'too-old',
		retry: false,
	};
}
