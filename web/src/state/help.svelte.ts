/** Whom the circle's people can call, and what its facilitators say of the circle beside it. */
import type { Circle, Command, Contested, DayNumber, Helpline } from '$bridge';
import { today } from '../words/dates';
import { inOrder } from '../words/sort';
import { CircleActs } from './circle-acts.svelte';

/** The texts of a helpline, in the order in which they are asked for. */
export const LINE_FIELDS = ['name', 'phone', 'sms', 'region', 'hours', 'language'] as const;

/** One of the texts of a helpline. */
export type LineField = (typeof LINE_FIELDS)[number];

/** What is entered of a helpline. */
export type Line = Pick<Helpline, LineField | 'checked'>;

type Decision = Omit<Extract<Command, { cmd: 'setCircle' }>, 'cmd' | 'circle'>;
type LineChange = Omit<Extract<Command, { cmd: 'setHelpline' }>, 'cmd' | 'circle' | 'item'>;

/** After so many days somebody should call a number again, to make sure: half a year. */
const CHECK_AGAIN_DAYS = 183;

/** A circle's helplines, and what is decided with them. */
export class CircleHelp extends CircleActs {
	/** The helpline of an id; null when it is not here. */
	of(item: string | null): Helpline | null {
		return (item !== null && this.circle.value?.helplines.find((one) => one.item === item)) || null;
	}

	/** Enters one. Each act tells whether it was done; if not, {@link problem} says why. */
	add(line: Line): Promise<boolean> {
		return this.decided(() =>
			this.bridge.ask<'addHelpline'>({ cmd: 'addHelpline', circle: this.id, ...line }),
		);
	}

	/** Changes what is given of one, and nothing else. */
	change(item: string, given: LineChange): Promise<boolean> {
		return this.decided(() =>
			this.bridge.ask<'setHelpline'>({ cmd: 'setHelpline', circle: this.id, item, ...given }),
		);
	}

	/** Removes one, for everyone. */
	remove(item: string): Promise<boolean> {
		return this.decided(() =>
			this.bridge.ask<'removeHelpline'>({ cmd: 'removeHelpline', circle: this.id, item }),
		);
	}

	/** Says who follows up, or what the circle is about. */
	decide(given: Decision): Promise<boolean> {
		return this.decided(() => this.bridge.ask<'setCircle'>({ cmd: 'setCircle', circle: this.id, ...given }));
	}
}

/** Whether nobody made sure of a helpline for half a year. */
export function isOld(checked: DayNumber | null, now = today()): boolean {
	return checked === null || now - checked > CHECK_AGAIN_DAYS;
}

/** The names of those who can enter helplines, without this phone's own person. */
export function whomToAsk({ members }: Circle): string[] {
	const leading = members.filter(({ role, me, name }) => role === 'facilitator' && !me && name !== '');
	return inOrder(leading).map(({ name }) => name);
}

/** The values of one field that stand beside each other. */
export function valuesOf(contested: readonly Contested[], of: Contested['field']): Contested[] {
	return contested.filter(({ field }) => field === of);
}
