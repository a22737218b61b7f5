/** What the stand-in's person chose about others. */
import type { Choice, Command, KithProblem, ListName, Replies } from '../bridge/contract';
import { problem } from './fake-edit';
import { circle } from './sample';

type Name = 'choices' | 'choose';
type Answers = { [C in Name]: (command: Extract<Command, { cmd: C }>) => Replies[C] | KithProblem };

/** Choices in memory. `tell`: has the page ask for a list again. */
export class FakeChoices {
	choices: Choice[] = [];

	constructor(private readonly tell: (what: ListName) => void) {}

	readonly answers: Answers = {
		choices: () => ({ choices: this.choices }),
		choose: ({ choice: kind, member, on }) => {
			if (member === circle.me.member) return problem('bad-input');
			const others = this.choices.filter((one) => one.kind !== kind || one.member !== member);
			this.choices = on ? [...others, { kind, member }] : others;
			this.tell('choices');
			return null;
		},
	};

	/** Whether something was chosen about a member. */
	has(kind: Choice['kind'], member: string): boolean {
		return this.choices.some((one) => one.kind === kind && one.member === member);
	}
}
