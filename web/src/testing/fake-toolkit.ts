/** The stand-in's toolkit. */
import type { Command, KithProblem, ListName, Moment, Replies, Strategy } from '../bridge/contract';
import { MOMENTS } from '../state/toolkit.svelte';
import { MOMENTS_MAX } from '../words/graphemes';
import { problem } from './fake-edit';
import { withHidden } from './fake-hidden';
import { circle } from './sample';

/** Where a later version's list begins. */
const LATER_FROM = MOMENTS.length + 1;

type Name = 'toolkit' | 'addStrategy' | 'helped' | 'takeBackStrategy' | 'hideStrategy';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

const hoursAgo = (hours: number): number => Date.now() - hours * 3_600_000;

/** Of people in the sample's circle. */
export function sampleStrategies(): Strategy[] {
	const blank = { left: false, body: 'here', hidden: null, adaptedFrom: null, safety: 'safe' } as const;
	return [
		{
			...blank,
			key: 's1',
			author: 'm8',
			authorName: 'Grace',
			mine: false,
			madeMs: hoursAgo(200),
			title: 'Five things I can see',
			text: 'I stop where I am. I say five things that I can see, four that I can touch, three that I can hear.\nSlowly. Then I breathe out, longer than in.',
			moments: [{ moment: 'panic' }, { moment: 'flashback' }],
			helped: ['Baraka', 'Njeri'],
			helpedMe: true,
		},
		{
			...blank,
			key: 's2',
			author: 'm1',
			authorName: 'Baraka',
			mine: false,
			madeMs: hoursAgo(90),
			title: 'Call before, not after',
			text: 'Before I speak with my brother I call Joseph for two minutes. He asks one thing: what do you want to have said?',
			moments: [{ moment: 'hardTalk' }, { moment: 'own', word: 'Family days' }],
			helped: [],
			helpedMe: false,
		},
		{
			...blank,
			key: 's3',
			author: 'm0',
			authorName: 'Ana',
			mine: true,
			madeMs: hoursAgo(30),
			title: 'Five things, with my daughter',
			text: 'The same as Grace’s, but we do it together, aloud, and she picks the colour.',
			moments: [{ moment: 'panic' }, { moment: 'anyTime' }],
			adaptedFrom: 's1',
			helped: ['Grace'],
			helpedMe: false,
		},
		{
			...blank,
			key: 's4',
			author: 'm3',
			authorName: 'Joseph',
			mine: false,
			madeMs: hoursAgo(5),
			title: 'Radio, low, all night',
			text: 'Voices in another language, so that I do not listen. I turn it on before I lie down.',
			moments: [{ moment: 'sleepless' }, { moment: 'alone' }],
			helped: [],
			helpedMe: false,
		},
	];
}

/** Strategies in memory. `tell`: has the page ask for a list again. */
export class FakeToolkit {
	strategies: Strategy[] = sampleStrategies();
	#count = 0;

	constructor(
		private readonly tell: (what: ListName) => void,
		private readonly leads: () => boolean,
	) {}

	readonly answers: Answers = {
		toolkit: () => this.strategies,
		addStrategy: ({ title, text, moments, adaptedFrom }) => {
			const kept = once(moments);
			if (kept === null) return problem('bad-input');
			if (kept.some((one) => one.moment === 'own' && one.word === '')) return problem('empty');
			if (kept.length > MOMENTS_MAX) return problem('too-long');
			if (adaptedFrom !== null && !this.strategies.some(({ key }) => key === adaptedFrom))
				return problem('unknown-document');
			const { member, name } = circle.me;
			const made: Strategy = {
				key: `s${++this.#count}new`,
				author: member,
				authorName: name,
				mine: true,
				left: false,
				madeMs: Date.now(),
				title: title.trim(),
				text: text.trim(),
				moments: kept,
				body: 'here',
				hidden: null,
				adaptedFrom,
				helped: [],
				helpedMe: false,
				safety: 'phone',
			};
			this.#put([...this.strategies, made]);
			return made;
		},
		helped: ({ key, on }) => {
			const found = this.strategies.find((one) => one.key === key);
			if (!found || found.body === 'gone') return problem('unknown-document');
			this.#put(this.strategies.map((one) => (one === found ? { ...one, helpedMe: on } : one)));
			return null;
		},
		takeBackStrategy: ({ key }) => {
			const found = this.strategies.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			if (!found.mine) return { ...problem('not-allowed'), why: 'not-yours' };
			const gone = { ...found, title: '', text: '', moments: [], body: 'gone', hidden: null } as const;
			this.#put(this.strategies.map((one) => (one === found ? { ...gone, moments: [] } : one)));
			return null;
		},
		hideStrategy: ({ key, on }) => {
			const after = withHidden(this.strategies, key, on, this.leads());
			if (!Array.isArray(after)) return after;
			this.#put(after);
			return null;
		},
	};

	#put(strategies: Strategy[]): void {
		this.strategies = strategies;
		this.tell('toolkit');
	}
}

/** Each moment once, those of the list by their names; null when one is none. */
function once(moments: readonly Moment[]): Moment[] | null {
	const kept: Moment[] = [];
	for (const given of moments) {
		let moment = given;
		if (given.moment === 'own') moment = { moment: 'own', word: given.word.trim() };
		if (given.moment === 'later' && given.code < LATER_FROM) {
			const listed = MOMENTS[given.code - 1];
			if (!listed) return null;
			moment = { moment: listed };
		}
		if (!kept.some((one) => JSON.stringify(one) === JSON.stringify(moment))) kept.push(moment);
	}
	return kept;
}
