import { expect, test } from 'vitest';
import { FakeDoor, sampleVault } from '../testing/door';
import { FakeBridge } from '../testing/fake';
import { samplePlan } from '../testing/fake-plan';
import { circle, CIRCLE, SECOND_CIRCLE } from '../testing/sample';
import { Card } from './card.svelte';

const LINE = {
	name: 'Someone to talk to',
	phone: '+1 202 555 0142',
	sms: '',
	region: 'Around here',
	hours: 'At any hour',
	language: 'Kiswahili',
	checked: 20_700,
};
const inCircle = (helplines: object[]): void => void Object.assign(circle, { helplines });

function begun(pin = true): { card: Card; bridge: FakeBridge; door: FakeDoor } {
	const bridge = new FakeBridge();
	const door = new FakeDoor();
	const vault = { ...sampleVault(), pin };
	door.stand({ open: vault, vaults: [vault] });
	return {
		card: new Card(
			bridge,
			() => door,
			() => door.standing,
		),
		bridge,
		door,
	};
}
const planOf = (door: FakeDoor): string[] | null =>
	door.cards
		.get('v1')
		?.circles.find((one) => one.circle === CIRCLE)
		?.plan?.map(({ text }) => text) ?? null;

test('helplines are on the lock screen of whoever has a PIN, and no plan that its owner did not choose', async () => {
	inCircle([{ item: 'h1', fromOrganisation: false, ...LINE }]);
	const { card, door } = begun();
	await card.look();
	const circles = door.cards.get('v1')?.circles;
	expect(circles?.map(({ plan }) => plan)).toEqual([null, null]);
	// Who wrote it, and what else, is for the circle.
	expect(circles?.map(({ helplines }) => helplines)).toEqual([[LINE], [LINE]]);
	expect(card.open).toEqual([]);
});

test('without a PIN nothing is written', async () => {
	const { card, door } = begun(false);
	await card.look();
	expect(await card.turn(CIRCLE, true)).toBe(false);
	expect(door.cards.size).toBe(0);
	expect(card.open).toEqual([]);
});

test('without helplines and an open plan there is no card at all', async () => {
	const { card, door } = begun();
	inCircle([]);
	await card.look();
	expect(door.cards.size).toBe(0);
	await card.turn(CIRCLE, true);
	expect(planOf(door)).toHaveLength(samplePlan().length);
	await card.turn(CIRCLE, false);
	expect(door.cards.size).toBe(0);
});

test('a plan that is kept open follows what is written and removed, of one circle alone', async () => {
	inCircle([LINE]);
	const { card, bridge, door } = begun();
	expect(await card.turn(CIRCLE, true)).toBe(true);
	expect(card.open).toEqual([CIRCLE]);
	expect(door.cards.get('v1')?.circles.find((one) => one.circle === SECOND_CIRCLE)?.plan).toBeNull();
	card.start();
	await card.look();
	await bridge.ask<'removePlanLine'>({ cmd: 'removePlanLine', circle: CIRCLE, key: 'p1' });
	await card.look();
	expect(planOf(door)).toEqual(
		samplePlan()
			.map(({ text }) => text)
			.slice(1),
	);
	card.stop();
	expect(await card.turn(CIRCLE, false)).toBe(true);
	expect(planOf(door)).toBeNull();
	expect(card.open).toEqual([]);
});

test('it is shown as open once it is durable, and a full phone says so', async () => {
	const { card, door } = begun();
	door.next = 'full';
	expect(await card.turn(CIRCLE, true)).toBe(false);
	expect([card.refused, card.open, planOf(door)]).toEqual(['full', [], null]);
	expect(await card.turn(CIRCLE, true)).toBe(true);
	expect([card.refused, card.open]).toEqual([null, [CIRCLE]]);
	// What is there is not what should be: that is said until it is.
	door.next = 'full';
	expect(await card.turn(CIRCLE, false)).toBe(false);
	expect([card.refused, card.open]).toEqual(['full', [CIRCLE]]);
	await card.turn(CIRCLE, false);
	expect([card.refused, card.open]).toEqual([null, []]);
});

test('what can’t be asked stays as it was, and is not turned on', async () => {
	const { card, bridge, door } = begun();
	await card.turn(CIRCLE, true);
	const before = structuredClone(door.cards.get('v1'));
	for (const cmd of ['circles', 'circle', 'plan'] as const) {
		bridge.fails.set(cmd, 'engine-stopped');
		await card.look();
		expect(door.cards.get('v1')).toEqual(before);
	}
	bridge.fails.set('circles', 'engine-stopped');
	expect(await card.turn(SECOND_CIRCLE, true)).toBe(false);
	expect([card.refused, card.open]).toEqual(['failed', [CIRCLE]]);
	// To close it nobody is needed.
	bridge.fails.set('circles', 'engine-stopped');
	expect(await card.turn(CIRCLE, false)).toBe(true);
	expect([card.refused, card.open, planOf(door)]).toEqual([null, [], null]);
	bridge.fails.set('plan', 'engine-stopped');
	expect(await card.turn(CIRCLE, true)).toBe(false);
	expect([card.refused, card.open]).toEqual(['failed', []]);
});

test('whoever was taken out of a circle has nothing of it on the lock screen', async () => {
	inCircle([LINE]);
	const { card, bridge, door } = begun();
	await card.turn(CIRCLE, true);
	bridge.standing = 'removed';
	await card.look();
	expect(door.cards.get('v1')?.circles.map((one) => one.circle)).toEqual([SECOND_CIRCLE]);
	expect(card.open).toEqual([]);
});

test('words that are not here yet are not on it', async () => {
	const { card, bridge, door } = begun();
	bridge.plan.lines = samplePlan().map((line) => ({ ...line, body: 'missing', text: '' }));
	await card.turn(CIRCLE, true);
	expect(planOf(door)).toEqual([]);
});
