/** What the circle's own screens say beside the first catalogue, in English: it comes with them, after the first screen. */
import type { Message } from '$bridge';

/** How many of something, in words. */
export const some = (count: number, one: string, more: string): string =>
	`${count} ${count === 1 ? one : more}`;

const last: Record<Exclude<Message['body'], 'here'>, string> = {
	missing: 'Something whose words are still on their way.',
	gone: 'Taken back.',
	before: 'From before you joined; it stays closed.',
	waiting: 'Something whose key hasn’t come yet.',
	unverified: 'Something that could not be verified.',
};

export const enRooms = {
	safe: {
		title: 'What is where',
		allSafe: 'Everything is safe on the server.',
		allSafeNote: 'If this phone broke today, nothing would be lost.',
		doubted: 'All was sent, but something is not right.',
		doubtedNote:
			'Kith can’t say now that it is safe on the server. Your circle’s first screen says why. Keep this phone until that is over.',
		waitingTitle: (items: number): string => `${some(items, 'thing is', 'things are')} only on this phone`,
		waitingNote: 'They are kept here and go to the server when there is a connection.',
		only: 'Only on this phone',
		sending: 'Being sent now',
		refused: 'Not accepted',
		changes: (count: number, size: string): string => `${some(count, 'change', 'changes')}, ${size}`,
		sendNow: 'Send now',
		sendingNow: 'Sending …',
		lastSafe: (when: string): string => `Last time all was safe: ${when}`,
		lastTry: (when: string): string => `Last try: ${when}`,
		neverSafe: 'Nothing has reached the server yet.',
		storage: 'This phone',
		keeps: 'This phone has promised to keep Kith’s data, even when space runs short.',
		mayClear:
			'This phone may clear Kith’s data when space runs very short. Putting Kith on the home screen helps.',
		askKeep: 'Ask this phone to keep it',
		used: (used: string): string => `Kith uses ${used} here.`,
		fullTitle: 'This phone is full',
	},
	message: {
		takeBack: 'Take back',
		ask: 'Take this back?',
		means: 'It goes from everyone’s phone when they next connect. They may have read it.',
		yes: 'Take it back',
		keep: 'Leave it',
		options: 'Answer or take back',
		before: 'This was written before you joined, so it stays closed.',
		waiting: 'The key for this hasn’t come yet. It opens by itself after a sync.',
		unverified: 'This could not be verified, so it is not shown.',
		left: 'no longer here',
		newest: 'To the newest words',
		below: (count: number): string => some(count, 'new message', 'new messages'),
		far: (count: number): string => `${some(count, 'new message', 'new messages')}. Go to the first of them`,
		/** Stands for messages that follow each other. */
		befores: (count: number, when: string): string =>
			count === 1
				? `A message of ${when} was written before you joined, so it stays closed.`
				: `${count} messages of ${when} were written before you joined, so they stay closed.`,
		waits: (count: number, when: string): string =>
			count === 1
				? `The key for a message of ${when} hasn’t come yet. It opens by itself after a sync.`
				: `The keys for ${count} messages of ${when} haven’t come yet. They open by themselves after a sync.`,
		span: (from: string, to: string): string => `${from} to ${to}`,
		who: 'Who can see this?',
	},
	day: {
		years: (first: number, last: number): string =>
			`Please choose a day in the years ${first} to ${last}. Is the year written with all four digits?`,
		whole: 'Please choose a day.',
	},
	/** For whoever was taken out of a circle. */
	out: {
		title: 'You are no longer in this circle',
		what: 'A facilitator, or the organisation, took this phone out of the circle. That also happens when a phone is reported lost.',
		speak: (names: string): string =>
			`If you don’t know why, or it was a mistake, please speak to ${names === '' ? 'a facilitator' : names}, face to face or on the telephone. They can bring you back.`,
		stays:
			'What was here until then stays on this phone, and you can read it. Nothing new comes, and nothing more can be sent.',
		line: 'You are no longer in this circle. You can read what is here, and not write.',
		more: 'What this means',
		unsent: (name: string): string => `Can’t be sent: you are no longer in “${name}”`,
		unsentNote: 'They stay on this phone. If you are brought back, they go by themselves.',
	},
	note: {
		title: 'Title',
		titlePlaceholder: 'What is this session about?',
		place: 'Place',
		placePlaceholder: 'Where do you meet?',
		both: 'Two people wrote this at the same time. Which should stay?',
		bothBy: (name: string): string => `by ${name}`,
		keep: 'Keep this',
		body: 'Notes',
		bodyLabel: 'Notes of the session',
		bodyPlaceholder: 'Write what matters …',
		writtenBy: (names: string): string => `Written by ${names}`,
		attendance: 'Who is here',
		later: 'Someone who came to the circle later',
		attendanceCount: (here: number, all: number): string => `${here} of ${all}`,
		more: (name: string): string => `More for ${name}`,
		also: (label: string, name: string): string => `${name} put down “${label}”`,
		agenda: 'Agenda',
		agendaAdd: 'Add to the agenda',
		agendaDone: (text: string): string => `Done: ${text}`,
		agendaRemove: (text: string): string => `Remove “${text}”`,
		commitments: 'What we said we would do',
		commitmentAdd: 'What will be done?',
		commitmentWho: 'Who?',
		commitmentDue: 'Until when? (may stay empty)',
		commitmentUntil: (day: string): string => `until ${day}`,
		commitmentRemove: (text: string): string => `Remove “${text}”`,
		states: { open: 'Open', kept: 'Done', notYet: 'Not yet' },
		notTaken: 'Your last words are still being saved.',
		missing: 'This note is not on this phone.',
	},
	editor: {
		toolbar: 'Formatting',
		heading: 'Heading',
		bold: 'Bold',
		italic: 'Italic',
		bullet: 'List',
		todo: 'To-do',
		undo: 'Undo',
		redo: 'Redo',
		tick: 'Done',
	},
	thread: {
		earlier: 'Show earlier words',
		fresh: 'New from here',
		empty: 'Nobody has written here yet. A hello is enough.',
		write: 'Write to the circle',
		send: 'Send',
		reply: 'Answer',
		replyTo: (name: string): string => `Answer to ${name}`,
		replyCancel: 'Not as an answer',
		react: 'Let them know',
		options: (name: string): string => `Answer or react to ${name}`,
		missing: 'The words are still on their way.',
		gone: 'Taken back.',
		notSent: 'This was not saved. Your words are back in the box below.',
		names: { relate: 'relate', thanks: 'say thank you', strength: 'send strength', withYou: 'are with you' },
		namesOne: {
			relate: 'relates',
			thanks: 'says thank you',
			strength: 'sends strength',
			withYou: 'is with you',
		},
		namesMe: {
			relate: 'You relate',
			thanks: 'You say thank you',
			strength: 'You send strength',
			withYou: 'You are with them',
		},
	},
	threads: {
		title: 'Talk',
		new: 'Start a conversation',
		newLabel: 'What is it about?',
		newHint: 'Everyone in the circle can read it.',
		start: 'Start',
		unread: 'New words',
		none: 'Nobody has started a conversation yet.',
		untitled: 'The whole circle',
	},
	sessions: {
		title: 'Sessions',
		new: 'New session',
		none: 'No sessions yet. When your circle meets, start a note here.',
		present: (count: number): string => `${count} here`,
		changed: 'New words',
		untitled: 'Session',
		second: (ordinal: number): string => `Session ${ordinal + 1} of that day`,
		dateLabel: 'Which day?',
		titleLabel: 'What is it about?',
		titleHint: 'You can leave this empty.',
		exists: 'There is a note for that day. It will open.',
		another: 'Another session the same day',
		open: 'Open the note',
		start: 'Start the note',
	},
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
