/**
 * What is asked of the stand-in and of the real engine alike, so that screens and tests meet in the one what they will
 * meet in the other: for each command what comes back, and by which code it is refused.
 */
import type { Command, KithProblem, Note, ProblemCode, Replies, Reply, Strategy } from '../bridge/contract';
import { READS } from '../bridge/contract/commands';
import { isOnItsWay, same } from './same';
import { belongParts } from './suite-belong';
import { choiceParts } from './suite-choices';
import { hiddenParts } from './suite-hidden';
import { findParts } from './suite-find';
import { helpParts } from './suite-help';
import { leavingParts } from './suite-leaving';
import { journalParts } from './suite-journal';
import { keepParts } from './suite-keep';
import { reportParts, reportsIn } from './suite-reports';
import { planParts } from './suite-plan';

/** Asks one of the two. */
export type Ask = <C extends Command['cmd']>(command: Extract<Command, { cmd: C }>) => Promise<Reply<C>>;

/** An engine whose person leads a circle, alone or not. */
export interface Subject {
	ask: Ask;
	/** That circle. */
	circle: string;
}

/** Ids that are ids of nothing. */
const [NO_16, NO_8, NO_32, NO_ITEM] = ['f'.repeat(32), 'f'.repeat(16), 'f'.repeat(64), '000000aaaaaaaa'];
const DAY = 20_700;

/** One command's part: throws where an engine does not do as it is to. */
export type Part = (at: At) => Promise<void>;

/** What the parts ask with. */
export class At {
	constructor(
		readonly ask: Ask,
		readonly circle: string,
	) {}

	/** The value of a reply that must be good. */
	async must<C extends Command['cmd']>(command: Extract<Command, { cmd: C }>): Promise<Replies[C]> {
		const reply = await this.ask<C>(command);
		if (!reply.ok)
			throw new Error(`${command.cmd} is refused: ${named(reply.problem.code, reply.problem.why)}`);
		return reply.value;
	}

	/** Must be refused by this code, and this case of it where one is given. */
	async refused<C extends Command['cmd']>(
		command: Extract<Command, { cmd: C }>,
		code: ProblemCode,
		why?: KithProblem['why'],
	): Promise<void> {
		const reply = await this.ask<C>(command);
		const wanted = named(code, why);
		if (reply.ok) throw new Error(`${command.cmd} goes well, in the place of ${wanted}`);
		const { problem } = reply;
		same(named(problem.code, why && problem.why), wanted, command.cmd);
	}

	/** A note of its own for a part. */
	note(ordinal: number): Promise<Note> {
		const { circle } = this;
		return this.must<'createNote'>({ cmd: 'createNote', circle, day: DAY, ordinal, title: '' });
	}

	/** A strategy of its own for a part. */
	strategy(title: string): Promise<Strategy> {
		const { circle } = this;
		const text = 'Out of the door.';
		return this.must<'addStrategy'>({
			cmd: 'addStrategy',
			circle,
			title,
			text,
			moments: [],
			adaptedFrom: null,
		});
	}

	/** A thread of its own for a part. */
	async thread(title: string): Promise<string> {
		return (await this.must<'createThread'>({ cmd: 'createThread', circle: this.circle, title })).thread;
	}
}

function named(code: ProblemCode, why: KithProblem['why']): string {
	return why ? `${code}, ${why}` : code;
}

/** A helpline with as little as there may be. */
const HELPLINE = { name: 'Line', phone: '1', sms: '', region: '', hours: '', language: '', checked: null };

