/** What is asked of both engines about plans. */
import type { Command } from '../bridge/contract';
import { isOnItsWay, same } from './same';
import type { Part } from './suite';

type Name = 'plan' | 'addPlanLine' | 'removePlanLine';

/** A part for each command. */
export const planParts: { readonly [C in Name]: Part } = {
	async plan(at) {
		const { circle } = at;
		const add = { cmd: 'addPlanLine', circle, phone: '', replaces: null } as const;
		await at.must<'addPlanLine'>({ ...add, part: 'safer', text: 'The last part' });
		await at.must<'addPlanLine'>({ ...add, part: 'signs', text: 'The first part' });
		const { lines } = await at.must<'plan'>({ cmd: 'plan', circle });
		const texts = lines.map(({ text }) => text);
		same(texts.indexOf('The first part') < texts.indexOf('The last part'), true, 'plan');
	},
	async addPlanLine(at) {
		const { circle } = at;
		const add = {
			cmd: 'addPlanLine',
			circle,
			part: 'ask',
			text: ' My sister ',
			phone: '+1 202 555 0134',
			replaces: null,
		} satisfies Command;
		await at.refused<'addPlanLine'>({ ...add, text: ' ' }, 'empty');
		await at.refused<'addPlanLine'>({ ...add, text: 'x'.repeat(301) }, 'too-long');
		await at.refused<'addPlanLine'>({ ...add, phone: 'call me' }, 'bad-input', 'number');
		await at.refused<'addPlanLine'>({ ...add, replaces: 'nothing' }, 'unknown-document');
		const first = await at.must<'addPlanLine'>(add);
		const { part, text, phone, body, replaces, safety } = first;
		const wanted = ['ask', 'My sister', '+1 202 555 0134', 'here', null, true];
		same([part, text, phone, body, replaces, isOnItsWay(safety)], wanted, 'addPlanLine');
		const second = await at.must<'addPlanLine'>({ ...add, text: 'My aunt', replaces: first.key });
		same(second.replaces, first.key, 'addPlanLine');
		const { lines } = await at.must<'plan'>({ cmd: 'plan', circle });
		const keys = lines.map(({ key }) => key);
		same([keys.includes(first.key), keys.includes(second.key)], [false, true], 'addPlanLine');
	},
	async removePlanLine(at) {
		const { circle } = at;
		const { key } = await at.must<'addPlanLine'>({
			cmd: 'addPlanLine',
			circle,
			part: 'myself',
			text: 'Removed',
			phone: '',
			replaces: null,
		});
		const remove = { cmd: 'removePlanLine', circle, key } as const;
		await at.refused<'removePlanLine'>({ ...remove, key: 'nothing' }, 'unknown-document');
		same(await at.must<'removePlanLine'>(remove), null, 'removePlanLine');
		const { lines } = await at.must<'plan'>({ cmd: 'plan', circle });
		same(
			lines.some(({ text }) => text === 'Removed'),
			false,
			'removePlanLine',
		);
	},
};
