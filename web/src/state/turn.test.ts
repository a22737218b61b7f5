import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE, circle, members, sampleThreads } from '../testing/sample';
import { placesOf, Turn } from './turn.svelte';

const leader = members.find(({ role }) => role === 'facilitator')?.member ?? '';
const buddy = 'm5';
const blocked = 'm3';
const choices = [
	{ kind: 'buddy', member: buddy },
	{ kind: 'blocked', member: blocked },
] as const;

test('whoever leads comes first beside danger, else a buddy; never oneself, and nobody whom one blocked', () => {
	const danger = placesOf(circle, sampleThreads(), choices, 'facilitators');
	expect(danger.slice(0, 2).map(({ thread }) => thread)).toEqual([leader, buddy]);
	expect(danger).toHaveLength(members.length - 2);
	expect(danger.some(({ all }) => all)).toBe(false);
	const usual = placesOf(circle, sampleThreads(), choices, 'buddies');
	expect(usual.slice(0, 2).map(({ thread }) => thread)).toEqual([buddy, leader]);
	expect(usual.filter(({ all }) => all).map(({ name }) => name)).toEqual(
		sampleThreads().map(({ title }) => title),
	);
	for (const places of [danger, usual])
		expect(places.map(({ thread }) => thread)).not.toEqual(expect.arrayContaining([blocked]));
	expect(usual.some(({ thread }) => thread === circle.me.member)).toBe(false);
	const pair = sampleThreads().map((one) => ({ ...one, with: buddy }));
	expect(placesOf(circle, pair, choices, 'buddies').some(({ all }) => all)).toBe(false);
});

async function begun(): Promise<[Turn, FakeBridge, () => void]> {
	const bridge = new FakeBridge();
	const turn = new Turn(bridge, CIRCLE, 'facilitators');
	const stop = turn.start();
	await expect.poll(() => turn.places?.length).toBe(members.length - 1);
	return [turn, bridge, stop];
}
const sends = (bridge: FakeBridge): number => bridge.asked.filter(({ cmd }) => cmd === 'send').length;

test('what is sent goes to the two alone, once, and says when the server has it', async () => {
	const [turn, bridge, stop] = await begun();
	expect(sends(bridge)).toBe(0);
	const both = await Promise.all([turn.send(leader, 'Call me.'), turn.send(leader, 'Call me.')]);
	expect([both, sends(bridge)]).toEqual([[true, false], 1]);
	expect([turn.sent?.text, turn.sent?.safety]).toEqual(['Call me.', 'phone']);
	bridge.setStatus({ state: 'offline' });
	await expect.poll(() => bridge.asked.at(-1)?.cmd).toBe('openThread');
	expect(turn.sent?.safety).toBe('phone');
	bridge.deliver(leader);
	await expect.poll(() => turn.sent?.safety).toBe('safe');
	stop();
});

test('a notice says it too, also of words that have another key since', async () => {
	const [turn, bridge, stop] = await begun();
	await turn.send(leader, 'Call me.');
	const sent = turn.sent;
	if (!sent) throw new Error('nothing was sent');
	const told = { notice: 'messages', circle: CIRCLE } as const;
	bridge.tell({ ...told, thread: 'm1', messages: [{ ...sent, safety: 'safe' }], gone: [] });
	expect(turn.sent?.safety).toBe('phone');
	bridge.tell({ ...told, thread: leader, messages: [{ ...sent, key: 'again' }], gone: [sent.key] });
	expect(turn.sent?.key).toBe('again');
	bridge.tell({ ...told, thread: leader, messages: [{ ...sent, key: 'again', safety: 'safe' }], gone: [] });
	expect(turn.sent?.safety).toBe('safe');
	stop();
});

test('what can’t be sent says why, and what was sent is found again until it is taken back', async () => {
	const [turn, bridge, stop] = await begun();
	expect(await turn.send(leader, 'x'.repeat(5_000))).toBe(false);
	expect([turn.problem?.code, turn.sent]).toEqual(['too-long', null]);
	await turn.send(leader, 'Call me.');
	const key = turn.sent?.key ?? '';
	stop();
	const after = new Turn(bridge, CIRCLE, 'facilitators');
	const end = after.start();
	bridge.fails.set('openThread', 'engine-stopped');
	await after.resume(leader, key);
	expect([after.sent, after.lost]).toEqual([null, false]);
	bridge.setStatus({ state: 'offline' });
	await expect.poll(() => after.sent?.text).toBe('Call me.');
	after.forget();
	await after.resume(leader, 'nothing');
	expect([after.sent, after.lost]).toEqual([null, true]);
	await bridge.ask<'takeBack'>({ cmd: 'takeBack', circle: CIRCLE, thread: leader, key });
	after.forget();
	await after.resume(leader, key);
	expect([after.sent, after.lost]).toEqual([null, true]);
	end();
});
