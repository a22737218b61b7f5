/** What the circle's own screens say beside the first catalogue, in English: it comes with them, after the first screen. */
import type { Message } from '$bridge';

const last: Record<Exclude<Message['body'], 'here'>, string> = {
	missing: 'Something whose words are still on their way.',
	gone: 'Taken back.',
	before: 'From before you joined; it stays closed.',
	waiting: 'Something whose key hasn’t come yet.',
	unverified: 'Something that could not be verified.',
};

export const enRooms = {
	/** In lists, in the place of a conversation's last words. */
	last,
	/** On a wide screen, beside a list of which nothing is open. */
	choose: {
		sessions: 'Choose a session, or start a new one.',
		threads: 'Choose a conversation, or start a new one.',
	},
	/** All was sent, and the server has not heard of a circle yet. */
	unheard: {
		title: 'The server has not heard of your circle yet.',
		note: 'It hears of it when there is a connection. Until then what you write is only on this phone.',
	},
};
