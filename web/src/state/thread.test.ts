import { expect, test, vi } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, sampleMessages } from '../testing/sample';
import { ThreadState, type Shown } from './thread.svelte';

const open = async (fake = new FakeBridge()): Promise<{ fake: FakeBridge; thread: ThreadState }> => {
	const thread = new ThreadState(fake, CIRCLE, 't1', () => ({ member: 'm0', name: 'Ana' }));
	await thread.open();
	return { fake, thread };
};

test('messages come in order of time, grouped by day, with the new ones marked', async () => {
	const { thread } = await open();
	const times = thread.messages.map(({ sentMs }) => sentMs);
	expect(times).toEqual([...times].sort((a, b) => a - b));
	const shown = thread.days.flatMap(({ lines }) =>
		lines.map(({ message, closed }) => (message ?? closed)?.key),
	);
	expect(shown).toEqual(thread.messages.map(({ key }) => key));
	expect(thread.firstNew).not.toBeNull();
	expect(thread.more).toBe(true);
});

test('a message shows at once, as saving, and then once', async () => {
	const { fake, thread } = await open();
	fake.delayMs = 5;
	const sending = thread.send('I am here', null);
	expect(thread.messages.at(-1)).toMatchObject({ text: 'I am here', saving: true });
	expect(await sending).toBe(true);
	expect(thread.messages.filter(({ text }) => text === 'I am here')).toHaveLength(1);
	expect(thread.messages.at(-1)).toMatchObject({ saving: false, safety: 'phone' });
});

test('a notice that is faster than the answer makes no second copy', async () => {
	const { fake, thread } = await open();
	fake.delayMs = 5;
	const sending = thread.send('only once', null);
	const real = { ...thread.messages.at(-1), key: 'real', safety: 'sending' as const };
	fake.tell({ notice: 'messages', circle: CIRCLE, thread: 't1', messages: [real as never], gone: [] });
	expect(thread.messages.filter(({ text }) => text === 'only once')).toHaveLength(1);
	await sending;
});

test('p06 a message that a full phone refuses is given back, not lost', async () => {
	const { fake, thread } = await open();
	fake.fails.set('send', 'storage-full');
	expect(await thread.send('please keep', null)).toBe(false);
	expect(thread.problem?.code).toBe('storage-full');
	expect(thread.messages.some(({ text }) => text === 'please keep')).toBe(false);
});

test('a reaction shows at once and is taken back when it can’t be kept', async () => {
	const { fake, thread } = await open();
	const message = thread.messages.find(({ mine, reactions }) => !mine && reactions.length === 0);
	if (!message) throw new Error('no such message');
	const now = (): unknown => thread.messages.find(({ key }) => key === message.key)?.reactions;
	await thread.react(message, 'relate', true);
	expect(now()).toEqual([{ kind: 'relate', names: ['Ana'], mine: true }]);
	fake.fails.set('react', 'storage-failed');
	await thread.react({ ...message, reactions: [] }, 'thanks', true);
	expect(now()).toEqual([]);
});

test('p19 taking back shows at once, and comes back when it can’t be kept', async () => {
	const { fake, thread } = await open();
	await thread.send('too much', null);
	const mine = thread.messages.find(({ text }) => text === 'too much');
	if (!mine) throw new Error('not sent');
	const now = (): unknown => thread.messages.find(({ key }) => key === mine.key);
	fake.fails.set('takeBack', 'storage-full');
	await thread.takeBack(mine);
	expect(thread.problem?.code).toBe('storage-full');
	expect(now()).toMatchObject({ text: 'too much', body: 'here' });
	await thread.takeBack(mine);
	expect(now()).toMatchObject({ text: '', body: 'gone' });
	expect(fake.messages.find(({ key }) => key === mine.key)).toMatchObject({ text: '', body: 'gone' });
});

test('hiding shows at once by whom, keeps the text, and is undone when it can’t be kept', async () => {
	const { fake, thread } = await open();
	await thread.send('rash', null);
	const of = (): Shown => thread.messages.find(({ text }) => text === 'rash') ?? missing();
	fake.people = { ...fake.people, leads: true };
	const hiding = thread.hide(of(), true);
	expect(of()).toMatchObject({ text: 'rash', body: 'here', hidden: { by: 'm0', name: 'Ana' } });
	await hiding;
	expect(fake.messages.find(({ text }) => text === 'rash')?.hidden).toMatchObject({ by: 'm0' });
	fake.fails.set('hide', 'storage-full');
	await thread.hide(of(), false);
	expect([thread.problem?.code, of().hidden?.name]).toEqual(['storage-full', 'Ana']);
	await thread.hide(of(), false);
	expect([thread.problem, of().hidden]).toEqual([null, null]);
	fake.people = { ...fake.people, leads: false };
	await thread.hide(of(), true);
	expect([thread.problem?.code, of().hidden]).toEqual(['not-allowed', null]);
});

function missing(): never {
	throw new Error('not sent');
}

const DAY_MS = 86_400_000;

/** A circle's conversation of which this phone has seen nothing yet. */
function newcomer(count: number, unread: number, ageDays: number): FakeBridge {
	const fake = new FakeBridge();
	const step = (ageDays * DAY_MS) / count;
	const now = Date.now();
	fake.messages = sampleMessages(count).map((one, at) => ({
		...one,
		mine: false,
		body: 'here',
		sentMs: now - (count - at) * step,
	}));
	const first = fake.threads[0];
	if (first) fake.threads = [{ ...first, unread }];
	return fake;
}

test('whoever comes new opens at the present, and finds the way back to the first', async () => {
	const { thread } = await open(newcomer(500, 500, 330));
	expect([thread.firstNew, thread.far]).toEqual([null, 500]);
	expect(thread.messages.length).toBeLessThan(100);
	await thread.toFirstNew();
	expect([thread.firstNew, thread.far]).toEqual(['k00000', 0]);
	expect(thread.messages).toHaveLength(500);
});

test('few new messages of this week are where a conversation opens; older or more are not', async () => {
	for (let at = 0; at < 40; at++) {
		const unread = (at * 13) % 80;
		const days = at % 2 === 0 ? 2 : 900;
		const { thread } = await open(newcomer(90, unread, days));
		const near = unread > 0 && unread <= 40 && days === 2;
		expect(thread.firstNew !== null, `${unread} in ${days} days`).toBe(near);
		if (near) expect(thread.newOnes).toHaveLength(unread);
		if (unread > 40) expect(thread.far).toBe(unread);
	}
});

test('what others write meanwhile is counted as new, one’s own and old ones that come late are not', async () => {
	vi.stubGlobal('document', { visibilityState: 'hidden' });
	const { fake, thread } = await open(newcomer(20, 0, 1));
	const [old, last] = [thread.messages[3], thread.messages.at(-1)];
	if (!old || !last) throw new Error('no messages');
	const messages = [
		{ ...last, key: 'x1', sentMs: Date.now() },
		{ ...last, key: 'x2', sentMs: Date.now(), mine: true },
		{ ...old, key: 'x3' },
		old,
	];
	fake.tell({ notice: 'messages', circle: CIRCLE, thread: 't1', messages, gone: [] });
	expect(thread.newOnes).toEqual(['x1']);
	await thread.send('here', null);
	expect(thread.messages.some(({ key }) => key === thread.justSent)).toBe(true);
});