/** Every command that names a circle is refused in the same way where there is none. */
const IN_NO_CIRCLE: Command[] = [
	{ cmd: 'circle', circle: NO_16 },
	{ cmd: 'rename', circle: NO_16, name: 'Ana' },
	{ cmd: 'notes', circle: NO_16 },
	{ cmd: 'createNote', circle: NO_16, day: DAY, ordinal: 0, title: '' },
	{ cmd: 'threads', circle: NO_16 },
	{ cmd: 'createThread', circle: NO_16, title: 'Talk' },
	{ cmd: 'setThread', circle: NO_16, thread: NO_8, title: 'Talk' },
	{ cmd: 'setCircle', circle: NO_16, name: 'Ours' },
	{ ...HELPLINE, cmd: 'addHelpline', circle: NO_16 },
	{ cmd: 'setHelpline', circle: NO_16, item: NO_ITEM, phone: '1' },
	{ cmd: 'removeHelpline', circle: NO_16, item: NO_ITEM },
	{ cmd: 'openThread', circle: NO_16, thread: NO_8, limit: 10 },
	{ cmd: 'send', circle: NO_16, thread: NO_8, text: 'Hello', replyTo: null },
	{ cmd: 'react', circle: NO_16, thread: NO_8, key: 'k', kind: 'thanks', on: true },
	{ cmd: 'seen', circle: NO_16, thread: NO_8 },
	{ cmd: 'takeBack', circle: NO_16, thread: NO_8, key: 'k' },
	{ cmd: 'hide', circle: NO_16, thread: NO_8, key: 'k', on: true },
	{ cmd: 'toolkit', circle: NO_16 },
	{ cmd: 'addStrategy', circle: NO_16, title: 'Walk', text: 'Out.', moments: [], adaptedFrom: null },
	{ cmd: 'helped', circle: NO_16, key: 'k', on: true },
	{ cmd: 'takeBackStrategy', circle: NO_16, key: 'k' },
	{ cmd: 'hideStrategy', circle: NO_16, key: 'k', on: true },
	{ cmd: 'hideStory', circle: NO_16, key: 'k', on: true },
	{ cmd: 'plan', circle: NO_16 },
	{ cmd: 'addPlanLine', circle: NO_16, part: 'ask', text: 'Out.', phone: '', replaces: null },
	{ cmd: 'removePlanLine', circle: NO_16, key: 'k' },
	{ cmd: 'journal', circle: NO_16, months: 1 },
	{ cmd: 'addEntry', circle: NO_16, day: DAY, entry: { kind: 'text', text: 'Slept.' }, replaces: null },
	{ cmd: 'removeEntry', circle: NO_16, key: 'k' },
	{ cmd: 'choices', circle: NO_16 },
	{ cmd: 'choose', circle: NO_16, choice: 'buddy', member: NO_16, on: true },
	{ cmd: 'commitments', circle: NO_16 },
	{
		cmd: 'addCommitment',
		circle: NO_16,
		with: null,
		since: DAY,
		days: 0,
		due: null,
		from: '',
		words: 'Walk',
	},
	{ cmd: 'answerCommitment', circle: NO_16, key: 'k', accepted: true },
	{ cmd: 'addAttempt', circle: NO_16, key: 'k', day: DAY, outcome: 'done', note: '' },
	{ cmd: 'endCommitment', circle: NO_16, key: 'k' },
	{ cmd: 'takeBackKept', circle: NO_16, key: 'k' },
	...reportsIn(NO_16),
	{ cmd: 'search', circle: NO_16, words: 'a', limit: 1 },
	{ cmd: 'news', circle: NO_16 },
	{ cmd: 'people', circle: NO_16 },
	{ cmd: 'invite', circle: NO_16, role: 'member', past: false, uses: 1, days: 1 },
	{ cmd: 'inviteDevice', circle: NO_16, member: NO_16, recovers: false },
	{ cmd: 'remove', circle: NO_16, member: NO_16, also: [] },
	{ cmd: 'removeDevice', circle: NO_16, device: NO_32 },
	{ cmd: 'confirm', circle: NO_16, member: NO_16 },
	{ cmd: 'promote', circle: NO_16, member: NO_16 },
	{ cmd: 'demote', circle: NO_16, member: NO_16 },
	{ cmd: 'setConversations', circle: NO_16, everyone: true },
	{ cmd: 'withdraw', circle: NO_16, invite: NO_32 },
	{ cmd: 'dismiss', circle: NO_16, statement: NO_32 },
	{ cmd: 'goOn', circle: NO_16, with: 'ours' },
	{ cmd: 'paper', circle: NO_16 },
	{ cmd: 'openSealed', circle: NO_16, kind: 'facilitatorNote', member: null, day: DAY },
];

