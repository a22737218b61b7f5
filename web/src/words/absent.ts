import type { Message } from '$bridge';
import { roomWords } from '.';

/** What is shown in the place of a message's text; nothing when the text is there. */
export function absentText(body: Message['body']): string {
	return {
		here: '',
		missing: roomWords.thread.missing,
		gone: roomWords.thread.gone,
		before: roomWords.message.before,
		waiting: roomWords.message.waiting,
		unverified: roomWords.message.unverified,
		hidden: roomWords.hidden.absent,
	}[body];
}
