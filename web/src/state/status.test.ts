import type { SyncStatus } from '$bridge';
import { expect, test } from 'vitest';
import { words } from '../words';
import { statusLine } from './status';

const base: SyncStatus = {
	state: 'idle',
	lastSafeMs: 1,
	lastTryMs: 1,
	unsentItems: 0,
	unsentBytes: 0,
	progress: null,
	problem: null,
};

test('p01 "safe" is said only when nothing is unsent and the server once acknowledged all', () => {
	for (const state of ['idle', 'syncing', 'offline', 'failed'] as const) {
		for (const unsentItems of [0, 3]) {
			for (const lastSafeMs of [null, 1]) {
				const { text } = statusLine({ ...base, state, unsentItems, lastSafeMs });
				const saysSafe = text === words.status.safe || text === words.status.offlineSafe;
				const isSafe = unsentItems === 0 && lastSafeMs !== null && (state === 'idle' || state === 'offline');
				expect(saysSafe, JSON.stringify({ state, unsentItems, lastSafeMs })).toBe(isSafe);
			}
		}
	}
});

test('p01 a failed sync changes what the person reads', () => {
	expect(statusLine({ ...base, state: 'failed' })).toEqual({ tone: 'trouble', text: words.status.failed(0) });
	expect(statusLine({ ...base, state: 'failed', unsentItems: 1 }).text).toBe('Could not send 1 thing');
});
