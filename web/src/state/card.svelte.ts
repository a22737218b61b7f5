/**
 * Keeps what the lock screen shows as it should be while the vault is open: helplines of the circles that its person is
 * in, and their plan where they chose so. Read and written by one tab after the other; what another phone of theirs
 * changed, or what was left undone when the app was killed, is made up for at the next look.
 */
import type {
	Bridge,
	CardCircle,
	CardHelpline,
	CardLine,
	CircleId,
	CircleSummary,
	Door,
	DoorReply,
	DoorStanding,
	Helpline,
	LockCard,
	Notice,
	Plan,
} from '$bridge';
import { door as page } from './door.svelte';
import { bridge } from './engine';
import { together } from './plan.svelte';
import { lists } from './resource.svelte';

type Doorway = Pick<Door, 'card' | 'changeCard'>;

/** The card of the open vault. */
export class Card {
	/** The circles whose plan opens without the PIN; null: not known yet. */
	open = $state.raw<readonly CircleId[] | null>(null);
	/** Why the card is not as it should be; null: it is. */
	refused = $state.raw<DoorReply | null>(null);
	/** It is being turned on or off. */
	working = $state(false);
	#stop: (() => void) | null = null;
	#looking: Promise<void> | null = null;
	#again = false;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly door: () => Doorway,
		private readonly standing: () => DoorStanding,
	) {}

	/** Looks now, and whenever a plan, helplines or who is in changes; a second call does nothing. */
	start(): void {
		this.#stop ??= this.bridge.listen((notice) => {
			if (concerns(notice)) void this.look();
		});
		void this.look();
	}

	/** No longer follows. */
	stop(): void {
		this.#stop?.();
		this.#stop = null;
	}

	/** Makes the card what it should be now; without a PIN there is none. Resolves after a look that began no earlier. */
	look(): Promise<void> {
		if (this.#looking) this.#again = true;
		else this.#looking = this.#looks();
		return this.#looking;
	}

	/** Keeps a circle's plan open, or closes it again; shown once it is durable. Whether that was done. */
	async turn(circle: CircleId, on: boolean): Promise<boolean> {
		if (this.working) return false;
		this.working = true;
		const reply = await this.#change(circle, on);
		this.working = false;
		return reply === 'done';
	}

	async #looks(): Promise<void> {
		do {
			this.#again = false;
			await this.#change(null, false);
		} while (this.#again);
		this.#looking = null;
	}

	async #change(circle: CircleId | null, on: boolean): Promise<DoorReply> {
		if (!this.standing().open?.pin) {
			this.open = [];
			return 'failed';
		}
		let taken = true;
		const reply = await this.door().changeCard(async (before) => {
			const next = await this.#built(before, circle, on);
			taken = next !== undefined;
			return next === undefined ? before : next;
		});
		this.refused = taken ? (reply === 'done' ? null : reply) : 'failed';
		const vault = this.standing().open?.vault;
		this.open = openOf(vault === undefined ? null : await this.door().card(vault));
		return this.refused ?? 'done';
	}

	/**
	 * The card as it should be; undefined: a plan that was to be opened could not be read. Whatever can't be asked stays as
	 * it was, but closing a plan needs nobody.
	 */
	async #built(
		before: LockCard | null,
		turned: CircleId | null,
		on: boolean,
	): Promise<LockCard | null | undefined> {
		if (turned !== null && !on) return closed(before, turned);
		const reply = await this.bridge.ask<'circles'>({ cmd: 'circles' });
		if (!reply.ok) return turned !== null ? undefined : before;
		const circles: CardCircle[] = [];
		for (const { circle } of reply.value.filter(isIn)) {
			const known = before?.circles.find((one) => one.circle === circle);
			const isOpen = turned === circle || (known?.plan ?? null) !== null;
			const plan = isOpen ? await this.#plan(circle, known?.plan ?? null) : null;
			if (isOpen && plan === null) return undefined;
			const of = await this.bridge.ask<'circle'>({ cmd: 'circle', circle });
			const helplines = of.ok ? of.value.helplines.map(shownHelpline) : (known?.helplines ?? []);
			circles.push({ circle, plan, helplines });
		}
		return filled(circles);
	}

	async #plan(circle: CircleId, known: CardLine[] | null): Promise<CardLine[] | null> {
		const reply = await this.bridge.ask<'plan'>({ cmd: 'plan', circle });
		return reply.ok ? linesOf(reply.value) : known;
	}
}

function concerns(notice: Notice): boolean {
	return (['plan', 'circle', 'circles'] as const).some((what) => lists(notice, null, what));
}

/** Whoever was taken out has nothing of the circle on the lock screen. */
function isIn({ standing }: CircleSummary): boolean {
	return standing !== 'removed';
}

function openOf(card: LockCard | null): CircleId[] {
	return (card?.circles ?? []).filter(({ plan }) => plan !== null).map(({ circle }) => circle);
}

/** A card without one circle's plan. */
function closed(card: LockCard | null, circle: CircleId): LockCard | null {
	return filled((card?.circles ?? []).map((one) => (one.circle === circle ? { ...one, plan: null } : one)));
}

/** A card of the circles that there is something of; null: of none. */
function filled(circles: readonly CardCircle[]): LockCard | null {
	const some = circles.filter(({ plan, helplines }) => plan !== null || helplines.length > 0);
	return some.length > 0 ? { circles: some } : null;
}

/** A plan's lines as they are read; those whose words are not here are left out. */
export function linesOf({ lines }: Plan): CardLine[] {
	return together(lines).flatMap(({ part, text, phone, body }) =>
		part === null || body !== 'here' ? [] : [{ part, text, phone }],
	);
}

function shownHelpline({ name, phone, sms, region, hours, language, checked }: Helpline): CardHelpline {
	return { name, phone, sms, region, hours, language, checked };
}

/** The page's card. */
export const card = new Card(
	bridge,
	() => page.door,
	() => page.standing,
);
