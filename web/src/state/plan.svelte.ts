/** One's own plan for hard moments: six parts, in own words, for nobody else. */
import type {
	Bridge,
	CardHelpline,
	CardLine,
	CircleId,
	LockCard,
	Plan,
	PlanLine,
	PlanLineKey,
	PlanPart,
} from '$bridge';
import { Acts, type Done } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** The parts, in the order in which they are gone through. */
export const PARTS = [
	'signs',
	'myself',
	'distract',
	'ask',
	'professionals',
	'safer',
] as const satisfies readonly PlanPart[];

/** The parts whose lines may have a number to call. */
export const WITH_NUMBERS: readonly PlanPart[] = ['distract', 'ask', 'professionals'];

/** What stands in one part. */
export interface Part<L> {
	part: PlanPart;
	lines: L[];
}

/** The plan of this phone's person in one circle. */
export class OwnPlan extends Acts {
	readonly plan: Resource<Plan>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		super();
		this.plan = new Resource(() => bridge.ask<'plan'>({ cmd: 'plan', circle }));
	}

	/** Its lines, versions of one behind each other; none before they came. */
	get lines(): readonly PlanLine[] {
		return together(this.plan.value?.lines ?? []);
	}

	/** How many of its lines are not here. */
	get absent(): number {
		return this.lines.filter(({ part }) => part === null).length;
	}

	/** Keeps it fresh until the returned function is called. */
	start(): () => void {
		return this.plan.start(this.bridge, (notice) => lists(notice, this.circle, 'plan'));
	}

	/** Writes a line, in the place of another if one is named. Whether that was done; else {@link problem} says why not. */
	async write(part: PlanPart, text: string, phone: string, replaces: PlanLineKey | null): Promise<boolean> {
		const { circle } = this;
		return this.#act(() =>
			this.bridge.ask<'addPlanLine'>({ cmd: 'addPlanLine', circle, part, text, phone, replaces }),
		);
	}

	/** Takes a line out, for good. Whether that was done. */
	async remove(key: PlanLineKey): Promise<boolean> {
		return this.#act(() => this.#remove(key));
	}

	/** Of several versions of a line this one stays. Whether that was done; stopped in the middle, it is done again. */
	async keepOnly(line: PlanLine): Promise<boolean> {
		return this.#act(async () => {
			for (const other of versionsOf(this.lines, line)) {
				const reply = await this.#remove(other.key);
				if (!reply.ok) return reply;
			}
			return { ok: true };
		});
	}

	#remove(key: PlanLineKey): Promise<Done> {
		return this.bridge.ask<'removePlanLine'>({ cmd: 'removePlanLine', circle: this.circle, key });
	}

	#act(act: () => Promise<Done>): Promise<boolean> {
		return this.done(act, () => this.plan.load());
	}
}

/** The other versions of a line, where two phones put another in the place of the same one. */
export function versionsOf(lines: readonly PlanLine[], line: PlanLine): PlanLine[] {
	if (line.replaces === null) return [];
	return lines.filter(({ key, replaces }) => replaces === line.replaces && key !== line.key);
}

/** Lines in their order, versions of one behind each other. */
export function together(lines: readonly PlanLine[]): PlanLine[] {
	const first = (line: PlanLine): PlanLine =>
		lines.find((one) => line.replaces !== null && one.replaces === line.replaces) ?? line;
	return lines.flatMap((line) => (first(line) === line ? [line, ...versionsOf(lines, line)] : []));
}

/** In which part a line is read, and as its how-manieth from 0; null for one that is not here. */
export function placeOf(lines: readonly PlanLine[], key: PlanLineKey): { part: PlanPart; at: number } | null {
	const here = lines.filter(({ body }) => body === 'here');
	const found = here.find((line) => line.key === key);
	if (!found || found.part === null) return null;
	return { part: found.part, at: here.filter(({ part }) => part === found.part).indexOf(found) };
}

/** The parts in their order, each with its lines. */
export function byPart<L extends { part: PlanPart | null }>(lines: readonly L[]): Part<L>[] {
	return PARTS.map((part) => ({ part, lines: lines.filter((line) => line.part === part) }));
}

/** What the lock screen shows of a card: of all its circles together, a helpline that several have once. */
export function shownOf(card: LockCard): { lines: CardLine[]; helplines: CardHelpline[] } {
	const helplines = card.circles.flatMap((one) => one.helplines);
	return {
		lines: card.circles.flatMap(({ plan }) => plan ?? []),
		helplines: helplines.filter(
			(one, at) => helplines.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at,
		),
	};
}
