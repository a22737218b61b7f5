import type { Message } from '$bridge';
import { words } from '.';
import { peopleWords } from './people';

/** What is shown in the place of a message's text; nothing when the text is there. */
export function absentText(body: Message['body']): string {
	return {
		here: '',
		missing: words.thread.missing,
		gone: words.thread.gone,
		before: peopleWords.message.before,
		waiting: peopleWords.message.waiting,
		unverified: peopleWords.message.unverified,
	}[body];
}
