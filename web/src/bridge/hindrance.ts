/** What a browser lacks, or refuses, without which nothing of Kith works: said in a sentence, with what to do. */
import type { KithProblem } from './contract';

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
		text: 'Kith can’t work at this address, because it does not begin with https. What you write would not be safe here.',
		advice: 'Ask your facilitator for a link that begins with https, and open that one.',
		retry: false,
	};
}

/** The browser keeps nothing for this address: site data is blocked, or the window is a private one that keeps none. */
export function storageRefused(): KithProblem {
	return {
		code: 'storage-failed',
		text: 'This browser does not let Kith keep anything on this phone.',
		advice:
			'Allow cookies and site data for this address in the browser’s settings, or use a window that is not private. Then open Kith again.',
		retry: false,
	};
}

function tooOld(): KithProblem {
	return {
		code: 'engine-stopped',
		text: 'This browser is too old for Kith.',
		advice: 'Update it, or open your link in Chrome, Firefox or Safari as they are now.',
		retry: false,
	};
}
