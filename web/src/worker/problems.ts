/** The problems that the worker itself meets, before or below the engine. */
import type { KithProblem } from '../bridge/contract';
import { storageRefused } from '../bridge/hindrance';

/** Ends the start of an engine, with what to tell a person. */
export class StartError extends Error {
	constructor(readonly problem: KithProblem) {
		super(problem.text);
	}
}

/** The phone's database did not open. */
export function openProblem(error: unknown): KithProblem {
	switch (nameOf(error)) {
		case 'VersionError':
			return otherVersion();
		case 'QuotaExceededError':
			return {
				code: 'storage-full',
				text: 'This phone is full, so Kith can’t open what it keeps. Free some space, then try again.',
				retry: true,
			};
		case 'UnknownError':
		case 'DataError':
		case 'NotReadableError':
			return {
				code: 'storage-corrupt',
				text: 'What Kith keeps on this phone is damaged. What the server holds can be fetched again.',
				retry: false,
			};
		default:
			return storageRefused();
	}
}

/** A newer version of Kith is at work in another tab. */
export function otherVersion(): KithProblem {
	return {
		code: 'other-version',
		text: 'A newer Kith is open in another tab. Load this page again.',
		retry: false,
	};
}

/** The store was closed from outside, or another worker took over. */
export function storeLost(): KithProblem {
	return {
		code: 'storage-failed',
		text: 'The browser closed what Kith keeps on this phone.',
		retry: true,
	};
}

/** Words begun could not be kept. */
export function draftProblem(full: boolean): KithProblem {
	return {
		code: full ? 'storage-full' : 'storage-failed',
		text: 'What you began to write could not be kept.',
		retry: true,
	};
}

/** A DOMException's name, or an empty string. */
export function nameOf(error: unknown): string {
	return error instanceof Error || error instanceof DOMException ? error.name : '';
}
