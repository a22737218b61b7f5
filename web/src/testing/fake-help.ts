/** The stand-in's helplines, and what facilitators say of their circle beside them. */
import type { Circle, Command, Helpline, KithProblem, ListName, Replies } from '../bridge/contract';
import { limits } from '../words/graphemes';
import { isNumber } from '../words/tel';
import { isBlank, isDay, problem } from './fake-edit';
import { circle } from './sample';

type Name = 'setCircle' | 'addHelpline' | 'setHelpline' | 'removeHelpline';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };
type Line = Omit<Helpline, 'item' | 'fromOrganisation' | 'contested'>;

/** Of reserved numbers, which nobody has. */
export function sampleHelplines(): Helpline[] {
	return [
		{
			item: '000001AAAAAAAA',
			name: 'Example: night line',
			phone: '+1 202 555 0142',
			sms: '+1 202 555 0143',
			region: 'Everywhere',
			hours: 'Day and night',
			language: 'English, Kiswahili',
			checked: 20_700,
			fromOrganisation: false,
			contested: [],
		},
		{
			item: '',
			name: 'Example: clinic desk',
			phone: '+1 202 555 0150',
			sms: '',
			region: 'Nairobi',
			hours: 'Monday to Friday, 8 to 17',
			language: 'Kiswahili',
			checked: null,
			fromOrganisation: true,
			contested: [],
		},
	];
}

/** What the circle shows of its facilitators' decisions, in memory. `leads`: whether this phone's person is one. */
export class FakeHelp {
	#count = 0;

	constructor(
		private readonly tell: (what: ListName) => void,
		private readonly leads: () => boolean,
	) {}

	readonly answers: Answers = {
		setCircle: ({ name, agreement, followUpWho, followUpBy, aboutAlcohol, opening, closing }) => {
			if (!this.leads()) return problem('not-allowed');
			const both = [followUpWho ?? circle.followUp?.who ?? '', followUpBy ?? circle.followUp?.by ?? ''];
			const [who = '', by = ''] = both.map((one) => one.trim());
			if (isBlank(who) !== isBlank(by)) return problem('empty');
			const open = circle.contested.filter(
				({ field }) =>
					!(field === 'followUpWho' && followUpWho !== undefined) &&
					!(field === 'followUpBy' && followUpBy !== undefined) &&
					!(field === 'aboutAlcohol' && aboutAlcohol !== undefined),
			);
			return this.#put({
				...(name === undefined ? {} : { name, names: [] }),
				...(agreement === undefined ? {} : { agreement, agreements: [] }),
				...(aboutAlcohol === undefined ? {} : { aboutAlcohol }),
				...(opening === undefined ? {} : { opening: opening.trim() }),
				...(closing === undefined ? {} : { closing: closing.trim() }),
				followUp: who === '' ? null : { who, by },
				contested: open,
			});
		},
		addHelpline: ({ cmd: _, circle: __, ...given }) => {
			const line = trimmed(given);
			const wrong = this.#wrong(line);
			if (wrong) return wrong;
			const item = `00000${++this.#count}newwwwww`.slice(0, 14);
			const own = circle.helplines.filter(({ fromOrganisation }) => !fromOrganisation);
			const made = { ...line, item, fromOrganisation: false, contested: [] };
			return this.#put({ helplines: [...own, made, ...circle.helplines.slice(own.length)] });
		},
		setHelpline: ({ cmd: _, circle: __, item, ...given }) => {
			const found = circle.helplines.find((one) => one.item === item);
			if (!found) return problem('unknown-document');
			const contested = found.contested.filter(({ field }) => !(field in given));
			const line = { ...found, ...trimmed({ ...found, ...given }), contested };
			const wrong = this.#wrong(line);
			if (wrong) return wrong;
			return this.#put({ helplines: circle.helplines.map((one) => (one === found ? line : one)) });
		},
		removeHelpline: ({ item }) => {
			if (!this.leads()) return problem('not-allowed');
			if (!circle.helplines.some((one) => one.item === item)) return problem('unknown-document');
			return this.#put({ helplines: circle.helplines.filter((one) => one.item !== item) });
		},
	};

	#wrong({ name, phone, sms, region, hours, language, checked }: Line): KithProblem | null {
		if (!this.leads()) return problem('not-allowed');
		if (isBlank(name) || (phone === '' && sms === '')) return problem('empty');
		const over = Math.max(
			...[name, region, hours, language].map((one) => one.length - limits.helpline.graphemes),
			...[phone, sms].map((one) => one.length - limits.number.graphemes),
		);
		if (over > 0) return { ...problem('too-long'), count: over };
		if ([phone, sms].some((one) => one !== '' && !isNumber(one))) return problem('bad-input', 'number');
		return checked === null || isDay(checked) ? null : problem('bad-input');
	}

	#put(change: Partial<Circle>): Circle {
		Object.assign(circle, change);
		this.tell('circle');
		return circle;
	}
}

function trimmed(line: Line): Line {
	const { name, phone, sms, region, hours, language, checked } = line;
	const text = (one: string): string => one.trim();
	return {
		name: text(name),
		phone: text(phone),
		sms: text(sms),
		region: text(region),
		hours: text(hours),
		language: text(language),
		checked,
	};
}
