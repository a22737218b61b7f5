/** The stand-in's plan for hard moments. */
import type { Command, KithProblem, ListName, PlanLine, PlanPart, Replies } from '../bridge/contract';
import { limits, over } from '../words/graphemes';
import { problem } from './fake-edit';

type Name = 'plan' | 'addPlanLine' | 'removePlanLine';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

const hoursAgo = (hours: number): number => Date.now() - hours * 3_600_000;

const line = (key: string, part: PlanPart, text: string, phone = ''): PlanLine => ({
	key,
	part,
	text,
	phone,
	madeMs: hoursAgo(100 - Number(key.slice(1))),
	body: 'here',
	replaces: null,
	safety: 'safe',
});

/** One that reads like life. */
export function samplePlan(): PlanLine[] {
	return [
		line('p1', 'signs', 'I stop answering, even my sister.'),
		line('p2', 'signs', 'Two nights with the light on.'),
		line('p3', 'myself', 'Shoes on, once around the field, slowly.'),
		line('p4', 'myself', 'The song from the choir, aloud.'),
		line('p5', 'distract', 'Mama Otieno’s stall. She always needs a hand with the sacks.'),
		line('p6', 'ask', 'My sister Achieng. She said: at any hour.', '+1 202 555 0134'),
		line('p7', 'ask', 'Joseph, from the circle.', '+1 202 555 0155'),
		line('p8', 'professionals', 'The clinic, ask for Sister Wambui.', '+1 202 555 0188'),
		line('p9', 'safer', 'Achieng keeps my tablets, and gives me two days at a time.'),
	];
}

/** A plan in memory. `tell`: has the page ask for a list again. */
export class FakePlan {
	lines: PlanLine[] = samplePlan();
	#count = 0;

	constructor(private readonly tell: (what: ListName) => void) {}

	readonly answers: Answers = {
		plan: () => ({ lines: inOrder(this.lines) }),
		addPlanLine: ({ part, text, phone, replaces }) => {
			if (text.trim() === '') return problem('empty');
			if (phone.trim() !== '' && !/^[0-9 +*#()/.-]*[0-9][0-9 +*#()/.-]*$/.test(phone.trim()))
				return problem('bad-input', 'number');
			if (over(text.trim(), limits.item) > 0) return problem('too-long');
			if (replaces !== null && !this.lines.some(({ key }) => key === replaces))
				return problem('unknown-document');
			const made: PlanLine = {
				key: `p${++this.#count}new`,
				part,
				text: text.trim(),
				phone: phone.trim(),
				madeMs: Date.now(),
				body: 'here',
				replaces,
				safety: 'phone',
			};
			this.#put([...this.lines.filter(({ key }) => key !== replaces), made]);
			return made;
		},
		removePlanLine: ({ key }) => {
			if (!this.lines.some((one) => one.key === key)) return problem('unknown-document');
			this.#put(this.lines.filter((one) => one.key !== key));
			return null;
		},
	};

	/** Another phone of its person put another line in the place of one that this one changed, too. */
	changedElsewhere(replaces: string, text: string): void {
		const part = this.lines.find((one) => one.replaces === replaces)?.part ?? 'signs';
		this.#put([...this.lines, { ...line(`p${50 + ++this.#count}`, part, text), replaces }]);
	}

	#put(lines: PlanLine[]): void {
		this.lines = lines;
		this.tell('plan');
	}
}

const ORDER: readonly (PlanPart | null)[] = [
	'signs',
	'myself',
	'distract',
	'ask',
	'professionals',
	'safer',
	null,
];

function inOrder(lines: readonly PlanLine[]): PlanLine[] {
	const rank = ({ part }: PlanLine): number => ORDER.indexOf(part);
	return [...lines].sort((a, b) => rank(a) - rank(b) || a.madeMs - b.madeMs);
}