/** A part for each command: one that has none does not compile. */
const PARTS: { readonly [C in Command['cmd']]: Part } = {
	async circles(at) {
		const circles = await at.must<'circles'>({ cmd: 'circles' });
		const mine = circles.find(({ circle }) => circle === at.circle);
		same([mine?.standing, mine?.warning, mine?.mayBegin], ['active', null, true], 'circles');
	},
	async enrol(at) {
		await at.refused<'enrol'>({ cmd: 'enrol', link: 'nothing', name: 'Ana' }, 'link-invalid');
	},
	async circle(at) {
		const { circle, me, members } = await at.must<'circle'>({ cmd: 'circle', circle: at.circle });
		same([circle, me.me, me.role], [at.circle, true, 'facilitator'], 'circle');
		same(members.filter((member) => member.me).length, 1, 'circle.members');
	},
	async rename(at) {
		const { circle } = at;
		await at.refused<'rename'>({ cmd: 'rename', circle, name: ' ' }, 'empty');
		const renamed = await at.must<'rename'>({ cmd: 'rename', circle, name: 'Amina' });
		same([renamed.ownName, renamed.me.name], ['Amina', 'Amina'], 'rename');
	},
	async notes(at) {
		const { document } = await at.note(1);
		const notes = await at.must<'notes'>({ cmd: 'notes', circle: at.circle });
		const made = notes.find((note) => note.document === document);
		same([made?.day, made?.ordinal, made?.present], [DAY, 1, 0], 'notes');
	},
	async createNote(at) {
		const create = { cmd: 'createNote', circle: at.circle, day: DAY, ordinal: 2, title: 'Tuesday' } as const;
		await at.refused<'createNote'>({ ...create, ordinal: 16 }, 'bad-input', 'many-sessions');
		await at.refused<'createNote'>({ ...create, day: 1 }, 'bad-input', 'day');
		const note = await at.must<'createNote'>(create);
		same([note.day, note.ordinal, note.title.value, note.spans], [DAY, 2, 'Tuesday', []], 'createNote');
		const again = await at.must<'createNote'>({ ...create, title: 'Another' });
		same([again.document, again.title.value], [note.document, 'Tuesday'], 'createNote');
	},
	async openNote(at) {
		await at.refused<'openNote'>({ cmd: 'openNote', document: NO_16 }, 'unknown-document');
		const { document, version } = await at.note(3);
		const opened = await at.must<'openNote'>({ cmd: 'openNote', document });
		same([opened.document, opened.version], [document, version], 'openNote');
	},
	async passages(at) {
		await at.refused<'passages'>({ cmd: 'passages', document: NO_16 }, 'unknown-document');
		const { document, version } = await at.note(4);
		const ops = [{ op: 'splice', index: 0, remove: 0, text: 'We met' } as const];
		await at.must<'editNote'>({ cmd: 'editNote', document, edit: { edit: 'body', version, ops } });
		const passages = await at.must<'passages'>({ cmd: 'passages', document });
		same(passages.map(({ text }) => text).join(''), 'We met', 'passages');
	},
	editNote: editNote,
	async flush(at) {
		same(await at.must<'flush'>({ cmd: 'flush' }), null, 'flush');
	},
	async clockTold(at) {
		same(await at.must<'clockTold'>({ cmd: 'clockTold' }), null, 'clockTold');
		same((await at.must<'status'>({ cmd: 'status' })).clock.isNews, false, 'status.clock.isNews');
	},
	async close(at) {
		const { document } = await at.note(5);
		same(await at.must<'close'>({ cmd: 'close', document }), null, 'close');
		same(await at.must<'close'>({ cmd: 'close', document: NO_16 }), null, 'close');
	},
	async threads(at) {
		const thread = await at.thread('Threads');
		const threads = await at.must<'threads'>({ cmd: 'threads', circle: at.circle });
		const made = threads.find((one) => one.thread === thread);
		same([made?.title, made?.unread, made?.lastBody], ['Threads', 0, null], 'threads');
	},
	async createThread(at) {
		const { circle } = at;
		await at.refused<'createThread'>({ cmd: 'createThread', circle, title: ' ' }, 'empty');
		const made = await at.must<'createThread'>({ cmd: 'createThread', circle, title: 'New' });
		same([made.title, made.lastMs, made.excerpt], ['New', null, ''], 'createThread');
	},
	async setThread(at) {
		const { circle } = at;
		const thread = await at.thread('Old');
		await at.refused<'setThread'>({ cmd: 'setThread', circle, thread, title: ' ' }, 'empty');
		same(await at.must<'setThread'>({ cmd: 'setThread', circle, thread, title: 'Newer' }), null, 'setThread');
		const threads = await at.must<'threads'>({ cmd: 'threads', circle });
		same(threads.find((one) => one.thread === thread)?.title, 'Newer', 'setThread');
	},
	...helpParts,
	async openThread(at) {
		const { circle } = at;
		const thread = await at.thread('Opened');
		for (const text of ['one', 'two'])
			await at.must<'send'>({ cmd: 'send', circle, thread, text, replyTo: null });
		const opened = await at.must<'openThread'>({ cmd: 'openThread', circle, thread, limit: 1 });
		same(
			[opened.title, opened.messages.map(({ text }) => text), opened.more],
			['Opened', ['two'], true],
			'openThread',
		);
		const none = await at.must<'openThread'>({ cmd: 'openThread', circle, thread: NO_8, limit: 1 });
		same([none.messages, none.more], [[], false], 'openThread');
	},
	async send(at) {
		const { circle } = at;
		const send = {
			cmd: 'send',
			circle,
			thread: await at.thread('Sent'),
			text: 'Hello',
			replyTo: null,
		} as const;
		await at.refused<'send'>({ ...send, text: ' ' }, 'empty');
		const long = await at.ask<'send'>({ ...send, text: 'x'.repeat(4_010) });
		same(long.ok || [long.problem.code, long.problem.count], ['too-long', 10], 'send');
		await at.refused<'send'>({ ...send, replyTo: 'nothing' }, 'unknown-document');
		const sent = await at.must<'send'>(send);
		same([sent.text, sent.mine, sent.body, isOnItsWay(sent.safety)], ['Hello', true, 'here', true], 'send');
		const answer = await at.must<'send'>({ ...send, replyTo: sent.key });
		same(answer.replyTo, sent.key, 'send');
	},
	async react(at) {
		const { circle } = at;
		const thread = await at.thread('Reacted');
		const { key } = await at.must<'send'>({ cmd: 'send', circle, thread, text: 'Hello', replyTo: null });
		const react = { cmd: 'react', circle, thread, key, kind: 'thanks', on: true } as const;
		await at.refused<'react'>({ ...react, key: 'nothing' }, 'unknown-document');
		const shown = async (): Promise<unknown> => {
			const { messages } = await at.must<'openThread'>({ cmd: 'openThread', circle, thread, limit: 1 });
			return messages[0]?.reactions.map(({ kind, names, mine }) => [kind, names.length, mine]);
		};
		same(await at.must<'react'>(react), null, 'react');
		same(await shown(), [['thanks', 1, true]], 'react');
		await at.must<'react'>({ ...react, on: false });
		same(await shown(), [], 'react');
	},
	async seen(at) {
		const { circle } = at;
		const thread = await at.thread('Seen');
		same(await at.must<'seen'>({ cmd: 'seen', circle, thread }), null, 'seen');
		const threads = await at.must<'threads'>({ cmd: 'threads', circle });
		same(threads.find((one) => one.thread === thread)?.unread, 0, 'seen');
	},
	async takeBack(at) {
		const { circle } = at;
		const thread = await at.thread('Taken back');
		const { key } = await at.must<'send'>({ cmd: 'send', circle, thread, text: 'Hello', replyTo: null });
		await at.refused<'takeBack'>({ cmd: 'takeBack', circle, thread, key: 'nothing' }, 'unknown-document');
		same(await at.must<'takeBack'>({ cmd: 'takeBack', circle, thread, key }), null, 'takeBack');
		const { messages } = await at.must<'openThread'>({ cmd: 'openThread', circle, thread, limit: 1 });
		same([messages[0]?.key, messages[0]?.text, messages[0]?.body], [key, '', 'gone'], 'takeBack');
	},
	async toolkit(at) {
		const { key } = await at.strategy('Listed');
		const all = await at.must<'toolkit'>({ cmd: 'toolkit', circle: at.circle });
		const { title, text, mine, body, helped, helpedMe } = all.find((one) => one.key === key) ?? {};
		const wanted = ['Listed', 'Out of the door.', true, 'here', [], false];
		same([title, text, mine, body, helped, helpedMe], wanted, 'toolkit');
	},
	async addStrategy(at) {
		const { circle } = at;
		const add = {
			cmd: 'addStrategy',
			circle,
			title: ' Walk ',
			text: '',
			moments: [{ moment: 'later', code: 4 }, { moment: 'anger' }, { moment: 'own', word: ' rain' }],
			adaptedFrom: null,
		} satisfies Command;
		await at.refused<'addStrategy'>({ ...add, title: ' ' }, 'empty');
		await at.refused<'addStrategy'>({ ...add, moments: [{ moment: 'own', word: ' ' }] }, 'empty');
		await at.refused<'addStrategy'>({ ...add, moments: [{ moment: 'later', code: 0 }] }, 'bad-input');
		const words = Array.from({ length: 9 }, (_, at) => ({ moment: 'own', word: `${at}` }) as const);
		await at.refused<'addStrategy'>({ ...add, moments: words }, 'too-long');
		await at.refused<'addStrategy'>({ ...add, adaptedFrom: 'nothing' }, 'unknown-document');
		const first = await at.must<'addStrategy'>(add);
		same(first.moments, [{ moment: 'anger' }, { moment: 'own', word: 'rain' }], 'addStrategy');
		same([first.title, first.mine, isOnItsWay(first.safety)], ['Walk', true, true], 'addStrategy');
		const own = await at.must<'addStrategy'>({ ...add, adaptedFrom: first.key });
		same(own.adaptedFrom, first.key, 'addStrategy');
	},
	async helped(at) {
		const { circle } = at;
		const { key } = await at.strategy('Helps');
		const helped = { cmd: 'helped', circle, key, on: true } as const;
		await at.refused<'helped'>({ ...helped, key: 'nothing' }, 'unknown-document');
		for (const on of [true, true, false]) {
			same(await at.must<'helped'>({ ...helped, on }), null, 'helped');
			const all = await at.must<'toolkit'>({ cmd: 'toolkit', circle });
			same(all.find((one) => one.key === key)?.helpedMe, on, 'helped');
		}
	},
	async takeBackStrategy(at) {
		const { circle } = at;
		const { key } = await at.strategy('Taken back');
		const takeBack = { cmd: 'takeBackStrategy', circle, key } as const;
		await at.refused<'takeBackStrategy'>({ ...takeBack, key: 'nothing' }, 'unknown-document');
		for (let times = 0; times < 2; times++)
			same(await at.must<'takeBackStrategy'>(takeBack), null, 'takeBackStrategy');
		const all = await at.must<'toolkit'>({ cmd: 'toolkit', circle });
		const { title, text, body } = all.find((one) => one.key === key) ?? {};
		same([title, text, body], ['', '', 'gone'], 'takeBackStrategy');
		await at.refused<'helped'>({ cmd: 'helped', circle, key, on: true }, 'unknown-document');
	},
	...hiddenParts,
	...planParts,
	...journalParts,
	...choiceParts,
	...leavingParts,
	...keepParts,
	...findParts,
	...belongParts,
	...reportParts,
	async found(at) {
		await at.refused<'found'>({ cmd: 'found', name: ' ', circleName: 'Ours' }, 'empty');
	},
	async people(at) {
		const people = await at.must<'people'>({ cmd: 'people', circle: at.circle });
		same([people.circle, people.leads, people.fork], [at.circle, true, null], 'people');
		same(people.people.filter(({ me }) => me).length, 1, 'people.people');
	},
	async invite(at) {
		const invite = {
			cmd: 'invite',
			circle: at.circle,
			role: 'member',
			past: false,
			uses: 2,
			days: 7,
		} as const;
		for (const bad of [{ uses: 0 }, { uses: 101 }, { days: 0 }, { days: 61 }])
			await at.refused<'invite'>({ ...invite, ...bad }, 'bad-input', 'invite-bounds');
		const { uses, many, link } = await at.must<'invite'>(invite);
		same([uses, many, link.includes('#')], [2, true, true], 'invite');
	},
	async inviteDevice(at) {
		const { circle } = at;
		const device = { cmd: 'inviteDevice', circle, member: NO_16, recovers: true } as const;
		await at.refused<'inviteDevice'>(device, 'not-allowed', 'unknown-target');
		const { me } = await at.must<'circle'>({ cmd: 'circle', circle });
		const made = await at.must<'inviteDevice'>({ ...device, member: me.member, recovers: false });
		same([made.uses, made.many], [1, false], 'inviteDevice');
	},
	remove: (at) =>
		at.refused<'remove'>(
			{ cmd: 'remove', circle: at.circle, member: NO_16, also: [] },
			'not-allowed',
			'unknown-target',
		),
	async removeDevice(at) {
		const { circle } = at;
		const remove = { cmd: 'removeDevice', circle, device: NO_32 } as const;
		await at.refused<'removeDevice'>(remove, 'not-allowed', 'unknown-target');
		await at.must<'paper'>({ cmd: 'paper', circle });
		const { people } = await at.must<'people'>({ cmd: 'people', circle });
		const me = people.find((person) => person.me);
		const paper = me?.devices.find((device) => device.paper && device.standing === 'active');
		const mine = { ...remove, device: paper?.device ?? '' };
		const { events } = await at.must<'removeDevice'>(mine);
		same([events[0]?.kind, events[0]?.who], ['deviceRemoved', me?.member], 'removeDevice');
		await at.refused<'removeDevice'>(mine, 'not-allowed', 'no-change');
	},
	confirm: (at) =>
		at.refused<'confirm'>({ cmd: 'confirm', circle: at.circle, member: NO_16 }, 'not-allowed', 'no-change'),
	promote: (at) =>
		at.refused<'promote'>(
			{ cmd: 'promote', circle: at.circle, member: NO_16 },
			'not-allowed',
			'unknown-target',
		),
	demote: (at) =>
		at.refused<'demote'>(
			{ cmd: 'demote', circle: at.circle, member: NO_16 },
			'not-allowed',
			'unknown-target',
		),
	async setConversations(at) {
		const { circle } = at;
		for (const everyone of [false, true]) {
			const people = await at.must<'setConversations'>({ cmd: 'setConversations', circle, everyone });
			const kind = everyone ? 'conversationsOpened' : 'conversationsReserved';
			same([people.everyoneBegins, people.events[0]?.kind], [everyone, kind], 'setConversations');
		}
	},
	async withdraw(at) {
		const withdraw = { cmd: 'withdraw', circle: at.circle, invite: NO_32 } as const;
		await at.refused<'withdraw'>(withdraw, 'not-allowed', 'unknown-target');
	},
	async resumedRead(at) {
		same(await at.must<'resumedRead'>({ cmd: 'resumedRead' }), null, 'resumedRead');
		same((await at.must<'status'>({ cmd: 'status' })).resumed, null, 'status.resumed');
	},
	async dismiss(at) {
		const people = await at.must<'dismiss'>({ cmd: 'dismiss', circle: at.circle, statement: NO_32 });
		same([people.circle, people.returned], [at.circle, []], 'dismiss');
	},
	async goOn(at) {
		const people = await at.must<'goOn'>({ cmd: 'goOn', circle: at.circle, with: 'ours' });
		same([people.circle, people.fork], [at.circle, null], 'goOn');
	},
	async qrAsk(at) {
		await at.refused<'qrAsk'>({ cmd: 'qrAsk', name: ' ' }, 'empty');
		const { qr } = await at.must<'qrAsk'>({ cmd: 'qrAsk', name: 'Kofi' });
		same(/^[0-9A-Z]{100,}$/.test(qr), true, 'qrAsk');
	},
	async qrGrant(at) {
		const grant = {
			cmd: 'qrGrant',
			circle: at.circle,
			qr: 'HELLO',
			role: 'member',
			past: true,
			member: null,
		} as const;
		await at.refused<'qrGrant'>(grant, 'code-invalid');
		// What was scanned is looked at first.
		await at.refused<'qrGrant'>({ ...grant, circle: NO_16 }, 'code-invalid');
	},
	qrTake: (at) => at.refused<'qrTake'>({ cmd: 'qrTake', qr: 'HELLO' }, 'code-invalid'),
	async paper(at) {
		const { circle } = at;
		const { code } = await at.must<'paper'>({ cmd: 'paper', circle });
		same(/^[0-9A-Z]{4}(-[0-9A-Z]{2,4})+$/.test(code), true, 'paper');
		same((await at.must<'people'>({ cmd: 'people', circle })).hasPaper, true, 'people.hasPaper');
	},
	paperUse: (at) => at.refused<'paperUse'>({ cmd: 'paperUse', code: 'HELLO' }, 'code-invalid'),
	async openSealed(at) {
		const open = {
			cmd: 'openSealed',
			circle: at.circle,
			kind: 'facilitatorNote',
			member: null,
			day: DAY,
		} as const;
		await at.refused<'openSealed'>({ ...open, day: 1 }, 'bad-input', 'day');
		const { document, version } = await at.must<'openSealed'>(open);
		const ops = [{ op: 'splice', index: 0, remove: 0, text: 'Slept.' } as const];
		await at.must<'editNote'>({ cmd: 'editNote', document, edit: { edit: 'body', version, ops } });
		const again = await at.must<'openSealed'>(open);
		same([again.document, again.version], [document, version + 1], 'openSealed');
	},
	async outbox(at) {
		same(Array.isArray(await at.must<'outbox'>({ cmd: 'outbox' })), true, 'outbox');
	},
	async status(at) {
		const { progress, clock } = await at.must<'status'>({ cmd: 'status' });
		same([progress, clock.isWrong], [null, false], 'status');
	},
	async sync(at) {
		const { state, problem } = await at.must<'sync'>({ cmd: 'sync' });
		same([state, problem], ['idle', null], 'sync');
	},
	async readDraft(at) {
		same(await at.must<'readDraft'>({ cmd: 'readDraft', key: 'nothing' }), { text: '' }, 'readDraft');
	},
	async writeDraft(at) {
		for (const text of ['begun', '']) {
			same(await at.must<'writeDraft'>({ cmd: 'writeDraft', key: 'k', text }), null, 'writeDraft');
			same(await at.must<'readDraft'>({ cmd: 'readDraft', key: 'k' }), { text }, 'readDraft');
		}
	},
};

