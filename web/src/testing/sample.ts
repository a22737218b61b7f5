/** A circle that reads like real life, for screens and tests. */
import type {
	ThreadSummary,
	Circle,
	Invitation,
	Member,
	Message,
	Note,
	NoteSummary,
	OpenInvite,
	People,
	PeopleEvent,
	Person,
	Presence,
	Returned,
	Span,
} from '../bridge/contract';
import { today } from '../words/dates';

export const CIRCLE = 'c1a0';
export const SECOND_CIRCLE = 'c2b0';

const NAMES = [
	'Ana',
	'Baraka',
	'Wanjiku',
	'Joseph',
	'Mama Otieno',
	'Fatuma',
	'Lindiwe',
	'Peter',
	'Grace',
	'Hassan',
	'Njeri',
	'Tomás',
	'Auntie Ruth',
];

export const members: Member[] = NAMES.map((name, at) => ({
	member: `m${at}`,
	name,
	role: at === 12 ? 'facilitator' : 'member',
	me: at === 0,
	names: [],
}));

export const circle: Circle = {
	circle: CIRCLE,
	name: 'Thursday circle, Kibera',
	agreement: 'What is said here stays here. We listen before we advise. Anyone may pass.',
	members,
	me: members[0] as Member,
	ownName: 'Ana',
	names: [],
	agreements: [],
	helplines: [],
	followUp: null,
	aboutAlcohol: false,
	lines: [],
	agreementDigest: null,
	agreed: [],
	changed: null,
	roles: [],
	opening: '',
	closing: '',
	contested: [],
};

const block = (kind: 'paragraph' | 'heading' | 'bullet' | 'todo', level = 0, checked = false): Span => ({
	type: 'block',
	block: { kind, level, checked },
});
const text = (words: string, ...marks: ('strong' | 'em')[]): Span => ({ type: 'text', text: words, marks });

export const spans: Span[] = [
	text('We were ten under the mango tree; the rain held off until the end.'),
	block('heading', 2),
	text('What helped this week'),
	block('bullet'),
	text('Baraka walks to his sister’s when the evening gets '),
	text('loud', 'em'),
	text('. She does not ask, she makes tea.'),
	block('bullet'),
	text('Grace keeps the number of the night line on the inside of the cupboard door.'),
	block('bullet'),
	text('Counting things that are blue, from Wanjiku. Several want to try it.'),
	block('heading', 2),
	text('What was hard'),
	block('paragraph'),
	text('Joseph lost the job at the quarry on Monday. He has told his wife. '),
	text('He asked us not to bring it up outside.', 'strong'),
	block('heading', 3),
	text('Before we meet again'),
	block('todo', 0, true),
	text('Ruth asks the clinic about the Saturday hours'),
	block('todo'),
	text('Hassan brings the radio for the story hour'),
	block('todo'),
	text('Two of us visit Mama Otieno'),
];

export function sampleNote(document: string, day: number): Note {
	const presences: (Presence | null)[] = ['present', 'present', 'late', null, 'excused', 'present', 'absent'];
	return {
		document,
		circle: CIRCLE,
		day,
		days: [],
		ordinal: 0,
		version: 7,
		title: { value: 'Evenings', candidates: [] },
		place: { value: 'Under the mango tree', candidates: [] },
		spans,
		agenda: [
			{ item: 'a1', text: 'How was the week?', done: true, contested: [] },
			{ item: 'a2', text: 'Evenings: what makes them long', done: false, contested: [] },
			{ item: 'a3', text: 'Visit to Mama Otieno', done: false, contested: [] },
		],
		attendance: members.map(({ member, name, role }, at) => ({
			member,
			name,
			role,
			presence: presences[at] ?? null,
			others: at === 3 ? [{ presence: 'late', author: 'm1', authorName: 'Baraka' }] : [],
		})),
		later: [],
		commitments: [
			{
				item: 'k1',
				member: 'm1',
				memberName: 'Baraka',
				text: 'Walks to his sister’s twice',
				due: day + 7,
				state: 'open',
				contested: [],
			},
			{
				item: 'k2',
				member: 'm8',
				memberName: 'Grace',
				text: 'Calls Joseph on Sunday',
				due: day + 3,
				state: 'kept',
				contested: [],
			},
		],
		safety: 'safe',
		authors: [
			{ member: 'm12', name: 'Auntie Ruth' },
			{ member: 'm0', name: 'Ana' },
		],
	};
}

