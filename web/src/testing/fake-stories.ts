/** The stand-in's stories and milestones. */
import type { Command, KithProblem, ListName, Replies, Story } from '../bridge/contract';
import { limits, over } from '../words/graphemes';
import { isBlank, isDay, problem } from './fake-edit';
import { withHidden } from './fake-hidden';
import { circle } from './sample';

type Name = 'stories' | 'addStory' | 'reactToStory' | 'hideStory' | 'endStory';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** Most people who are chosen for one story. */
const CHOSEN_MAX = 32;

const told = (key: string, at: number, change: Partial<Story>): Story => ({
	key,
	author: 'm3',
	authorName: circle.members[3]?.name ?? '',
	mine: false,
	left: false,
	madeMs: Date.now() - at * 3_600_000,
	told: null,
	body: 'here',
	hidden: null,
	everyone: true,
	to: [],
	reactions: [],
	safety: 'safe',
	...change,
});

/** Some that read like life. */
export function sampleStories(): Story[] {
	return [
		told('story3', 2, {
			told: {
				kind: 'milestone',
				day: Math.floor(Date.now() / 86_400_000) - 1,
				text: 'I called my sister first.',
			},
			reactions: [{ kind: 'withYou', names: ['Baraka'], mine: false }],
		}),
		told('story2', 30, {
			told: {
				kind: 'story',
				title: 'The heron',
				text: 'I went back to the river on Sunday. The heron was there, as if nothing had happened. I stayed until it flew.',
				endsMs: Date.now() + 5 * 86_400_000,
			},
		}),
		told('story1', 200, {
			everyone: false,
			told: {
				kind: 'story',
				title: 'For few',
				text: 'Thank you for the tea, and for asking nothing.',
				endsMs: null,
			},
		}),
	];
}

/** Stories in memory. `tell`: has the page ask for a list again. */
export class FakeStories {
	all: Story[] = sampleStories();
	#count = 0;

	/** `leads`: whether this phone's person is a facilitator. */
	constructor(
		private readonly tell: (what: ListName) => void,
		private readonly leads: () => boolean = () => true,
	) {}

	readonly answers: Answers = {
		stories: () => this.all.filter((one) => !isOver(one.told)),
		addStory: ({ told: given, to }) => {
			if (isOver(given)) return problem('bad-input', 'end-passed');
			if (given.kind === 'milestone' && given.day > Math.floor(Date.now() / 86_400_000) + 1)
				return problem('bad-input', 'day-to-come');
			const text = given.text.trim();
			const title = given.kind === 'story' ? given.title.trim() : null;
			if (isBlank(text) || (title !== null && isBlank(title))) return problem('empty');
			const long = over(text, limits.story) > 0 || (title !== null && over(title, limits.storyTitle) > 0);
			if (long) return problem('too-long');
			if (given.kind === 'milestone' && !isDay(given.day)) return problem('bad-input');
			if (to.length > CHOSEN_MAX || to.includes(circle.me.member)) return problem('bad-input');
			const people = to.map((member) => circle.members.find((one) => one.member === member));
			if (people.includes(undefined)) return problem('not-allowed', 'other-is-out');
			const made: Story = {
				key: `s${++this.#count}new`,
				author: circle.me.member,
				authorName: circle.me.name,
				mine: true,
				left: false,
				madeMs: Date.now(),
				told: given.kind === 'story' ? { ...given, title: title ?? '', text } : { ...given, text },
				body: 'here',
				hidden: null,
				everyone: to.length === 0,
				to: people.map((one) => one?.name ?? ''),
				reactions: [],
				safety: 'phone',
			};
			this.#put([made, ...this.all]);
			return made;
		},
		reactToStory: ({ key, kind, on }) => {
			const found = this.all.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			const others = found.reactions.filter((one) => one.kind !== kind);
			const names = found.reactions.find((one) => one.kind === kind)?.names ?? [];
			const rest = names.filter((name) => name !== circle.me.name);
			const reaction = { kind, names: on ? [...rest, circle.me.name] : rest, mine: on };
			const reactions = reaction.names.length > 0 ? [...others, reaction] : others;
			this.#put(this.all.map((one) => (one === found ? { ...found, reactions } : one)));
			return null;
		},
		hideStory: ({ key, on }) => {
			if (!this.all.some((one) => one.key === key && one.everyone)) return problem('unknown-document');
			const after = withHidden(this.all, key, on, this.leads());
			if (!Array.isArray(after)) return after;
			this.#put(after);
			return null;
		},
		endStory: ({ key }) => {
			const found = this.all.find((one) => one.key === key);
			if (!found) return problem('unknown-document');
			if (!found.mine) return problem('not-allowed', 'not-yours');
			this.#put(this.all.filter((one) => one !== found));
			return null;
		},
	};

	#put(all: Story[]): void {
		this.all = all;
		this.tell('stories');
	}
}

function isOver(one: Story['told']): boolean {
	return one?.kind === 'story' && one.endsMs !== null && one.endsMs <= Date.now();
}
