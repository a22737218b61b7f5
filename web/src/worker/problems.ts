/** The problems that the worker itself meets, before or below the engine. */
import type { KithProblem } from '../bridge/contract';
import { storageRefused } from '../bridge/hindrance';

/** Ends the start of an engine, with what to tell a person; `said` is for whoever looks for the cause. */
export class StartError extends Error {
	constructor(
		readonly problem: KithProblem,
		said: string = problem.why ?? problem.code,
	) {
		super(said);
	}
}

/** The phone's database did not open. */
export function openProblem(error: unknown): KithProblem {
	switch (nameOf(error)) {
		case 'VersionError':
			return otherVersion();
		case 'QuotaExceededError':
			return { code: 'storage-full', retry: true };
		case 'UnknownError':
		case 'DataError':
		case 'NotReadableError':
			return { code: 'storage-corrupt', retry: false };
		default:
			return storageRefused();
	}
}

/** The phone's database held what its person wrote, and is empty or gone. */
export function emptied(): KithProblem {
	return { code: 'storage-corrupt', why: 'emptied', retry: false };
}

/** A newer version of Kith is at work in another tab. */
export function otherVersion(): KithProblem {
	return { code: 'other-version', retry: false };
}

/** The store was closed from outside, or another worker took over. */
export function storeLost(): KithProblem {
	return { code: 'storage-failed', retry: true };
}

/** Words begun could not be kept. */
export function draftProblem(full: boolean): KithProblem {
	return { code: full ? 'storage-full' : 'storage-failed', retry: true };
}

/** A DOMException's name, or an empty string. */
export function nameOf(error: unknown): string {
	return error instanceof Error || error instanceof DOMException ? error.name : '';
}
