/**
 * Every word that the page says, in English. Other languages give a catalogue of the same shape.
 * Plain, warm, short: never clinical, never cute.
 */
import type { Presence, ProblemCode, ReactionKind, Safety } from '$bridge';

const some = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

const safety: Record<Safety, string> = {
	phone: 'On this phone',
	sending: 'Sending',
	safe: 'Safe on the server',
	refused: 'Not accepted',
};

const presence: Record<Presence, string> = {
	present: 'Here',
	late: 'Late',
	absent: 'Not here',
	excused: 'Sent word',
};

const reactions: Record<ReactionKind, string> = {
	relate: 'I relate',
	thanks: 'Thank you',
	strength: 'Strength to you',
	withYou: 'I am with you',
};

/** What a person can do about each problem; the engine's own sentence comes before it. */
const advice: Record<ProblemCode, string> = {
	'link-invalid': 'Check that the whole link was copied, or ask your facilitator for a new one.',
	'link-used': 'Each link works once. Ask your facilitator for a new one.',
	'link-expired': 'This link was only good for a while. Ask your facilitator for a new one.',
	'not-enrolled': 'Open the link that your facilitator gave you.',
	offline: 'Kith keeps everything and tries again by itself.',
	'not-our-server': 'This Wi-Fi may want you to sign in first. Nothing was sent to it.',
	'server-error': 'Kith keeps everything and tries again by itself.',
	'clock-wrong': 'Set the date and time of this phone, then try again.',
	removed: 'You are no longer in this circle. Please speak to your facilitator.',
	stale: 'Someone wrote at the same moment. Please try once more.',
	'unknown-document': 'This phone does not have it yet. Try again once you have a connection.',
	'unknown-circle': 'This phone is not in that circle.',
	'too-long': 'Please make it shorter, or send it in two parts.',
	empty: 'Please write something first.',
	'bad-input': 'Please check what you wrote.',
	'storage-full':
		'Delete photos, videos or apps that you do not need, then try again. What you have here stays readable.',
	'storage-failed': 'This phone could not write it down. Close other apps and try again.',
	'storage-corrupt': 'Something stored here is damaged. What is safe on the server will be fetched again.',
	refused: 'The server did not accept it. Show this to your facilitator.',
	'engine-stopped': 'Close Kith and open it again. What is saved stays saved.',
	'other-version': 'Close every Kith window and open it again.',
	'key-waiting': 'It comes by itself when someone else’s phone in the circle is online.',
	'code-invalid': 'Check it sign by sign, or ask for a new one.',
	'warrant-used': 'Connect this phone to a network once. Then you can let more people in.',
	'not-allowed': 'Ask a facilitator of the circle to do it.',
	full: 'Copy what you were writing, and go on in a new one.',
};

const PROBLEMS: Partial<Record<ProblemCode, string>> = {
	'link-invalid': 'This link is not complete.',
	'link-used': 'This link has been used already.',
	'link-expired': 'This link is too old.',
	offline: 'No connection.',
	'not-our-server': 'Something other than the Kith server answered.',
	'server-error': 'The server could not do it just now.',
	'clock-wrong': 'The clock of this phone is wrong.',
	'storage-full': 'This phone is full.',
	'storage-failed': 'This phone could not save it.',
	'engine-stopped': 'Kith stopped working.',
	'other-version': 'Another version of Kith is open.',
	'key-waiting': 'The key for this has not come yet.',
	'code-invalid': 'This is not a code for Kith.',
	'warrant-used': 'This phone can let nobody in just now.',
	'not-allowed': 'Only facilitators may do this.',
	full: 'There is no room for more here.',
};

