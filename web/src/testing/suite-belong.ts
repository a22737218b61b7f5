/** What is asked of both engines about what holds a circle together: agreement, roles, stories. */
import type { Command } from '../bridge/contract';
import { isOnItsWay, same } from './same';
import type { Part } from './suite';

type Name =
	| 'addAgreementLine'
	| 'setAgreementLine'
	| 'agree'
	| 'addRole'
	| 'setRole'
	| 'stories'
	| 'addStory'
	| 'reactToStory'
	| 'endStory';

const NO_ITEM = '000000aaaaaaaa';
const story = (title: string, endsMs: number | null = null) =>
	({ kind: 'story', title, text: 'I went to the river.', endsMs }) as const;

/** A part for each command. */
export const belongParts: { readonly [C in Name]: Part } = {
	async addAgreementLine(at) {
		const { circle } = at;
		const add = { cmd: 'addAgreementLine', circle } as const;
		await at.refused<'addAgreementLine'>({ ...add, text: ' ' }, 'empty');
		await at.refused<'addAgreementLine'>({ ...add, text: 'x'.repeat(301) }, 'too-long');
		const { lines, agreementDigest } = await at.must<'addAgreementLine'>({ ...add, text: ' We listen. ' });
		same([lines.at(-1)?.text, agreementDigest?.length], ['We listen.', 64], 'addAgreementLine');
	},
	async setAgreementLine(at) {
		const { circle } = at;
		const { lines } = await at.must<'addAgreementLine'>({ cmd: 'addAgreementLine', circle, text: 'A line' });
		const item = lines.at(-1)?.item ?? '';
		const set = { cmd: 'setAgreementLine', circle, item } as const;
		await at.refused<'setAgreementLine'>({ ...set, item: NO_ITEM, text: 'Another' }, 'unknown-document');
		await at.refused<'setAgreementLine'>({ ...set, text: 'x'.repeat(301) }, 'too-long');
		const changed = await at.must<'setAgreementLine'>({ ...set, text: 'Another line' });
		same(changed.lines.at(-1)?.text, 'Another line', 'setAgreementLine');
		const gone = await at.must<'setAgreementLine'>({ ...set, text: '' });
		same(
			gone.lines.some((one) => one.item === item),
			false,
			'setAgreementLine',
		);
		same((await at.must<'setAgreementLine'>({ ...set, text: '' })).lines, gone.lines, 'setAgreementLine');
	},
	async agree(at) {
		const { circle } = at;
		const add = { cmd: 'addAgreementLine', circle } as const;
		const { agreementDigest, me } = await at.must<'addAgreementLine'>({ ...add, text: 'We pass.' });
		const agree = { cmd: 'agree', circle } as const;
		const stale = await at.must<'agree'>({ ...agree, digest: '7'.repeat(64) });
		same(stale.agreed.includes(me.member), false, 'agree');
		const agreed = await at.must<'agree'>({ ...agree, digest: agreementDigest });
		same([agreed.agreed.includes(me.member), agreed.changed], [true, null], 'agree');
		const { lines, changed } = await at.must<'addAgreementLine'>({ ...add, text: 'We sing.' });
		same(changed, [{ item: lines.at(-1)?.item, before: '', now: 'We sing.' }], 'agree');
		const none = await at.must<'agree'>({ ...agree, digest: null });
		same([none.agreed.includes(me.member), none.changed], [false, null], 'agree');
	},
	async addRole(at) {
		const { circle } = at;
		const add = { cmd: 'addRole', circle, member: null } as const;
		await at.refused<'addRole'>({ ...add, name: ' ' }, 'empty');
		await at.refused<'addRole'>({ ...add, name: 'x'.repeat(121) }, 'too-long');
		const { roles } = await at.must<'addRole'>({ ...add, name: ' Keeps time ' });
		const { name, member, memberName } = roles.at(-1) ?? {};
		same([name, member, memberName], ['Keeps time', null, ''], 'addRole');
	},
	async setRole(at) {
		const { circle } = at;
		const { roles, me } = await at.must<'addRole'>({ cmd: 'addRole', circle, name: 'Opens', member: null });
		const item = roles.at(-1)?.item ?? '';
		const set = { cmd: 'setRole', circle, item } as const;
		await at.refused<'setRole'>({ ...set, item: NO_ITEM, name: 'Closes' }, 'unknown-document');
		const named = await at.must<'setRole'>({ ...set, member: me.member });
		same([named.roles.at(-1)?.name, named.roles.at(-1)?.member], ['Opens', me.member], 'setRole');
		const gone = await at.must<'setRole'>({ ...set, name: '' });
		same(
			gone.roles.some((one) => one.item === item),
			false,
			'setRole',
		);
	},
	async stories(at) {
		const { circle } = at;
		await at.must<'addStory'>({ cmd: 'addStory', circle, told: story('Earlier'), to: [] });
		await at.must<'addStory'>({ cmd: 'addStory', circle, told: story('Later'), to: [] });
		const all = await at.must<'stories'>({ cmd: 'stories', circle });
		const titles = all.map(({ told }) => (told?.kind === 'story' ? told.title : ''));
		same(titles.indexOf('Later') < titles.indexOf('Earlier'), true, 'stories');
	},
	async addStory(at) {
		const { circle } = at;
		const add = { cmd: 'addStory', circle, to: [] } satisfies Omit<
			Extract<Command, { cmd: 'addStory' }>,
			'told'
		>;
		await at.refused<'addStory'>({ ...add, told: story(' ') }, 'empty');
		await at.refused<'addStory'>({ ...add, told: story('x'.repeat(61)) }, 'too-long');
		await at.refused<'addStory'>({ ...add, told: story('Over', 1_000) }, 'bad-input', 'end-passed');
		const milestone = { kind: 'milestone', day: 84_000, text: 'To come' } as const;
		await at.refused<'addStory'>({ ...add, told: milestone }, 'bad-input', 'day-to-come');
		const { told, mine, everyone, to, safety } = await at.must<'addStory'>({
			...add,
			told: { ...story(' The river ') },
		});
		same(told, story('The river'), 'addStory');
		same([mine, everyone, to, isOnItsWay(safety)], [true, true, [], true], 'addStory');
		const marked = await at.must<'addStory'>({ ...add, told: { ...milestone, day: 20_700 } });
		same(marked.told, { ...milestone, day: 20_700 }, 'addStory');
	},
	async reactToStory(at) {
		const { circle } = at;
		const { key } = await at.must<'addStory'>({ cmd: 'addStory', circle, told: story('Reacted'), to: [] });
		const react = { cmd: 'reactToStory', circle, key, kind: 'thanks', on: true } as const;
		await at.refused<'reactToStory'>({ ...react, key: 'nothing' }, 'unknown-document');
		same(await at.must<'reactToStory'>(react), null, 'reactToStory');
		const all = await at.must<'stories'>({ cmd: 'stories', circle });
		const found = all.find((one) => one.key === key);
		same(
			found?.reactions.map(({ kind, mine }) => [kind, mine]),
			[['thanks', true]],
			'reactToStory',
		);
	},
	async endStory(at) {
		const { circle } = at;
		const { key } = await at.must<'addStory'>({ cmd: 'addStory', circle, told: story('Ended'), to: [] });
		const end = { cmd: 'endStory', circle, key } as const;
		await at.refused<'endStory'>({ ...end, key: 'nothing' }, 'unknown-document');
		same(await at.must<'endStory'>(end), null, 'endStory');
		const all = await at.must<'stories'>({ cmd: 'stories', circle });
		same(
			all.some((one) => one.key === key),
			false,
			'endStory',
		);
	},
};
