/** Two phones, no network: each shows a code to the other, then both show the same words. */
import type { Bridge, CircleId, CircleSummary, KithProblem, MemberId, Person, Role } from '$bridge';
import { wordsFor, type Compared } from '../words/compare';

/** What `done` is for who comes in: they are in; for who lets in: they let in. `stopped`: the words differed. */
export type MeetStep = 'begin' | 'show' | 'scan' | 'words' | 'done' | 'stopped';

/** What both sides have in common. */
class Meeting {
	step = $state<MeetStep>('begin');
	/** The code that this phone shows; empty while it shows none. */
	qr = $state('');
	/** The six words. */
	words = $state.raw<Compared[]>([]);
	working = $state(false);
	problem = $state.raw<KithProblem | null>(null);

	/** From the start, as if nothing had happened. */
	again(): void {
		this.step = 'begin';
		this.qr = '';
		this.words = [];
		this.problem = null;
	}

	protected async ask<T>(
		asked: () => Promise<{ ok: true; value: T } | { ok: false; problem: KithProblem }>,
	): Promise<T | null> {
		if (this.working) return null;
		this.working = true;
		const reply = await asked();
		this.working = false;
		this.problem = reply.ok ? null : reply.problem;
		return reply.ok ? reply.value : null;
	}
}

/** The new phone's side: shows who it is, scans the answer, compares. */
export class Newcomer extends Meeting {
	name = $state('');
	nameMissing = $state(false);
	/** The circle that it came into. */
	circle = $state.raw<CircleSummary | null>(null);

	constructor(private readonly bridge: Pick<Bridge, 'ask'>) {
		super();
	}

	/** Makes the code to show. */
	async show(): Promise<void> {
		const name = this.name.trim();
		this.nameMissing = name === '';
		if (this.nameMissing) return;
		const offer = await this.ask(() => this.bridge.ask<'qrAsk'>({ cmd: 'qrAsk', name }));
		if (!offer) return;
		this.qr = offer.qr;
		this.step = 'show';
	}

	/** Takes what was scanned or typed. */
	async take(qr: string): Promise<void> {
		const taken = await this.ask(() => this.bridge.ask<'qrTake'>({ cmd: 'qrTake', qr: tidied(qr) }));
		if (!taken) return;
		this.circle = taken.circle;
		this.words = wordsFor(taken.words);
		this.step = 'words';
	}

	/** Whether the words were the same on both phones. */
	compared(same: boolean): void {
		this.step = same ? 'done' : 'stopped';
	}
}

/** The facilitator's side: scans, answers, compares; takes out again whom it let in when the words differ. */
export class Host extends Meeting {
	role = $state<Role>('member');
	past = $state(false);
	/** The words differed, and who was let in could not be taken out again. */
	undoFailed = $state(false);
	/** The name of whom it let in, by their own phone. */
	guest = $state('');
	#before: readonly string[] = [];

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		private readonly circle: CircleId,
		/** Who comes back with a new phone; null for someone new. */
		private readonly member: MemberId | null,
	) {
		super();
	}

	/** Answers what was scanned or typed. */
	async grant(qr: string): Promise<void> {
		if (this.working) return;
		const { circle, role, past, member } = this;
		this.#before = (await this.#devices()).map(({ device }) => device);
		const grant = await this.ask(() =>
			this.bridge.ask<'qrGrant'>({ cmd: 'qrGrant', circle, qr: tidied(qr), role, past, member }),
		);
		if (!grant) return;
		this.qr = grant.qr;
		this.words = wordsFor(grant.words);
		this.step = 'show';
		this.guest = grant.name;
	}

	/** Whether the words were the same on both phones; when not, who was let in is taken out again. */
	async compared(same: boolean): Promise<void> {
		if (same) {
			this.step = 'done';
			return;
		}
		this.undoFailed = !(await this.#undo());
		this.step = 'stopped';
	}

	override again(): void {
		super.again();
		this.undoFailed = false;
		this.guest = '';
	}

	async #devices(): Promise<{ device: string; person: Person }[]> {
		const reply = await this.bridge.ask<'people'>({ cmd: 'people', circle: this.circle });
		if (!reply.ok) return [];
		return reply.value.people.flatMap((person) => person.devices.map(({ device }) => ({ device, person })));
	}

	async #fresh(): Promise<{ device: string; person: Person }[]> {
		return (await this.#devices()).filter(({ device }) => !this.#before.includes(device));
	}

	async #undo(): Promise<boolean> {
		const fresh = await this.#fresh();
		const { circle } = this;
		let undone = fresh.length > 0;
		for (const { device, person } of fresh) {
			const reply =
				this.member === null
					? await this.bridge.ask<'remove'>({ cmd: 'remove', circle, member: person.member, also: [] })
					: await this.bridge.ask<'removeDevice'>({ cmd: 'removeDevice', circle, device });
			undone &&= reply.ok;
		}
		return undone;
	}
}

/** A pasted code without the white space that other apps put into long texts; codes themselves have none. */
function tidied(qr: string): string {
	return qr.replace(/\s+/g, '');
}
