/** What every engine does about what facilitators hide. */
import { same } from './same';
import type { Part } from './suite';

type Name = 'hide' | 'hideStrategy' | 'hideStory';

/** A part for each command. */
export const hiddenParts: { readonly [C in Name]: Part } = {
	async hide(at) {
		const { circle } = at;
		const thread = await at.thread('Hidden');
		const { key } = await at.must<'send'>({ cmd: 'send', circle, thread, text: 'Hello', replyTo: null });
		await at.refused<'hide'>({ cmd: 'hide', circle, thread, key: 'nothing', on: true }, 'unknown-document');
		for (const on of [true, true, false]) {
			same(await at.must<'hide'>({ cmd: 'hide', circle, thread, key, on }), null, 'hide');
			const { messages } = await at.must<'openThread'>({ cmd: 'openThread', circle, thread, limit: 1 });
			same([messages[0]?.text, messages[0]?.hidden !== null], ['Hello', on], 'hide');
		}
	},
	async hideStrategy(at) {
		const { circle } = at;
		const { key } = await at.strategy('Hidden');
		const hide = { cmd: 'hideStrategy', circle, key } as const;
		await at.refused<'hideStrategy'>({ ...hide, key: 'nothing', on: true }, 'unknown-document');
		for (const on of [true, true, false]) {
			same(await at.must<'hideStrategy'>({ ...hide, on }), null, 'hideStrategy');
			const all = await at.must<'toolkit'>({ cmd: 'toolkit', circle });
			const { title, hidden } = all.find((one) => one.key === key) ?? {};
			same([title, hidden !== null], ['Hidden', on], 'hideStrategy');
		}
	},
	async hideStory(at) {
		const { circle } = at;
		const told = { kind: 'story', title: 'Hidden', text: 'Words', endsMs: null } as const;
		const { key } = await at.must<'addStory'>({ cmd: 'addStory', circle, told, to: [] });
		const hide = { cmd: 'hideStory', circle, key } as const;
		await at.refused<'hideStory'>({ ...hide, key: 'nothing', on: true }, 'unknown-document');
		for (const on of [true, true, false]) {
			same(await at.must<'hideStory'>({ ...hide, on }), null, 'hideStory');
			const all = await at.must<'stories'>({ cmd: 'stories', circle });
			const found = all.find((one) => one.key === key);
			same([found?.told, found?.hidden !== null], [told, on], 'hideStory');
		}
	},
};
