/** What is asked before somebody else is touched, and what is said once it is done. */
import type { MemberId, OpenInvite, Person, Returned } from '$bridge';
import { peopleWords as words, roomWords } from '../words';
import { list } from '../words/dates';
import type { CirclePeople } from './people.svelte';
import { isolate } from '../words/isolate';

/** A question before an act. */
export interface Question {
	title: string;
	text: string;
	yes: string;
	/** Who would be taken out: more is to be seen and chosen before the answer. */
	leaving: Person | null;
	/** It takes somebody, or a phone of theirs, out. */
	danger?: boolean;
	/** What is said when it is done. */
	done: () => string;
	act: () => Promise<boolean>;
}

/** What a person should be called, also before their name came. */
export function nameOf(person: Person): string {
	return isolate(person.name || roomWords.home.unnamed);
}

/** A sentence about somebody. */
type Named = (given: { name: string }) => string;

/** The questions of one circle's screen of people; one at a time. */
export class Asking {
	question = $state.raw<Question | null>(null);
	/** Whom else to take out, while that is asked. */
	also = $state.raw<MemberId[]>([]);
	/** The last thing that was done, as a sentence. */
	happened = $state('');

	constructor(private readonly circlePeople: CirclePeople) {}

	/** Lets in a person who waits, at once: it is undone by taking them out. */
	letIn(person: Person): Promise<boolean> {
		return this.#act(
			() => this.circlePeople.confirm(person.member),
			() => words.people.confirmed({ name: nameOf(person) }),
		);
	}

	/** Brings back a person who is out. */
	bringBack(person: Person): void {
		const { bringBackAsk, bringBackMeans, bringBackYes, broughtBack } = words.people;
		this.#about(person, bringBackAsk, bringBackMeans, bringBackYes, broughtBack, () =>
			this.circlePeople.confirm(person.member),
		);
	}

	/** Makes a member a facilitator. */
	promote(person: Person): void {
		const { promoteAsk, promoteMeans, promoteYes, promoted } = words.people;
		this.#about(person, promoteAsk, promoteMeans, promoteYes, promoted, () =>
			this.circlePeople.promote(person.member),
		);
	}

	/** Makes a facilitator a member. */
	demote(person: Person): void {
		const { demoteAsk, demoteMeans, demoteYes, demoted } = words.people;
		const text = (given: { name: string }): string => `${demoteMeans(given)} ${words.people.oncePerDay}`;
		this.#about(person, demoteAsk, text, demoteYes, demoted, () => this.circlePeople.demote(person.member));
	}

	/** Takes a person out, and whoever is ticked of those whom they let in. */
	remove(person: Person): void {
		const name = nameOf(person);
		this.also = [];
		this.question = {
			title: words.people.removeAsk({ name }),
			text: words.people.removeMeans({ name }),
			yes: words.people.removeYes,
			leaving: person,
			danger: true,
			done: () => this.#removed(person),
			act: () => this.circlePeople.remove(person.member, this.also),
		};
	}

	/** Takes a phone or printed code out. */
	lost(person: Person, device: string): void {
		this.question = {
			title: words.people.lostAsk,
			text: words.people.lostMeans({ name: nameOf(person) }),
			yes: words.people.lostYes,
			leaving: null,
			danger: true,
			done: () => words.people.lostDone,
			act: () => this.circlePeople.removeDevice(device),
		};
	}

	/** Ends an invitation. */
	withdraw({ invite }: OpenInvite): void {
		const { ask: title, means: text, yes, done } = words.invites;
		const act = (): Promise<boolean> => this.circlePeople.withdraw(invite);
		this.question = { title, text, yes, leaving: null, done: () => done, act };
	}

	/** Goes on with one of two histories. */
	goOn(side: 'ours' | 'theirs'): void {
		const { askOurs, askTheirs, meansOurs, meansTheirs, yes, done } = words.fork;
		const ours = side === 'ours';
		this.question = {
			title: ours ? askOurs : askTheirs,
			text: ours ? meansOurs : meansTheirs,
			yes,
			leaving: null,
			done: () => done,
			act: () => this.circlePeople.goOn(side),
		};
	}

	/** Asks anew what the server did not take. It is dismissed once it was said again. */
	again({ statement, what, who, thing }: Returned): void {
		const person = this.circlePeople.person(who);
		const invite = this.circlePeople.list.value?.invites.find((one) => one.invite === thing);
		if (what === 'withdraw' && invite) this.withdraw(invite);
		else if (!person) return;
		else if (what === 'remove') this.remove(person);
		else if (what === 'removeDevice') this.lost(person, thing);
		else if (what === 'promote') this.promote(person);
		else if (what === 'demote') this.demote(person);
		else if (person.standing === 'removed') this.bringBack(person);
		else void this.letIn(person).then((done) => done && this.circlePeople.dismiss(statement));
		const asked = this.question;
		if (!asked) return;
		const act = async (): Promise<boolean> => (await asked.act()) && this.circlePeople.dismiss(statement);
		this.question = { ...asked, act };
	}

	/** Leaves what the server did not take as it is. */
	leave({ statement }: Returned): Promise<boolean> {
		return this.#act(
			() => this.circlePeople.dismiss(statement),
			() => words.returned.left,
		);
	}

	/** The question is answered. */
	async answered(yes: boolean): Promise<void> {
		const asked = this.question;
		this.question = null;
		if (yes && asked) await this.#act(asked.act, asked.done);
	}

	#about(
		person: Person,
		title: Named,
		text: Named,
		yes: string,
		done: Named,
		act: () => Promise<boolean>,
	): void {
		const name = nameOf(person);
		this.question = {
			title: title({ name }),
			text: text({ name }),
			yes,
			leaving: null,
			done: () => done({ name }),
			act,
		};
	}

	#removed(person: Person): string {
		const others = this.also.flatMap((member) => this.circlePeople.person(member) ?? []);
		return words.people.removed({ names: list([person, ...others].map(nameOf)), count: 1 + others.length });
	}

	async #act(doing: () => Promise<boolean>, done: () => string): Promise<boolean> {
		this.happened = '';
		const worked = await doing();
		if (worked) this.happened = done();
		return worked;
	}
}
