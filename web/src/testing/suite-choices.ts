/** What is asked of both engines about what one chose about others. */
import { same } from './same';
import type { Part } from './suite';

type Name = 'choices' | 'choose';

const OTHER = 'f'.repeat(32);

/** A part for each command. */
export const choiceParts: { readonly [C in Name]: Part } = {
	async choices(at) {
		const { choices } = await at.must<'choices'>({ cmd: 'choices', circle: at.circle });
		same(Array.isArray(choices), true, 'choices');
	},
	async choose(at) {
		const { circle } = at;
		const choose = { cmd: 'choose', circle, choice: 'buddy', member: OTHER, on: true } as const;
		const { me } = await at.must<'circle'>({ cmd: 'circle', circle });
		await at.refused<'choose'>({ ...choose, member: me.member }, 'bad-input');
		const count = async (): Promise<number> => {
			const { choices } = await at.must<'choices'>({ cmd: 'choices', circle });
			return choices.filter(({ kind, member }) => kind === 'buddy' && member === OTHER).length;
		};
		await at.must<'choose'>(choose);
		await at.must<'choose'>(choose);
		same(await count(), 1, 'choose');
		await at.must<'choose'>({ ...choose, on: false });
		same(await count(), 0, 'choose');
	},
};
