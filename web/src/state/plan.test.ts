import { expect, test } from 'vitest';
import type { PlanLine } from '$bridge';
import { FakeBridge } from '../testing/fake';
import { samplePlan } from '../testing/fake-plan';
import { CIRCLE } from '../testing/sample';
import { linesOf } from './card.svelte';
import { byPart, OwnPlan, PARTS, placeOf, shownOf, together, versionsOf } from './plan.svelte';

const texts = (lines: readonly PlanLine[]): string[] => lines.map(({ text }) => text);

async function opened(): Promise<[OwnPlan, FakeBridge]> {
	const bridge = new FakeBridge();
	const plan = new OwnPlan(bridge, CIRCLE);
	await plan.plan.load();
	return [plan, bridge];
}

test('its parts stand in the order of the plan, those without a line too', () => {
	const parts = byPart(samplePlan().reverse());
	expect(parts.map(({ part }) => part)).toEqual(PARTS);
	expect(byPart([]).every(({ lines }) => lines.length === 0)).toBe(true);
	expect(parts.flatMap(({ lines }) => lines)).toHaveLength(samplePlan().length);
});

test('a line that was searched for is told by its place among those of its part that are here', () => {
	const lines = samplePlan();
	for (const { part, lines: of } of byPart(lines))
		for (const [at, { key }] of of.entries()) expect(placeOf(lines, key)).toEqual({ part, at });
	const [first] = lines;
	const absent = lines.map((line) =>
		line === first ? { ...line, part: null, body: 'missing' as const } : line,
	);
	expect([placeOf(lines, 'nothing'), placeOf(absent, first?.key ?? '')]).toEqual([null, null]);
});

test('a line is written, stands in the place of another, and is taken out', async () => {
	const [plan] = await opened();
	expect(await plan.write('ask', 'My aunt', '+1 202 555 0100', null)).toBe(true);
	const written = plan.lines.find(({ text }) => text === 'My aunt');
	expect(written).toMatchObject({ part: 'ask', phone: '+1 202 555 0100' });
	expect(await plan.write('ask', 'My aunt Rehema', '', written?.key ?? '')).toBe(true);
	expect(texts(plan.lines)).toContain('My aunt Rehema');
	expect(texts(plan.lines)).not.toContain('My aunt');
	const changed = plan.lines.find(({ text }) => text === 'My aunt Rehema');
	expect(await plan.remove(changed?.key ?? '')).toBe(true);
	expect(texts(plan.lines)).toEqual(texts(samplePlan()));
});

test('what two phones put in the place of one line stands twice, until one is kept', async () => {
	const [plan, bridge] = await opened();
	await plan.write('signs', 'I stop answering anybody.', '', 'p1');
	bridge.plan.changedElsewhere('p1', 'I stop answering, even Achieng.');
	await plan.plan.load();
	const [first, second] = plan.lines.filter(({ replaces }) => replaces === 'p1');
	if (!first || !second) throw new Error('both stand there');
	expect(versionsOf(plan.lines, first)).toEqual([second]);
	expect(versionsOf(plan.lines, second)).toEqual([first]);
	// Lines that stand in nothing's place are no versions of each other.
	expect(plan.lines.filter((line) => versionsOf(plan.lines, line).length > 0)).toHaveLength(2);
	// They stand one behind the other, whatever was written between them.
	expect(plan.lines.indexOf(second)).toBe(plan.lines.indexOf(first) + 1);
	expect(await plan.keepOnly(second)).toBe(true);
	expect(texts(plan.lines)).toContain(second.text);
	expect(texts(plan.lines)).not.toContain(first.text);
	expect(versionsOf(plan.lines, second)).toEqual([]);
});

test('what was not done is said, and a second tap while something is done does nothing', async () => {
	const [plan, bridge] = await opened();
	bridge.fails.set('addPlanLine', 'storage-full');
	expect(await plan.write('ask', 'My aunt', '', null)).toBe(false);
	expect(plan.problem?.code).toBe('storage-full');
	expect(await Promise.all([plan.remove('p1'), plan.remove('p2')])).toEqual([true, false]);
	expect(plan.problem).toBeNull();
	expect(texts(plan.lines)).toContain('Two nights with the light on.');
});

test('it follows what another phone of its person writes', async () => {
	const [plan, bridge] = await opened();
	const stop = plan.start();
	bridge.plan.changedElsewhere('p9', 'Achieng keeps all of them.');
	await plan.plan.load();
	expect(texts(plan.lines)).toContain('Achieng keeps all of them.');
	stop();
});

test('versions of a line stand together, in the place of the first, and every line stands once', () => {
	const [one, two, three, four] = samplePlan();
	if (!one || !two || !three || !four) throw new Error('there are four');
	const lines = [{ ...one, replaces: 'p0' }, two, { ...three, replaces: 'p0' }, { ...four, replaces: 'q0' }];
	expect(together(lines).map(({ key }) => key)).toEqual(['p1', 'p3', 'p2', 'p4']);
	const all = samplePlan();
	expect(together(all)).toEqual(all);
});

test('the lock screen shows all circles together, and a helpline that several have once', () => {
	const [line] = samplePlan();
	const plan = line ? linesOf({ lines: [line] }) : [];
	const about = { sms: '', region: '', hours: '', language: '', checked: null };
	const first = { name: 'Someone to talk to', phone: '+1 202 555 0142', ...about };
	const second = { ...first, phone: '+1 202 555 0167' };
	const shown = shownOf({
		circles: [
			{ circle: 'a', plan, helplines: [first] },
			{ circle: 'b', plan: null, helplines: [{ ...first }, second] },
		],
	});
	expect(shown).toEqual({ lines: plan, helplines: [first, second] });
});
