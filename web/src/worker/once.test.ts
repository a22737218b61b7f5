import { expect, test } from 'vitest';
import type { Command } from '../bridge/contract';
import type { AnyReply } from '../bridge/protocol';
import { addsSomething, named, replyOfDone } from './once';

const circle = 'c1a0';
const ofPeople: Command[] = [
	{ cmd: 'withdraw', circle, invite: 'i1' },
	{ cmd: 'remove', circle, member: 'm1', also: ['m2'] },
	{ cmd: 'removeDevice', circle, device: 'd1' },
	{ cmd: 'confirm', circle, member: 'm1' },
	{ cmd: 'promote', circle, member: 'm1' },
	{ cmd: 'demote', circle, member: 'm1' },
	{ cmd: 'dismiss', circle, statement: 's1' },
	{ cmd: 'goOn', circle, with: 'ours' },
];

test.each(ofPeople)(
	'$cmd, done and its reply lost, is answered with how the people stand',
	async (command) => {
		expect(addsSomething(command)).toBe(true);
		const people: AnyReply = {
			ok: false,
			problem: { code: 'offline', retry: true },
		};
		const asked: Command[] = [];
		const reply = await replyOfDone(command, (own) => {
			asked.push(own);
			return Promise.resolve(people);
		});
		expect(asked).toEqual([{ cmd: 'people', circle }]);
		expect(reply).toBe(people);
	},
);

test('a helpline that was entered or removed, its reply lost, is answered with the circle as it is', async () => {
	const circlePage: AnyReply = { ok: false, problem: { code: 'offline', retry: true } };
	const line = { name: 'Line', phone: '1', sms: '', region: '', hours: '', language: '', checked: null };
	const done: Command[] = [
		{ cmd: 'addHelpline', circle, ...line },
		{ cmd: 'removeHelpline', circle, item: '000001AAAAAAAA' },
		{ cmd: 'addAgreementLine', circle, text: 'We listen.' },
		{ cmd: 'addRole', circle, name: 'Keeps time', member: null },
	];
	for (const command of done) {
		expect(addsSomething(command)).toBe(true);
		const asked: Command[] = [];
		const reply = await replyOfDone(command, (own) => {
			asked.push(own);
			return Promise.resolve(circlePage);
		});
		expect([asked, reply]).toEqual([[{ cmd: 'circle', circle }], circlePage]);
	}
});

test('what makes an invitation or a printed code bears the name of its ask, and nothing else does', () => {
	const makes: Command[] = [
		{ cmd: 'invite', circle, role: 'member', past: false, uses: 1, days: 7 },
		{ cmd: 'inviteDevice', circle, member: 'm1', recovers: true },
		{ cmd: 'paper', circle },
	];
	for (const command of makes) {
		expect(named(command, 'ask-1')).toEqual({ ...command, once: 'ask-1' });
		// The name would give the secret to whoever has the phone later.
		expect(addsSomething(command)).toBe(false);
	}
	const [first] = ofPeople;
	expect(first && named(first, 'ask-1')).toEqual(first);
});

test('what only looks is asked again as it was', async () => {
	const never = (): never => {
		throw new Error('nothing is asked');
	};
	for (const command of [{ cmd: 'people', circle }, { cmd: 'circles' }] satisfies Command[]) {
		expect(addsSomething(command)).toBe(false);
		expect(await replyOfDone(command, never)).toBeNull();
	}
});

test('a strategy whose reply was lost is answered with the one that was written, or written again', async () => {
	const command = {
		cmd: 'addStrategy',
		circle,
		title: ' Walk',
		text: 'Out.',
		moments: [],
		adaptedFrom: null,
	} satisfies Command;
	expect(addsSomething(command)).toBe(true);
	const theirs = { key: 's1', mine: false, title: 'Walk', text: 'Out.' };
	const mine = { ...theirs, key: 's2', mine: true };
	const ask = (value: object[]) => () => Promise.resolve({ ok: true, value } as unknown as AnyReply);
	expect(await replyOfDone(command, ask([theirs, mine]))).toEqual({ ok: true, value: mine });
	expect(await replyOfDone(command, ask([theirs]))).toBeNull();
	// What turns a line is not shown of a title: it is not written a second time for that.
	const turned = { ...command, title: '\u202eWalk' };
	expect(await replyOfDone(turned, ask([theirs, mine]))).toEqual({ ok: true, value: mine });
});

