/** What is said about people, phones, codes and who can see what, in English. Plain, warm, short. */
import type { CircleWarning, PeopleEvent, ReturnedKind, Standing, Resumption } from '$bridge';
import { some } from './en.rooms';

const standing: Record<Standing, string> = {
	active: '',
	provisional: 'Waiting',
	removed: 'Taken out',
};

/** Who did what to whom; `self`: people who did it for themselves. */
const events: Record<PeopleEvent['kind'], (who: string, by: string, self: boolean) => string> = {
	founded: (_, by) => `${by} started the circle`,
	invited: (_, by) => `${by} made an invitation`,
	joined: (who, by, self) => (self ? `${who} came in` : `${who} came in, invited by ${by}`),
	granted: (who, by) => `${by} let ${who} in`,
	recovered: (who, by, self) =>
		self ? `${who} came back with a new phone` : `${who} came back with a new phone, let in by ${by}`,
	device: (who) => `${who} added a phone`,
	paper: (who) => `${who} made a printed code`,
	removed: (who, by) => `${by} took ${who} out of the circle`,
	deviceRemoved: (who, by, self) =>
		self ? `${who} took out a lost phone` : `${by} took out a lost phone of ${who}`,
	confirmed: (who, by) => `${who} had been waiting, and ${by} let them in`,
	promoted: (who, by) => `${by} made ${who} a facilitator`,
	waits: (who, by) => `${who} waits: ${by}, who let them in, is out`,
	broughtBack: (who, by) => `${by} brought ${who} back`,
	demoted: (who, by) => `${by} made ${who} a member again`,
	withdrawn: (_, by) => `${by} withdrew an invitation`,
	leaked: () =>
		'An invitation was closed by itself: its link had been changed on its way, where others may read it',
	restored: () => 'The server was put back to an older state, and goes on from there',
	conversationsOpened: (_, by) => `${by} lets everyone start conversations`,
	conversationsReserved: (_, by) => `${by} lets only facilitators start conversations`,
	newServer: (_, by) => `${by} gave the server a new key`,
};

/** What a person did and the server did not take. */
const returned: Record<ReturnedKind, (who: string) => string> = {
	remove: (who) => `Taking ${who} out of the circle`,
	removeDevice: (who) => `Taking out a phone of ${who}`,
	confirm: (who) => `Letting ${who} in`,
	promote: (who) => `Making ${who} a facilitator`,
	demote: (who) => `Making ${who} a member again`,
	invite: () => 'Your invitation',
	withdraw: () => 'Withdrawing an invitation',
	device: () => 'Adding a phone or printed code',
	setting: () => 'Deciding who starts conversations',
};

/** Why it did not, by the engine's code; where a code is missing here, the engine's own sentence is shown. */
const why: Record<string, string> = {
	'too-soon':
		'A facilitator can take out or change back one other facilitator a day, and none on their own first day. Wait a day, or ask the organisation.',
	'author-out': 'When the server heard of it, you were out, or no longer a facilitator.',
	'not-allowed': 'You may not do this in this circle. Ask a facilitator.',
	'no-change': 'Someone else had done it already, or things changed before the server heard of it.',
	'unknown-target': 'That person or phone was not in the circle when the server heard of it.',
	'share-used': 'You have done this as often as one person may. Ask another facilitator.',
	'circle-full': 'The circle is full. Take someone out first, or start another circle.',
	'lost-chain': 'The server was put back to an older state, and this was lost with it.',
	'other-chain': 'This phone knew another list of who is in than the server has.',
	'old-number': 'This phone was put back to an older state, and had said something newer already.',
	waiting: 'The server was waiting for what it had lost. Try again later.',
	slow: 'You have done as much today as one person may. Try again tomorrow.',
};

