/** What is asked of both engines about what facilitators decide in a circle. */
import { same } from './same';
import type { At, Part } from './suite';

type Name = 'setCircle' | 'addHelpline' | 'setHelpline' | 'removeHelpline';

const NO_ITEM = '000000aaaaaaaa';
const DAY = 20_700;
/** A helpline with as little as there may be. */
const LINE = {
	name: 'Line',
	phone: '1',
	sms: '',
	region: '',
	hours: '',
	language: '',
	checked: null,
} as const;

/** Enters one, and gives its id. */
async function helpline(at: At, name: string): Promise<string> {
	const add = { ...LINE, cmd: 'addHelpline', circle: at.circle, name } as const;
	return (await at.must<'addHelpline'>(add)).helplines.filter(({ item }) => item !== '').at(-1)?.item ?? '';
}

/** A part for each command. */
export const helpParts: { readonly [C in Name]: Part } = {
	async setCircle(at) {
		const { circle } = at;
		await at.refused<'setCircle'>({ cmd: 'setCircle', circle, name: ' ' }, 'empty');
		const before = await at.must<'circle'>({ cmd: 'circle', circle });
		const after = await at.must<'setCircle'>({ cmd: 'setCircle', circle, agreement: 'We listen.' });
		same([after.name, after.agreement], [before.name, 'We listen.'], 'setCircle');
		await at.refused<'setCircle'>({ cmd: 'setCircle', circle, followUpWho: 'Ruth' }, 'empty');
		const said = { followUpWho: 'Ruth', followUpBy: 'tomorrow', aboutAlcohol: true };
		const { followUp, aboutAlcohol } = await at.must<'setCircle'>({ cmd: 'setCircle', circle, ...said });
		same([followUp, aboutAlcohol], [{ who: 'Ruth', by: 'tomorrow' }, true], 'setCircle');
		const none = await at.must<'setCircle'>({ cmd: 'setCircle', circle, followUpWho: '', followUpBy: '' });
		same([none.followUp, none.aboutAlcohol], [null, true], 'setCircle');
	},
	async addHelpline(at) {
		const { circle } = at;
		const add = { ...LINE, cmd: 'addHelpline', circle } as const;
		await at.refused<'addHelpline'>({ ...add, name: ' ' }, 'empty');
		await at.refused<'addHelpline'>({ ...add, phone: '' }, 'empty');
		await at.refused<'addHelpline'>({ ...add, sms: 'call us' }, 'bad-input', 'number');
		await at.refused<'addHelpline'>({ ...add, checked: 84_006 }, 'bad-input');
		await at.refused<'addHelpline'>({ ...add, phone: '1'.repeat(41) }, 'too-long');
		const { helplines } = await at.must<'addHelpline'>({ ...add, name: ' Night ', checked: DAY });
		const { name, phone, sms, checked, fromOrganisation } =
			helplines.filter(({ item }) => item !== '').at(-1) ?? {};
		same([name, phone, sms, checked, fromOrganisation], ['Night', '1', '', DAY, false], 'addHelpline');
	},
	async setHelpline(at) {
		const item = await helpline(at, 'Changed');
		const set = { cmd: 'setHelpline', circle: at.circle, item } as const;
		await at.refused<'setHelpline'>({ ...set, item: NO_ITEM, phone: '1' }, 'unknown-document');
		await at.refused<'setHelpline'>({ ...set, phone: '' }, 'empty');
		const { helplines } = await at.must<'setHelpline'>({ ...set, phone: '', sms: '2', hours: ' Nights ' });
		const { name, phone, sms, hours } = helplines.find((one) => one.item === item) ?? {};
		same([name, phone, sms, hours], ['Changed', '', '2', 'Nights'], 'setHelpline');
	},
	async removeHelpline(at) {
		const item = await helpline(at, 'Removed');
		const remove = { cmd: 'removeHelpline', circle: at.circle, item } as const;
		const { helplines } = await at.must<'removeHelpline'>(remove);
		same(
			helplines.some((one) => one.item === item),
			false,
			'removeHelpline',
		);
		await at.refused<'removeHelpline'>(remove, 'unknown-document');
	},
};
