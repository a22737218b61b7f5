import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { FakeDoor, sampleVault } from '../testing/door';
import { DoorState } from './door.svelte';
import { Leaving } from './leave.svelte';
import { Unlock } from './lock.svelte';
import { PinForm } from './pin.svelte';
import { isEasy, pinFault } from './weak';

function locked(...vaults: ReturnType<typeof sampleVault>[]): { door: FakeDoor; unlock: Unlock } {
	const door = new FakeDoor();
	door.pin = '493028';
	door.stand({ state: 'locked', open: null, vaults });
	return { door, unlock: new Unlock(door, () => door.standing) };
}

test('screens follow the door once it is connected', async () => {
	const door = new FakeDoor();
	const state = new DoorState(async () => ({ door }));
	expect(state.standing.state).toBe('starting');
	await state.start();
	expect(state.standing.state).toBe('open');
	await door.lock();
	expect(state.standing.state).toBe('locked');
});

test('a bridge that does not come leaves the door as it was', async () => {
	const state = new DoorState(() => Promise.reject(new Error('no network')));
	await state.start();
	expect(state.standing.state).toBe('starting');
	expect(() => state.door).toThrow();
});

test('the one vault is asked for its PIN; what was typed goes, right or wrong', async () => {
	const { door, unlock } = locked({ ...sampleVault(), pin: true });
	unlock.pin = '000000';
	await unlock.submit();
	expect([unlock.reply, unlock.pin, door.standing.state]).toEqual(['wrong', '', 'locked']);
	unlock.pin = '493028';
	await unlock.submit();
	expect(door.standing.state).toBe('open');
});

test('of several vaults one is chosen first; one without a PIN opens by its sign', async () => {
	const { door, unlock } = locked({ ...sampleVault('a'), pin: true }, sampleVault('b'));
	expect(unlock.vault).toBeNull();
	unlock.pin = '493028';
	await unlock.submit();
	expect(door.standing.state).toBe('locked');
	await unlock.choose(sampleVault('b'));
	expect(door.standing.open?.vault).toBe('b');
});

test('while it must be waited, nothing is tried', async () => {
	const { door, unlock } = locked({ ...sampleVault(), pin: true, waitUntilMs: performance.now() + 9_000 });
	unlock.pin = '493028';
	await unlock.submit();
	expect(door.standing.state).toBe('locked');
	expect(unlock.waitMs).toBeGreaterThan(8_000);
});

test('a new PIN is not short, not easy, and typed twice alike', () => {
	expect(pinFault('49302', '49302')).toBe('short');
	for (const easy of ['123456', '987654', '000000', '121212', '123123', 'Password1']) {
		expect([easy, isEasy(easy)]).toEqual([easy, true]);
	}
	expect(pinFault('493028', '493027')).toBe('different');
	expect(pinFault('493028', '493028 ')).toBeNull();
	expect(pinFault('the tall goat sings', 'the tall goat sings')).toBeNull();
});

test('the first PIN needs no old one, the next does', async () => {
	const door = new FakeDoor();
	const form = new PinForm(door);
	form.pin = form.again = '493028';
	expect(await form.submit()).toBe(true);
	const change = new PinForm(door);
	change.pin = change.again = '750219';
	change.old = '111111';
	expect([await change.submit(), change.reply]).toEqual([false, 'wrong']);
	change.old = '493028';
	expect(await change.submit()).toBe(true);
});

test('a sign that somebody else on the phone has is not offered', () => {
	const door = new FakeDoor();
	const own = sampleVault();
	door.stand({ open: own, vaults: [sampleVault('v2'), own] });
	const form = new PinForm(door);
	expect(form.isTaken(own.symbol)).toBe(true);
	expect([form.symbol === own.symbol, form.isTaken(form.symbol)]).toEqual([false, false]);
});

test('who leaves hears what is unsent, after what was just typed was counted in', async () => {
	const fake = new FakeBridge();
	const door = new FakeDoor();
	const leaving = new Leaving(fake, door);
	fake.fails.set('outbox', 'engine-stopped');
	await leaving.look();
	expect(leaving.items).toBeNull();
	fake.outbox = [
		{
			document: 'd',
			circle: 'c',
			label: '',
			kind: 'thread',
			changes: 1,
			bytes: 90,
			safety: 'phone',
			problem: null,
		},
	];
	await leaving.send();
	expect(leaving.items).toHaveLength(1);
	expect(leaving.notSent).toBe(true);
	expect(fake.asked.map(({ cmd }) => cmd)).toEqual(['flush', 'outbox', 'sync', 'flush', 'outbox']);
	expect(await leaving.save()).toBeNull();
	expect(leaving.saved).toBe('failed');
	await door.setPin('493028', null, 'leaf');
	expect(await leaving.save()).not.toBeNull();
	await leaving.go();
	expect(door.did).toEqual(['remove v1']);
});