/** The English catalogue. */
export const en = {
	lang: 'en',
	dir: 'ltr' as 'ltr' | 'rtl',
	app: 'Kith',
	nav: {
		label: 'Main',
		home: 'Circle',
		sessions: 'Sessions',
		threads: 'Talk',
		safe: 'Saved',
		settings: 'Settings',
		waiting: 'something is waiting',
		back: 'Back',
		skip: 'Skip to the content',
		hide: 'Hide',
		hideAll: 'Hide Kith now',
	},
	common: {
		cancel: 'Cancel',
		close: 'Close',
		add: 'Add',
		remove: 'Remove',
		save: 'Save',
		retry: 'Try again',
		loading: 'One moment …',
		someone: 'Someone',
		you: 'You',
		today: 'Today',
		yesterday: 'Yesterday',
		justNow: 'just now',
		facilitator: 'Facilitator',
		unsaid: 'Something went wrong.',
		kilobytes: (bytes: number): string =>
			bytes < 1000
				? 'less than 1 KB'
				: bytes < 1e6
					? `${Math.round(bytes / 1000)} KB`
					: `${(bytes / 1e6).toFixed(1)} MB`,
	},
	safety,
	safetySaving: 'Saving',
	safetyStuck: 'Not saved yet',
	advice,
	problems: PROBLEMS,
	status: {
		safe: 'All safe on the server',
		waiting: (items: number): string =>
			`${some(items, 'thing', 'things')} on this phone, waiting for a connection`,
		unsent: (items: number): string => `${some(items, 'thing', 'things')} on this phone, not sent yet`,
		offlineSafe: 'No connection. All safe on the server',
		syncing: 'Sending and fetching …',
		fetching: (part: number): string => `Fetching your circle, ${Math.round(part * 100)} %`,
		failed: (items: number): string =>
			items === 0 ? 'Could not reach the server' : `Could not send ${some(items, 'thing', 'things')}`,
		never: 'Not yet checked with the server',
		doubted: 'All sent, but something is not right',
	},
	engine: {
		loading: 'Getting Kith ready for this phone',
		loadingPart: (part: number): string => `Getting Kith ready, ${Math.round(part * 100)} %`,
		elsewhere: 'Kith is working in another window. You can go on here.',
		stopped: 'Kith stopped working. Close it and open it again; what is saved stays saved.',
	},
	update: { ready: 'New version ready', take: 'Start it now', later: 'Later' },
	install: {
		offer: 'Put Kith on your home screen, and it opens like any app, even with no network.',
		take: 'Add to home screen',
		later: 'Not now',
	},
	welcome: {
		title: 'Welcome to your circle',
		what: 'Kith is where your circle keeps its notes and talks between meetings. It works with no network: what you write stays on this phone and goes to the server when there is a connection.',
		see: 'People in your circle see the name you choose and what you write to them.',
		name: 'What should people call you?',
		nameHint: 'A first name or a nickname is fine. You can change it later.',
		nameMissing: 'Please write the name that people should see.',
		join: 'Join the circle',
		joining: 'Joining …',
		joiningSlow: 'Still at it. On a weak connection this can take a minute or two; you can leave this open.',
		noLinkTitle: 'You need a link to come in',
		noLink: 'Ask your facilitator for a link. Opening it on this phone brings you here.',
		paste: 'Or paste the link here, or type the code',
		pasteHint: 'A link begins with http. A code is letters and digits in groups of four.',
		pasteWrong: 'That does not look like a Kith link or code. Check that it is whole.',
		open: 'Use this link or code',
		file: 'Open a saved file',
		another: 'Join another circle',
		hide: 'The crossed-out eye hides Kith at once.',
		codeIn: 'No network? Come in by code',
		comeBack: 'I lost my phone',
	},
	home: {
		thisWeek: 'This week',
		openToday: 'Open today’s note',
		startToday: 'Start today’s note',
		lastSession: 'Last session',
		talk: 'Talk',
		noThreads: 'Nobody has written yet. You can be the first.',
		noWords: 'No words yet',
		allTalk: 'All conversations',
		people: 'People',
		switch: 'Circle',
		members: (count: number): string => some(count, 'person', 'people'),
		agreement: 'What we agreed on',
		noPin: 'Kith has no PIN: anyone who has this phone can read your circle.',
		setPin: 'Set a PIN',
		lock: 'Lock',
		changeName: 'Change my name',
		yourName: 'Your name in this circle',
		unnamed: 'Someone new',
		untitled: 'Your circle',
		pending: 'You are in. The server will know when there is a connection.',
		allPeople: 'People and phones',
		found: 'Start another circle',
		/** Beside the name of a circle that its people must be told something about. */
		look: 'please read',
		lookAt: (name: string): string => `There is something to read about “${name}”`,
		seeBoth: 'See both lists',
		returned: 'The server did not take something that you did',
	},
	reactions,
	presence,
	notFound: {
		title: 'There is nothing here',
		text: 'The address may be old or incomplete.',
		home: 'Go to your circle',
	},
	fallback: {
		title: 'Not all is here yet',
		text: 'The connection was cut. Kith fetches the rest by itself, and opens this page when it is here.',
	},
};

/** The shape that every language gives. */
export type Words = typeof en;
