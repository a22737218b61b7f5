/** One sentence on how things stand with the server, and how it should feel. */
import type { CircleSummary, SyncStatus } from '$bridge';
import { words } from '../words';

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
	if (unheard && line.tone === 'calm') return { tone: 'waiting', text: words.home.pending };
	return doubted && line.tone === 'calm' ? { tone: 'waiting', text: words.status.doubted } : line;
}

function plainLine(status: SyncStatus): { tone: Tone; text: string } {
	const { unsentItems: unsent, state } = status;
	const clean = unsent === 0 && status.lastSafeMs !== null;
	if (status.progress !== null && state === 'syncing') {
		return { tone: 'busy', text: words.status.fetching(status.progress) };
	}
	if (state === 'syncing') return { tone: 'busy', text: words.status.syncing };
	if (state === 'failed') return { tone: 'trouble', text: words.status.failed(unsent) };
	if (state === 'offline') {
		return unsent > 0
			? { tone: 'waiting', text: words.status.waiting(unsent) }
			: clean
				? { tone: 'calm', text: words.status.offlineSafe }
				: { tone: 'waiting', text: words.status.never };
	}
	if (unsent > 0) return { tone: 'waiting', text: words.status.unsent(unsent) };
	return clean ? { tone: 'calm', text: words.status.safe } : { tone: 'waiting', text: words.status.never };
}
