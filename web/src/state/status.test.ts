import type { CircleSummary, CircleWarning, SyncStatus } from '$bridge';
import { expect, test } from 'vitest';
import { roomWords } from '../words';
import { inDoubt, isUnheard, statusLine } from './status';

const base: SyncStatus = {
	state: 'idle',
	lastSafeMs: 1,
	clock: { offsetMs: 0, isWrong: false, isNews: false },
	lastTryMs: 1,
	unsentItems: 0,
	unsentBytes: 0,
	progress: null,
	resumed: null,
	problem: null,
};

test('p01 "safe" is said only when nothing is unsent and the server once acknowledged all', () => {
	for (const state of ['idle', 'syncing', 'offline', 'failed'] as const) {
		for (const unsentItems of [0, 3]) {
			for (const lastSafeMs of [null, 1]) {
				const { text } = statusLine({ ...base, state, unsentItems, lastSafeMs });
				const saysSafe = text === roomWords.status.safe || text === roomWords.status.offlineSafe;
				const isSafe = unsentItems === 0 && lastSafeMs !== null && (state === 'idle' || state === 'offline');
				expect(saysSafe, JSON.stringify({ state, unsentItems, lastSafeMs })).toBe(isSafe);
			}
		}
	}
});

test('p01 a failed sync changes what the person reads', () => {
	expect(statusLine({ ...base, state: 'failed' })).toEqual({
		tone: 'trouble',
		text: roomWords.status.failed({ count: 0 }),
	});
	expect(statusLine({ ...base, state: 'failed', unsentItems: 1 }).text).toBe('Could not send 1 thing');
});

test('p01 nothing is called safe while a warning puts in doubt what the server has', () => {
	for (const state of ['idle', 'syncing', 'offline', 'failed'] as const) {
		for (const unsentItems of [0, 3]) {
			const { text, tone } = statusLine({ ...base, state, unsentItems }, true);
			expect([text, tone]).not.toContain(roomWords.status.safe);
			expect(text).not.toBe(roomWords.status.offlineSafe);
			expect(tone).not.toBe('calm');
		}
	}
	const warned = (...warnings: (CircleWarning | null)[]): boolean =>
		inDoubt(
			warnings.map((warning, at) => ({
				circle: `c${at}`,
				name: '',
				members: 1,
				unread: 0,
				pending: false,
				standing: 'active' as const,
				warning,
				mayBegin: true,
				leaving: false,
			})),
		);
	expect([inDoubt(null), warned(), warned(null), warned('needs-update', null)]).toEqual([
		false,
		false,
		false,
		false,
	]);
	for (const warning of ['fork', 'other-person', 'server-behind', 'records-withheld'] as const) {
		expect(warned(null, warning), warning).toBe(true);
	}
});

test('p01 one truth at a time: while the server has not heard of a circle, nothing is called safe', () => {
	const summary = (pending: boolean, standing: CircleSummary['standing']): CircleSummary => ({
		circle: 'c',
		name: '',
		members: 1,
		unread: 0,
		pending,
		standing,
		warning: null,
		mayBegin: true,
		leaving: false,
	});
	expect(isUnheard(null)).toBe(false);
	expect(isUnheard([summary(false, 'active'), summary(true, 'active')])).toBe(true);
	expect(isUnheard([summary(true, 'removed')])).toBe(false);
	for (const state of ['idle', 'syncing', 'offline', 'failed'] as const) {
		for (const unsentItems of [0, 3]) {
			const { text, tone } = statusLine({ ...base, state, unsentItems }, false, true);
			expect(text.includes('safe') || tone === 'calm', text).toBe(false);
		}
	}
});