async function editNote(at: At): Promise<void> {
	const { document, version } = await at.note(6);
	const { me } = await at.must<'circle'>({ cmd: 'circle', circle: at.circle });
	type Edit = Extract<Command, { cmd: 'editNote' }>['edit'];
	const edit = (edit: Edit): Promise<{ version: number }> =>
		at.must<'editNote'>({ cmd: 'editNote', document, edit });
	const refused = (edit: Edit, code: ProblemCode): Promise<void> =>
		at.refused<'editNote'>({ cmd: 'editNote', document, edit }, code);
	const hide = { edit: 'hide', hidden: true } as const;
	await at.refused<'editNote'>({ cmd: 'editNote', document: NO_16, edit: hide }, 'unknown-document');
	await refused({ edit: 'body', version: version + 1, ops: [] }, 'stale');
	const ops = [{ op: 'splice', index: 0, remove: 0, text: 'We met' } as const];
	same((await edit({ edit: 'body', version, ops })).version, version + 1, 'editNote body');
	await refused({ edit: 'field', field: 'title', value: ' ' }, 'empty');
	await refused({ edit: 'field', field: 'place', value: 'x'.repeat(300) }, 'too-long');
	await refused({ edit: 'day', day: 1 }, 'bad-input');
	await refused(hide, 'bad-input');
	for (const kind of ['agendaAdd', 'agendaSet', 'agendaRemove'] as const)
		await refused(
			{ edit: kind, item: NO_ITEM, text: kind === 'agendaAdd' ? ' ' : 'x' },
			kind === 'agendaAdd' ? 'empty' : 'unknown-document',
		);
	await refused({ edit: 'commitmentAdd', member: me.member, text: ' ', due: null }, 'empty');
	await refused({ edit: 'commitmentSet', item: NO_ITEM, state: 'kept' }, 'unknown-document');
	await refused({ edit: 'commitmentRemove', item: NO_ITEM }, 'unknown-document');
	await edit({ edit: 'field', field: 'place', value: 'Under the tree' });
	await edit({ edit: 'attendance', member: me.member, presence: 'late' });
	await edit({ edit: 'agendaAdd', text: 'Sleep' });
	await edit({ edit: 'commitmentAdd', member: me.member, text: 'Call', due: DAY + 7 });
	const note = await at.must<'openNote'>({ cmd: 'openNote', document });
	const mine = note.attendance.find(({ member }) => member === me.member);
	const items = [
		note.agenda.map(({ text, done }) => [text, done]),
		note.commitments.map(({ text, state }) => [text, state]),
	];
	same([note.version, note.place.value, mine?.presence], [version + 1, 'Under the tree', 'late'], 'editNote');
	same(items, [[['Sleep', false]], [['Call', 'open']]], 'editNote');
	const [point, taken] = [note.agenda[0]?.item ?? '', note.commitments[0]?.item ?? ''];
	await edit({ edit: 'agendaSet', item: point, done: true });
	await edit({ edit: 'commitmentSet', item: taken, state: 'notYet' });
	const later = await at.must<'openNote'>({ cmd: 'openNote', document });
	same([later.agenda[0]?.done, later.commitments[0]?.state], [true, 'notYet'], 'editNote');
	await edit({ edit: 'agendaRemove', item: point });
	await edit({ edit: 'commitmentRemove', item: taken });
	await edit({ edit: 'agendaBack', item: point, text: 'Sleep', done: true });
	const last = await at.must<'openNote'>({ cmd: 'openNote', document });
	same(
		[last.agenda.map(({ item, done }) => [item, done]), last.commitments],
		[[[point, true]], []],
		'editNote',
	);
}

/** What is asked, by name; one after another, of one subject. */
export function suite(): { name: string; run: (subject: Subject) => Promise<void> }[] {
	const parts = Object.entries(PARTS).map(([name, part]) => ({
		name: `${name} answers as the other does`,
		run: ({ ask, circle }: Subject) => part(new At(ask, circle)),
	}));
	const unknown = async ({ ask, circle }: Subject): Promise<void> => {
		const at = new At(ask, circle);
		for (const command of IN_NO_CIRCLE) await at.refused(command, 'unknown-circle');
	};
	const reads = async ({ ask, circle }: Subject): Promise<void> => {
		const at = new At(ask, circle);
		const looks: Command[] = [{ cmd: 'circles' }, { cmd: 'circle', circle }, { cmd: 'notes', circle }];
		for (const look of looks) {
			if (!READS.has(look.cmd)) throw new Error(`${look.cmd} is not said to read only`);
			same(await at.must(look), await at.must(look), look.cmd);
		}
	};
	return [
		...parts,
		{ name: 'a circle that is none is named', run: unknown },
		{ name: 'what only reads answers the same again', run: reads },
	];
}