/** What a circle's people are told, and what they can do. Sorted by how much it matters. */
const warnings: Record<CircleWarning, { title: string; lines: string[] }> = {
	fork: {
		title: 'The server tells people different things about who is in this circle',
		lines: [
			'Kith has proof: two lists, both signed by the server, that can’t both be true. A backup that was put back badly can do this. So can someone who tampers with the server, for example to hide that a person was taken out.',
			'Nothing that you wrote is lost. Until this is settled, your phone gives the circle’s keys to nobody new.',
			'Talk to your facilitator face to face or on the telephone, not in here.',
		],
	},
	'other-person': {
		title: 'This circle has stopped on this phone',
		lines: [
			'The server’s list says that this phone belongs to someone other than the person you came in as. So that nobody speaks in another’s name, Kith sends nothing to this circle and takes nothing from it.',
			'What is on this phone stays here. Ask your facilitator, face to face or on the telephone, to take this phone out and give you a new way in.',
		],
	},
	'records-withheld': {
		title: 'The server keeps something back',
		lines: [
			'Part of the list of who is in came without its content, or against the rules, so Kith did not take it. The server did this, not someone in your circle.',
			'What you wrote is still on this phone. The people shown here may not be up to date. Show this to your facilitator, who can ask the organisation that runs the server.',
		],
	},
	'server-behind': {
		title: 'The server was put back to an older state',
		lines: [
			'It lacks some of what this circle did last. Phones that still have it bring it back by themselves, yours too, when Kith is open and there is a connection.',
			'Until then the server lets nobody in and takes nobody out. You can go on writing. If this is still here in two days, tell your facilitator.',
		],
	},
	'needs-update': {
		title: 'This circle needs the newest Kith',
		lines: [
			'Something here was written with a newer Kith than this phone has. Close Kith and open it again where there is a connection. Nothing is lost.',
		],
	},
};

const resumed: Record<Resumption, { title: string; lines: string[] }> & { read: string } = {
	putBack: {
		title: 'This phone is up to date again',
		lines: [
			'It had been put back to an older state: from a saved file, or from a backup of the phone. What you wrote in the meantime came back to it, and you can go on writing.',
			'If you did not do this, somebody may have copied your phone. Ask your facilitator to take this phone out of the circle and to give you a new way in.',
		],
	},
	copied: {
		title: 'Kith is in use on a copy of this phone',
		lines: [
			'Something was written in your name that did not come from this phone: the same Kith is open on another one. What both of them wrote is kept.',
			'If both are yours, use only one of them, and on the other choose “This phone”, then remove Kith from it. For a second phone of your own, ask your facilitator for a link.',
			'If the other is not yours, somebody has copied your phone and can read what you can read. Ask your facilitator, face to face or on the telephone, to take this phone out and to give you a new way in.',
		],
	},
	read: 'I have read this',
};

