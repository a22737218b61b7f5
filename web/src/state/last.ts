/** What a list says of a conversation: its last words that stand, and who said them. */
import type { ThreadSummary } from '$bridge';
import { roomWords, words } from '../words';

/** Who spoke last, empty where nobody is named, and what is shown of it. */
export interface Last {
	who: string;
	said: string;
}

/** The last line of a conversation. */
export function lastOf({ excerpt, lastBody, lastMine, lastName }: ThreadSummary): Last {
	if (lastBody === null) return { who: '', said: roomWords.home.noWords };
	const who = lastMine ? words.common.you : lastName || roomWords.home.unnamed;
	if (lastBody === 'here') return { who, said: excerpt };
	return { who: lastBody === 'before' ? '' : who, said: roomWords.last[lastBody] };
}