export function sampleNotes(): NoteSummary[] {
	const titles = [
		'Evenings',
		'Telling family',
		'What the body says',
		'Sleep',
		'',
		'Letters not sent',
		'The first drink',
		'Money',
		'Good neighbours',
	];
	return titles.map((title, at) => ({
		document: `n${at}`,
		day: today() - 1 - at * 7,
		ordinal: 0,
		title,
		excerpt:
			[
				'We were ten under the mango tree; the rain held off until the end.',
				'Lindiwe told her brother. It went better than she feared, and worse on the way home.',
				'Breathing out longer than in, with Peter.',
			][at % 3] ?? '',
		present: 10 - (at % 4),
		safety: at === 0 ? 'phone' : 'safe',
		changed: at === 1,
	}));
}

const SAID = [
	'Good morning. I slept, for the first time this week.',
	'That is good to hear, Ana.',
	'Today is one of the long ones. I am at my sister’s.',
	'Stay there as long as you need. I will pass by after five.',
	'Does anyone have the number of the clinic on Saturday? The old one rings and rings.',
	'I wrote it on the paper that Ruth gave us, I will look when I am home 🙂',
	'We buried my uncle yesterday. I did not drink. I wanted to, the whole afternoon, and then it was evening and I had not.',
	'That is a very hard day you came through. Thank you for telling us.',
	'The bus does not come because of the road. I will be late on Thursday, please keep me a chair.',
	'There is always a chair.',
];

/** What is not as usual, counted from the newest message. */
const BODIES: Record<number, Message['body']> = {
	3: 'waiting',
	5: 'unverified',
	9: 'before',
	17: 'missing',
	23: 'gone',
};

export function sampleMessages(count: number): Message[] {
	const now = Date.now();
	return Array.from({ length: count }, (_, at) => {
		const from = members[(at * 7 + (at % 3)) % members.length] as Member;
		const left = count - 1 - at;
		return {
			key: `k${String(at).padStart(5, '0')}`,
			author: from.member,
			authorName: from.name,
			mine: from.me,
			sentMs: now - left * 5_400_000 - 600_000,
			text: SAID[at % SAID.length] ?? '',
			body: BODIES[left] ?? 'here',
			hidden: null,
			left: from.name === 'Hassan',
			replyTo: at % 6 === 3 && at > 3 ? `k${String(at - 1).padStart(5, '0')}` : null,
			reactions:
				at % 10 === 6
					? [
							{ kind: 'withYou', names: ['Ana', 'Grace', 'Auntie Ruth'], mine: true },
							{ kind: 'strength', names: ['Peter'], mine: false },
						]
					: at % 7 === 2
						? [{ kind: 'relate', names: ['Fatuma'], mine: false }]
						: [],
			read: false,
			safety: left === 0 && from.me ? 'phone' : 'safe',
		};
	});
}

const DAY_MS = 86_400_000;

/** Whom somebody else than Auntie Ruth let in: Hassan, who is out, let in two. */
const LET_IN: Record<string, number> = { Njeri: 9, Tomás: 9, Baraka: 1 };

