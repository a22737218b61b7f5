import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { ThreadState } from './thread.svelte';

const open = async (fake = new FakeBridge()): Promise<{ fake: FakeBridge; thread: ThreadState }> => {
	const thread = new ThreadState(fake, CIRCLE, 't1', () => ({ member: 'm0', name: 'Ana' }));
	await thread.open();
	return { fake, thread };
};

test('messages come in order of time, grouped by day, with the new ones marked', async () => {
	const { thread } = await open();
	const times = thread.messages.map(({ sentMs }) => sentMs);
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(thread.days.flatMap(({ messages }) => messages)).toEqual(thread.messages);
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
