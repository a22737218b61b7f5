/** One sentence on how things stand with the server, and how it should feel. */
import type { CircleSummary, SyncStatus } from '$bridge';
import { roomWords } from '../words';
import { percent } from '../words/say';

/** `calm`: all safe. `busy`: under way. `waiting`: kept here. `trouble`: a person should read on. */
export type Tone = 'calm' | 'busy' | 'waiting' | 'trouble';

/** Whether one of the circles warns of something by which the server may not have what it said that it has. */
export function inDoubt(circles: readonly CircleSummary[] | null): boolean {
	return (circles ?? []).some(({ warning }) => warning !== null && warning !== 'needs-update');
}

/** Whether the server has not heard of one of the circles yet, or of this phone's coming into it. */
export function isUnheard(circles: readonly CircleSummary[] | null): boolean {
	return (circles ?? []).some(({ pending, standing }) => pending && standing !== 'removed');
}

/**
 * The line that says where everything is. It never says "safe" unless all of it is, the server has heard of all circles,
 * and nothing puts it in doubt.
 */
export function statusLine(
	status: SyncStatus,
	doubted = false,
	unheard = false,
): { tone: Tone; text: string } {
	const line = plainLine(status);
	if (unheard && line.tone === 'calm') return { tone: 'waiting', text: roomWords.home.pending };
	return doubted && line.tone === 'calm' ? { tone: 'waiting', text: roomWords.status.doubted } : line;
}

function plainLine(status: SyncStatus): { tone: Tone; text: string } {
	const { unsentItems: unsent, state } = status;
	const clean = unsent === 0 && status.lastSafeMs !== null;
	if (status.progress !== null && state === 'syncing') {
		return { tone: 'busy', text: roomWords.status.fetching({ percent: percent(status.progress) }) };
	}
	if (state === 'syncing') return { tone: 'busy', text: roomWords.status.syncing };
	if (state === 'failed') return { tone: 'trouble', text: roomWords.status.failed({ count: unsent }) };
	if (state === 'offline') {
		return unsent > 0
			? { tone: 'waiting', text: roomWords.status.waiting({ count: unsent }) }
			: clean
				? { tone: 'calm', text: roomWords.status.offlineSafe }
				: { tone: 'waiting', text: roomWords.status.never };
	}
	if (unsent > 0) return { tone: 'waiting', text: roomWords.status.unsent({ count: unsent }) };
	return clean
		? { tone: 'calm', text: roomWords.status.safe }
		: { tone: 'waiting', text: roomWords.status.never };
}
