import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { CIRCLE } from '../testing/sample';
import { Reports } from './reports.svelte';

test('what was reported is hidden where it stands: a message, a strategy, a story that the circle is told', async () => {
	const bridge = new FakeBridge();
	bridge.people = { ...bridge.people, leads: true };
	const message = bridge.messages.find(({ mine }) => !mine);
	const strategy = bridge.toolkit.strategies.find(({ mine }) => !mine);
	if (!message || !strategy) throw new Error('nothing to report');
	const reports = new Reports(bridge, CIRCLE);
	const hidden = {
		message: () => bridge.messages.find(({ key }) => key === message.key)?.hidden,
		strategy: () => bridge.toolkit.strategies.find(({ key }) => key === strategy.key)?.hidden,
		story: () => bridge.stories.all.find(({ key }) => key === 'story2')?.hidden,
	};
	for (const key of [message.key, strategy.key, 'story2']) bridge.reports.arrives(key, 'm2');
	await reports.all.load();
	for (const report of reports.all.value ?? []) {
		if (report.kind === 'talk' || report.kind === 'told') throw new Error('nobody hides that');
		const is = hidden[report.kind];
		expect([report.kind, is()]).toEqual([report.kind, null]);
		expect(await reports.hide(report, true)).toBe(true);
		expect(is()?.name).toBeTruthy();
		expect(await reports.hide(report, false)).toBe(true);
		expect(is()).toBe(null);
	}
	expect(reports.all.value).toHaveLength(3);
});

test('what chosen people are told is hidden by nobody', async () => {
	const bridge = new FakeBridge();
	bridge.people = { ...bridge.people, leads: true };
	const reports = new Reports(bridge, CIRCLE);
	const report = bridge.reports.arrives('story1', 'm2');
	expect(report.kind).toBe('told');
	expect(await reports.hide(report, true)).toBe(false);
	expect(reports.problem?.code).toBe('unknown-document');
});