test('a conversation whose reply was lost is known again by what is shown of its title', async () => {
	const command = { cmd: 'createThread', circle, title: ' The \u202eroad\u202c ' } satisfies Command;
	const made = { thread: 't1', title: 'The road' };
	const ask = (value: object[]) => () => Promise.resolve({ ok: true, value } as unknown as AnyReply);
	expect(await replyOfDone(command, ask([{ thread: 't2', title: 'Rides' }, made]))).toEqual({
		ok: true,
		value: made,
	});
	expect(await replyOfDone(command, ask([{ thread: 't2', title: 'Rides' }]))).toBeNull();
});

test('what was taken on or noted, its reply lost, is answered with what was written', async () => {
	const taken = {
		cmd: 'addCommitment',
		circle,
		with: 'm1',
		since: 20_000,
		days: 0,
		due: null,
		from: '',
		words: ' Walk ',
	} satisfies Command;
	const tried = {
		cmd: 'addAttempt',
		circle,
		key: 'k2',
		day: 20_001,
		outcome: 'tried',
		note: '',
	} satisfies Command;
	const mine = { key: 'k2', mine: true, with: 'm1', words: 'Walk' };
	const commitments = [{ ...mine, key: 'k3', with: null }, { ...mine, key: 'k4', mine: false }, mine];
	const attempt = {
		commitment: 'k2',
		day: 20_001,
		outcome: 'tried',
		said: { key: 'k5', mine: true, madeMs: 1 },
	};
	const attempts = [
		{ ...attempt, outcome: 'done', said: { ...attempt.said, madeMs: 2 } },
		{ ...attempt, said: { ...attempt.said, mine: false } },
		attempt,
	];
	const ask = (value: object) => () => Promise.resolve({ ok: true, value } as unknown as AnyReply);
	for (const command of [taken, tried]) expect(addsSomething(command)).toBe(true);
	expect(await replyOfDone(taken, ask({ commitments, attempts }))).toEqual({ ok: true, value: mine });
	expect(await replyOfDone(tried, ask({ commitments, attempts }))).toEqual({ ok: true, value: attempt });
	const none = ask({ commitments: commitments.slice(0, 2), attempts: attempts.slice(1, 2) });
	for (const command of [taken, tried]) expect(await replyOfDone(command, none)).toBeNull();
});

test('a plan’s line whose reply was lost is answered with the one that was written', async () => {
	const command = {
		cmd: 'addPlanLine',
		circle,
		part: 'ask',
		text: ' My aunt ',
		phone: '',
		replaces: 'p1',
	} satisfies Command;
	expect(addsSomething(command)).toBe(true);
	const mine = { key: 'p2', part: 'ask', text: 'My aunt', replaces: 'p1' };
	const others = [
		{ ...mine, key: 'p3', replaces: null },
		{ ...mine, key: 'p4', part: 'signs' },
	];
	const ask = (lines: object[]) => () =>
		Promise.resolve({ ok: true, value: { lines } } as unknown as AnyReply);
	expect(await replyOfDone(command, ask([...others, mine]))).toEqual({ ok: true, value: mine });
	expect(await replyOfDone(command, ask(others))).toBeNull();
});

test('a story that was told, its reply lost, is answered with the one that is there', async () => {
	const told = { kind: 'story', title: 'The river', text: ' I went. ', endsMs: null } as const;
	const command: Command = { cmd: 'addStory', circle, told, to: [] };
	expect(addsSomething(command)).toBe(true);
	const there = (text: string, mine: boolean) => ({ mine, told: { ...told, text } });
	const value = [there('Another', true), there('I went.', false), there('I went.', true)];
	const reply = await replyOfDone(command, () => Promise.resolve({ ok: true, value } as unknown as AnyReply));
	expect(reply).toEqual({ ok: true, value: value[2] });
});
