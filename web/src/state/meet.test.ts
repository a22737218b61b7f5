import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { Host, Newcomer } from './meet.svelte';

const host = (member: string | null = null): { fake: FakeBridge; host: Host } => {
	const fake = new FakeBridge();
	fake.lead();
	return { fake, host: new Host(fake, CIRCLE, member) };
};

test('p15 two phones meet: a code, its answer, the same six words, in', async () => {
	const { fake, host: grace } = host();
	const phone = new FakeBridge();
	phone.enrolled = false;
	const kofi = new Newcomer(phone);
	await kofi.show();
	expect([kofi.nameMissing, kofi.step]).toEqual([true, 'begin']);
	kofi.name = ' Kofi ';
	await kofi.show();
	expect(phone.asked.at(-1)).toEqual({ cmd: 'qrAsk', name: 'Kofi' });
	expect(kofi.step).toBe('show');

	await grace.grant(kofi.qr);
	expect(grace.step).toBe('show');
	expect(grace.guest).toBe('Kofi');
	await kofi.take(grace.qr);
	expect(kofi.step).toBe('words');
	expect(kofi.words).toEqual(grace.words);
	expect(grace.words.map(({ word }) => /^[a-z]+$/.test(word))).toEqual(Array(6).fill(true));
	expect(kofi.circle?.pending).toBe(true);

	kofi.compared(true);
	await grace.compared(true);
	expect([kofi.step, grace.step]).toEqual(['done', 'done']);
	expect(fake.people.people.find(({ name }) => name === 'Kofi')?.standing).toBe('active');
});

test('p15 other words on the two phones: who was let in is taken out, and both are told to stop', async () => {
	const { fake, host: grace } = host();
	await grace.grant('KITHASK1');
	await grace.compared(false);
	expect([grace.step, grace.undoFailed]).toEqual(['stopped', false]);
	expect(fake.people.people.find(({ name }) => name === 'Kofi')?.standing).toBe('removed');
	expect(fake.people.people.filter(({ standing }) => standing === 'removed')).toHaveLength(2);
	const kofi = new Newcomer(new FakeBridge());
	await kofi.take('KITHGRANT1');
	kofi.compared(false);
	expect(kofi.step).toBe('stopped');
	kofi.again();
	expect([kofi.step, kofi.words]).toEqual(['begin', []]);
});

test('p15 other words when someone comes back: only the new phone is taken out, the person stays', async () => {
	const { fake, host: grace } = host('m1');
	await grace.grant('KITHASK1');
	await grace.compared(false);
	expect(fake.asked.some(({ cmd }) => cmd === 'remove')).toBe(false);
	const person = fake.people.people.find(({ member }) => member === 'm1');
	expect([person?.standing, ...(person?.devices ?? []).map(({ standing }) => standing)]).toEqual([
		'active',
		'active',
		'removed',
	]);
});

test('p15 when who was let in can’t be taken out again, it is said', async () => {
	const { fake, host: grace } = host();
	await grace.grant('KITHASK1');
	fake.fails.set('remove', 'storage-full');
	await grace.compared(false);
	expect([grace.step, grace.undoFailed]).toEqual(['stopped', true]);
});

test('a code of another kind is named as such, and the scan goes on', async () => {
	const { host: grace } = host();
	grace.step = 'scan';
	await grace.grant('HELLO');
	expect([grace.step, grace.problem?.code]).toEqual(['scan', 'code-invalid']);
	await grace.grant('KITHASK1');
	expect([grace.step, grace.problem]).toEqual(['show', null]);
});

test('p15 past the server’s warrant nobody is let in, and what to do is said', async () => {
	const { fake, host: grace } = host();
	fake.people = { ...fake.people, offlineLeft: 0 };
	await grace.grant('KITHASK1');
	expect([grace.step, grace.problem?.code]).toEqual(['begin', 'warrant-used']);
});

test('a pasted code may have been broken into lines', async () => {
	const { fake, host: grace } = host();
	await grace.grant(' KITHASK\n12 3 ');
	expect(fake.asked.find(({ cmd }) => cmd === 'qrGrant')).toMatchObject({ qr: 'KITHASK123' });
});