/** Everyone of the sample circle, in each standing; `leads`: this phone is a facilitator's. */
export function samplePeople(leads: boolean): People {
	const now = Date.now();
	const standings: Record<string, Person['standing']> = {
		Njeri: 'provisional',
		Hassan: 'removed',
	};
	const people = members.map(({ member, name, role, me }, at): Person => {
		const standing = standings[name] ?? 'active';
		const phone = (kind: string, mine: boolean, ageDays: number): Person['devices'][number] => ({
			device: `${kind}${at}`,
			paper: kind === 'p',
			me: mine,
			sinceMs: now - ageDays * DAY_MS,
			standing,
			pending: false,
		});
		const devices = [phone('d', me, 90 - at)];
		if (at % 5 === 0) devices.push(phone('e', false, 12));
		const letIn = LET_IN[name] ?? 12;
		return {
			member,
			name,
			role: me && leads ? 'facilitator' : role,
			me,
			standing,
			pending: name === 'Grace',
			letInBy: letIn === at ? '' : `m${letIn}`,
			letInByName: letIn === at ? '' : (NAMES[letIn] ?? ''),
			letInByIsOut: standings[NAMES[letIn] ?? ''] === 'removed',
			canBringBack: leads && standing === 'removed',
			devices,
		};
	});
	const event = (
		kind: PeopleEvent['kind'],
		who: number,
		by: number | null,
		ageDays: number,
	): PeopleEvent => ({
		kind,
		who: `m${who}`,
		whoName: NAMES[who] ?? '',
		by: by === null ? '' : `m${by}`,
		byName: by === null ? '' : (NAMES[by] ?? ''),
		timeMs: now - ageDays * DAY_MS,
		pending: false,
	});
	const events = [
		{ ...event('granted', 8, 0, 0), pending: true },
		event('removed', 9, 12, 1),
		event('waits', 10, 9, 1),
		event('recovered', 2, 12, 3),
		event('granted', 11, 9, 6),
		event('device', 0, 0, 12),
		event('joined', 0, 12, 90),
		{ ...event('founded', 0, null, 100), who: '', whoName: '' },
	];
	return {
		circle: CIRCLE,
		people,
		events,
		leads,
		everyoneBegins: true,
		offlineLeft: 17,
		hasPaper: false,
		invites: leads ? sampleInvites(now) : [],
		returned: [],
		fork: null,
	};
}

function sampleInvites(now: number): OpenInvite[] {
	const invite: OpenInvite = {
		invite: 'i1',
		role: 'member',
		forMember: '',
		forMemberName: '',
		uses: 12,
		used: 3,
		expiresMs: now + 3 * DAY_MS,
		by: 'm0',
		byName: 'Ana',
		mine: true,
		pending: false,
		mayWithdraw: true,
	};
	return [
		{ ...invite, invite: 'i3', uses: 1, used: 0, expiresMs: now + DAY_MS, pending: true },
		{ ...invite, by: 'm12', byName: 'Auntie Ruth', mine: false },
		{ ...invite, invite: 'i2', forMember: 'm2', forMemberName: 'Wanjiku', uses: 1, used: 0 },
	];
}

/** A removal that came too soon, and an invitation that was lost with the server's last state. */
export const RETURNED: Returned[] = [
	{
		statement: 's1',
		what: 'demote',
		who: 'm12',
		whoName: 'Auntie Ruth',
		thing: '',
		why: 'too-soon',
	},
	{
		statement: 's2',
		what: 'invite',
		who: '',
		whoName: '',
		thing: '',
		why: 'lost-chain',
	},
];

/** A code to type, as an invitation has one. */
export const CODE = 'K7QF-2M9X-PD4T-8HWC-3VRB-6NYJ-Z5GA';

/** An invitation for so many, good for so long. */
export function invitation(uses: number, days: number): Invitation {
	const origin = globalThis.location?.origin ?? 'https://kith.example';
	const link = `${origin}/#e=3qHn7VvK2mXw9TzB4cYpRdLg8sJfNuAe`;
	return { link, code: CODE, expiresMs: Date.now() + days * 86_400_000, uses, many: uses > 1 };
}

/** As many capitals and digits as an engine's code would have. */
export function signs(start: string, length: number): string {
	const rest = Array.from({ length: length - start.length }, (_, at) =>
		((at * at * 7 + at * 31) % 36).toString(36),
	);
	return start + rest.join('').toUpperCase();
}

/** Three of a circle's threads. */
export function sampleThreads(): ThreadSummary[] {
	return [
		{
			thread: 't1',
			with: null,
			blocked: false,
			title: 'Between meetings',
			excerpt: 'There is always a chair.',
			lastMs: Date.now() - 600_000,
			lastName: 'Grace',
			lastMine: false,
			lastBody: 'here',
			unread: 3,
			titles: [],
		},
		{
			thread: 't2',
			with: null,
			blocked: false,
			title: 'Rides and roads',
			excerpt: 'The matatu goes at six from the junction.',
			lastMs: Date.now() - 86_400_000,
			lastName: 'Ana',
			lastMine: true,
			lastBody: 'here',
			unread: 0,
			titles: [],
		},
		{
			thread: 't3',
			with: null,
			blocked: false,
			title: 'Good news',
			excerpt: '',
			lastMs: Date.now() - 3 * 86_400_000,
			lastName: 'Peter',
			lastMine: false,
			lastBody: 'gone',
			unread: 0,
			titles: [],
		},
	];
}