export const enPeople = {
	standing,
	events,
	warnings,
	resumed,
	notHeard: 'The server has not heard of it yet',
	organisation: 'The organisation',
	people: {
		title: 'People and phones',
		list: 'Who is in the circle',
		past: 'No longer here',
		waiting: 'Waiting to come in',
		waitingWhy:
			'They were let in by someone who was taken out. They can’t read here until a facilitator lets them in.',
		letInBy: (name: string): string => `Let in by ${name}`,
		letInByOut: (name: string): string => `Let in by ${name}, who is out`,
		lately: 'What happened lately',
		nothing: 'Nothing yet.',
		yours: 'Your phones',
		thisPhone: 'This phone',
		phone: 'Phone',
		paper: 'Printed code',
		since: (day: string): string => `since ${day}`,
		addPhone: 'Add another phone',
		printed: 'Printed code',
		printedHas: 'You have a printed code. It brings you back if you lose your phone.',
		printedNone: 'A printed code brings you back if you lose your phone.',
		leads: 'Let people in',
		invite: 'Invite someone',
		letIn: 'Let in with no network',
		offlineLeft: (count: number): string =>
			count === 0
				? 'With no network, nobody more can be let in until this phone was online.'
				: `With no network, ${some(count, 'more person', 'more people')} can be let in.`,
		confirm: (name: string): string => `Let ${name} in`,
		takeOut: (name: string): string => `Take ${name} out`,
		bringBack: (name: string): string => `Bring ${name} back`,
		demote: (name: string): string => `Make ${name} a member again`,
		newPhone: (name: string): string => `New phone for ${name}`,
		promote: (name: string): string => `Make ${name} a facilitator`,
		remove: (name: string): string => `Take ${name} out of the circle`,
		lost: 'This phone was lost',
		lostPaper: 'This code was lost',
		confirmed: (name: string): string => `${name} is in.`,
		broughtBack: (name: string): string => `${name} is back.`,
		demoted: (name: string): string => `${name} is a member now.`,
		promoted: (name: string): string => `${name} is a facilitator now.`,
		removed: (names: string, more: boolean): string => `${names} ${more ? 'were' : 'was'} taken out.`,
		lostDone: 'That phone was taken out.',
		removeAsk: (name: string): string => `Take ${name} out of the circle?`,
		removeMeans: (name: string): string =>
			`From now on ${name} reads nothing new here. What ${name} wrote stays, and what is already on their phone stays there. Everyone in the circle sees that you did this. A facilitator can bring ${name} back.`,
		removeYes: 'Take out',
		oncePerDay: 'You can do this to one other facilitator a day, and to none on your own first day as one.',
		did: (name: string): string => `What ${name} did last, as far as this phone knows`,
		didNothing: 'Nothing that this phone knows of.',
		also: 'Take them out as well?',
		alsoMeans: (name: string): string =>
			`${name} let these people in. They stay, unless you tick their name.`,
		bringBackAsk: (name: string): string => `Bring ${name} back?`,
		bringBackMeans: (name: string): string =>
			`${name} comes back as a member, and reads what is written from then on. Phones that were taken out one by one stay out. Everyone in the circle sees that you did this.`,
		bringBackYes: 'Bring back',
		demoteAsk: (name: string): string => `Make ${name} a member again?`,
		demoteMeans: (name: string): string =>
			`${name} stays in the circle. From now on ${name} can’t let people in or take people out. Everyone in the circle sees that you did this.`,
		demoteYes: 'Make member',
		lostAsk: 'Take this phone out?',
		lostMeans: (name: string): string =>
			`It reads nothing new from now on. ${name} stays in the circle with their other phones, or comes back with a new one.`,
		lostYes: 'Take the phone out',
		promoteAsk: (name: string): string => `Make ${name} a facilitator?`,
		promoteMeans: (name: string): string =>
			`${name} can then let people in and take people out, you too. A facilitator can make ${name} a member again.`,
		promoteYes: 'Make facilitator',
		keep: 'No, leave it',
		who: 'Who can see this?',
	},
	invites: {
		title: 'Invitations still good',
		yours: 'Your invitations still good',
		one: 'For one person',
		many: (used: number, uses: number): string =>
			used === 0 ? `For ${uses} people` : `For ${uses} people, ${used} came in`,
		device: (name: string): string => `A new phone for ${name}`,
		own: 'Another phone of yours',
		facilitator: 'as a facilitator',
		by: (name: string): string => `made by ${name}`,
		byYou: 'made by you',
		until: (when: string): string => `until ${when}`,
		withdraw: 'Withdraw',
		ask: 'Withdraw this invitation?',
		means: 'Nobody can come in by it from then on. Whoever came in by it stays.',
		yes: 'Withdraw it',
		done: 'That invitation lets nobody in any more.',
	},
	conversations: {
		title: 'Who may start conversations?',
		everyone: 'Everyone',
		facilitators: 'Only facilitators',
		means: 'Everyone can always write in those that are there.',
	},
	returned: {
		title: 'The server did not take this',
		what: returned,
		why,
		again: 'Try again',
		seen: 'Leave it',
		left: 'Left as it is.',
	},
	fork: {
		ours: 'The list on this phone',
		theirs: 'The other list',
		side: (records: number, when: string): string =>
			`${some(records, 'entry', 'entries')}. The last: ${when}`,
		since: (when: string): string => `Seen on this phone: ${when}`,
		leads:
			'Before you choose, call or meet some of the others, and compare who is in the circle on each of your phones. The right list is the one that fits what you know of each other. If you can’t tell, wait and ask the organisation.',
		member: 'A facilitator can settle this, or the organisation.',
		goOurs: 'Go on with the list on this phone',
		goTheirs: 'Go on with the other list',
		askOurs: 'Go on with the list on this phone?',
		askTheirs: 'Go on with the other list?',
		meansOurs:
			'This phone keeps its list, and gives keys to new people again. Tell the others which list you chose.',
		meansTheirs:
			'This phone takes the other list. Whoever is in or out on it is in or out here. Tell the others which list you chose.',
		yes: 'Go on with it',
		done: 'This phone goes on.',
	},
	invite: {
		title: 'Invite someone',
		titleMine: 'Add another phone',
		titleOther: (name: string): string => `New phone for ${name}`,
		mine: 'Open this on your other phone. It then reads what you can read.',
		other: (name: string): string =>
			`For someone who lost their phone. Make sure that it really is ${name}. Their old phones are taken out, and everyone in the circle sees it.`,
		role: 'What will they be?',
		member: 'Member',
		facilitator: 'Facilitator',
		facilitatorMeans: 'A facilitator can let people in and take people out.',
		past: 'May they read what was written before?',
		pastNo: 'No, only what comes from now on',
		pastYes: 'Yes, what was written before as well',
		uses: 'For how many people?',
		days: 'Good for how long?',
		day: (count: number): string => some(count, 'day', 'days'),
		make: 'Make the invitation',
		making: 'One moment …',
		once: 'The link works once. After that it opens nothing, also in a browser’s history.',
		many: 'A browser keeps the links that it opened. Whoever finds this one in a phone’s history can come in by it too, until it is used up or you withdraw it. A code that is typed leaves nothing there.',
		result: 'Send them the link, let them scan it, or read out the code.',
		resultMine: 'Open the link on your other phone, scan it with that phone, or type the code there.',
		careMine: 'Whoever has it can come in as you. It works once.',
		care: 'Whoever has it can come in. Give it only to them.',
		link: 'Link',
		copy: 'Copy the link',
		copied: 'Copied.',
		share: 'Share …',
		shareText: 'Come into our circle on Kith',
		code: 'Code to type',
		codeHint: 'In Kith on their phone, under “or type the code”.',
		scan: 'Any phone’s camera can scan this link',
		good: (uses: number): string => `For ${some(uses, 'person', 'people')}`,
		until: (when: string): string => `, until ${when}`,
		again: 'Make another',
		done: 'Done',
		noNetwork: 'No network here?',
	},
	qr: {
		label: 'A code to scan with the other phone',
		hint: 'Make this screen bright and hold the phones a hand’s width apart, in good light.',
		textTitle: 'No camera? Copy the code as text',
		text: 'The code as text',
		making: 'Making the code …',
		tooLong: 'This is too long for a code to scan. Copy it as text.',
		copy: 'Copy the text',
	},
	scan: {
		label: 'What the camera sees',
		starting: 'Starting the camera …',
		looking:
			'Point the camera at the code on the other phone. Keep it still, with the whole code in the picture.',
		reading: 'Found it. One moment …',
		none: 'This phone has no camera that Kith can use.',
		denied: 'Kith may not use the camera. Allow it in the settings of this page, then try again.',
		busy: 'Another app is using the camera. Close it, then try again.',
		unknown: 'The camera did not start.',
		again: 'Try the camera again',
		typeTitle: 'Type or paste the code instead',
		type: 'The code from the other phone',
		use: 'Use this code',
	},
	same: {
		title: 'Six words',
		read: 'Do both phones show the same six words? Read them to each other.',
		words: 'The six words',
		yes: 'Yes, the same',
		no: 'No, not the same',
	},
	codeIn: {
		title: 'Come in with no network',
		what: 'Your facilitator’s phone lets yours in. Keep the two phones together.',
		show: 'Show my code',
		showTitle: 'Let your facilitator scan this',
		scanned: 'They scanned it',
		scanTitle: 'Scan their answer',
		in: 'You are in.',
		stopTitle: 'Stop here',
		stop: 'Something was between the two phones. Do not go on, and write nothing in this circle. Go a little away from others and begin again with your facilitator.',
		again: 'Begin again',
		noCamera:
			'No camera here? Ask your facilitator for a code to type, and type it on the first screen once there is a network.',
		first: 'To the first screen',
	},
	letIn: {
		title: 'Let in with no network',
		what: 'On the new phone, open Kith and tap “No network? Come in by code”.',
		scan: 'Scan their code',
		showTitle: 'Let them scan this',
		scanned: 'They scanned it',
		done: (name: string): string => (name === '' ? 'They are in.' : `${name} is in.`),
		doneNote: 'The circle hears of it when one of the two phones is online.',
		stopTitle: 'Stop here',
		stop: 'Something was between the two phones. Who was just let in was taken out again. Tell them not to go on, and begin again, a little away from others.',
		stopFailed:
			'Something was between the two phones, and who was just let in could not be taken out. Take them out under People, tell them not to go on, and begin again.',
		again: 'Begin again',
		people: 'To the people',
		link: 'There is a network? A link is simpler.',
	},
	paper: {
		title: 'Printed code',
		what: 'If you lose your phone, this code brings you back as yourself. Whoever has it can come in as you, so keep it where nobody else looks.',
		old: 'You have one already. When you make a new one, the old one stops working.',
		make: 'Make my code',
		makeNew: 'Make a new code',
		code: 'Your printed code',
		print: 'Print',
		wrote: 'I wrote it down',
		only: 'It is shown only now.',
		sheet: (name: string, circle: string): string => `The way back into “${circle}” for ${name}.`,
		sheetHow: 'In Kith, tap “I lost my phone” and type this code. Keep it where nobody else looks.',
	},
	comeBack: {
		title: 'I lost my phone',
		what: 'With your printed code, this phone becomes yours again.',
		code: 'Printed code',
		codeHint: 'Letters and digits in groups of four. Capitals or not does not matter.',
		missing: 'Please type the code from your paper.',
		go: 'Come back',
		going: 'Coming back …',
		askTitle: 'No printed code?',
		ask: 'Ask your facilitator for a new phone. They give you a link or a code, or let you in with no network.',
		then: 'The lost phone can still be in the circle: once you are back, take it out under “People and phones”.',
	},
	found: {
		title: 'Start a circle',
		what: 'For facilitators whom the organisation asked to start circles. You are its first facilitator, and invite the others.',
		circle: 'What is the circle called?',
		circleHint: 'Everyone in it sees this name, and so does the server.',
		name: 'What should people call you?',
		circleMissing: 'Please give the circle a name.',
		nameMissing: 'Please write the name that people should see.',
		go: 'Start the circle',
		going: 'Starting …',
	},
	who: {
		title: 'Who can see this?',
		parts: [
			{
				title: 'People in your circle',
				lines: [
					'They read what you write in the circle’s conversations and notes, and see the name you chose and which phones are yours.',
				],
			},
			{
				title: 'Facilitators',
				lines: [
					'They read what everyone in the circle reads. They can let people in, take people out and bring them back. A facilitator can do that to one other facilitator a day.',
				],
			},
			{
				title: 'Who is in the circle',
				lines: [
					'Everyone sees who is in, who came and went, and who did it. Each change is signed by the person who made it. The server puts them in order, and every phone checks the whole list: the server can’t let someone in or take someone out in a person’s name, or change what was on the list.',
					'It can keep a change back for a while. If it shows people different lists, phones that see both have proof of it: Kith says so on the circle’s first screen, and gives no keys to anyone new. Phones that never hear of each other’s list can’t notice.',
					'What you do without a connection counts once the server has heard of it. Until then the screen says so.',
				],
			},
			{
				title: 'Invitations and links',
				lines: [
					'Whoever has a link that is still good can come in by it. The browser keeps links in its history; Kith can’t take them out of there. A link for one person opens nothing once it was used. A link for several lets in whoever finds it, until it is used up, too old or withdrawn.',
				],
			},
			{
				title: 'The organisation that runs the server',
				lines: [
					'It can’t read messages: they are sealed on your phone.',
					'It can read session notes (their text, who was there, what was promised), the name of the circle and the names people chose: the server reads them to put everyone’s changes together. On its disk they are encrypted.',
					'It sees who connects, when, from where and how much, and which phone answers or reacts to which message. It knows phones by numbers, not by telephone number.',
					'It can let someone in or take someone out, as a facilitator can. Everyone in the circle then sees that it did.',
					'It hands out this app. If it handed out a changed one, Kith could not protect you from it.',
				],
			},
			{
				title: 'Someone who finds your phone',
				lines: [
					'If the phone is not locked, they can read what you can read. A six-digit PIN stops a curious person. It does not stop a laboratory.',
				],
			},
			{
				title: 'Someone who was taken out',
				lines: [
					'They read nothing new, and learn nothing of who comes and goes after them. What was already on their phone, they keep.',
					'A phone that hasn’t heard of it yet still seals what it writes with a key that they have. The server doesn’t give it to them, but only the server keeps it from them.',
					'A facilitator can bring them back, and everyone sees it.',
				],
			},
			{
				title: 'When you take a message back',
				lines: [
					'It goes from the server, and from phones when they next connect. Old backups keep it, sealed, until they are thrown away. Nothing can make someone forget what they have read.',
				],
			},
		],
		lostTitle: 'If your phone is lost',
		lost: [
			'Tell a facilitator soon. They take the phone out, and it reads nothing new.',
			'Come back with your printed code, or with a new invitation from a facilitator.',
			'What was safe on the server comes to your new phone.',
		],
		phones: 'People and phones',
	},
};
