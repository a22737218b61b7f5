/**
 * This page's end of the door: which vault is open, with which pass, in step with the browser's other pages.
 * To lock, a page lets its last words be kept, ends its worker and begins anew: so nothing is left in its memory.
 */
import {
	VAULTS_MAX,
	type AutoLockMin,
	type Door,
	type DoorReply,
	type DoorStanding,
	type LockCard,
	type VaultId,
	type VaultSymbol,
	type VaultView,
} from './door';
import type { KithProblem } from './contract';
import { AutoLock } from './autolock';
import { changeCard, readCard } from './card';
import {
	DOOR_CHANNEL,
	DOOR_LOCK,
	OPEN_LOCK,
	type KeyAsk,
	type KeyReply,
	type Pass,
	type ToDoors,
} from './protocol';
import { forget, markHidden, PLAIN_PAGE, START_PAGE, sweep } from './leave';
import { beginLog } from './log';
import { forgetMarks, isRemembered, markFounded } from './marks';
import { openProblem } from '../worker/problems';
import { canTouch, makeTouch, useTouch } from './touch';
import { allVaults, changeVault, getVault, isLost, removeVault, viewOf } from './vaults';
import { Waits } from './waits';
import { askKeys } from './workers';

/** How long another page is waited for that holds an open vault; a frozen one does not answer. */
const OTHERS_MS = 1_500;
/** Last words get this long to be kept before the engine is ended; an empty screen shows meanwhile. */
const FLUSH_MS = 2_000;
/** The same when somebody must be gone at once. */
const HIDE_FLUSH_MS = 500;
/** Pages without the engine hand over what was typed in them before the one that has it ends it. */
const OTHERS_FLUSH_MS = 150;

/** What the door needs of the page. */
export interface Around {
	/** Starts the engine; again with another pass when a PIN came. */
	open: (vault: VaultId, pass: Pass | null) => void;
	/** Has everything that was typed kept. */
	flush: () => Promise<void>;
	/** Ends the engine's worker. */
	end: () => void;
	failed: (problem: KithProblem) => void;
}

/** The door of one page. */
export class Keeper implements Door {
	#standing: DoorStanding = { state: 'starting', open: null, vaults: [], lost: false };
	#pass: Pass | null = null;
	#leaving = false;
	/** Ends when the card is as it was to be changed last. */
	#carding: Promise<unknown> = Promise.resolve();
	readonly #listeners = new Set<(standing: DoorStanding) => void>();
	readonly #channel = new BroadcastChannel(DOOR_CHANNEL);
	readonly #waits = new Waits(changeVault, () => void this.#look().catch(() => {}));
	readonly #auto = new AutoLock(
		() => void this.lock(),
		() => this.#tell({ kind: 'touched' }),
	);

	constructor(private readonly around: Around) {
		this.#channel.addEventListener('message', ({ data }: MessageEvent<ToDoors>) => void this.#hear(data));
	}

	get standing(): DoorStanding {
		return this.#standing;
	}

	listen(listener: (standing: DoorStanding) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Finds out how the phone stands: opens what opens by itself, or what another page has open. */
	async start(): Promise<void> {
		try {
			const first = await navigator.locks.request(DOOR_LOCK, async () => {
				await beginLog().catch(() => {});
				await sweep().catch(() => {});
				return this.#first();
			});
			if (first) return this.#opened(first.vault, first.pass);
			await this.#look();
			if (this.#standing.state === 'open') return;
			if (this.#standing.lost) return this.#stand('locked');
			const [only, ...more] = this.#standing.vaults;
			if (only && !only.pin && more.length === 0) return this.#opened(only.vault, null);
			if (await isOpenElsewhere()) {
				this.#tell({ kind: 'ask' });
				await pause(OTHERS_MS, () => this.#standing.state === 'open');
			}
			if (this.#standing.state === 'starting') this.#stand('locked');
		} catch (error) {
			this.#stand('failed');
			this.around.failed(openProblem(error));
		}
	}

	async openPlain(vault: VaultId): Promise<DoorReply> {
		const view = this.#view(vault);
		if (!view || view.pin) return 'failed';
		await this.#opened(vault, null);
		return 'done';
	}

	async openByPin(vault: VaultId, pin: string): Promise<DoorReply> {
		await this.#waits.keep(vault).catch(() => {});
		return this.#enter(vault, { do: 'pin', vault, pin });
	}

	async openByTouch(vault: VaultId): Promise<DoorReply> {
		const record = await getVault(vault).catch(() => null);
		const secret = record && (await useTouch(record));
		return secret ? this.#enter(vault, { do: 'touch', vault, secret }) : 'cancelled';
	}

	async openNew(): Promise<DoorReply> {
		const { lost, vaults } = this.#standing;
		if (vaults.length >= VAULTS_MAX) return 'failed';
		const reply = await this.#enter(null, { do: 'make' });
		if (!lost || reply !== 'done') return reply;
		forgetMarks();
		for (const { vault } of vaults) await removeVault(vault);
		await this.#changed();
		return reply;
	}

	async setPin(pin: string, old: string | null, symbol: VaultSymbol): Promise<DoorReply> {
		const open = this.#standing.open;
		if (!open) return 'failed';
		const { vault } = open;
		await this.#waits.keep(vault).catch(() => {});
		const { reply, pass } = await askKeys({ do: 'setPin', vault, pin, old, symbol });
		if (reply === 'done' && pass) {
			this.#pass = pass;
			this.around.open(vault, pass);
			this.#tell({ kind: 'open', vault, pass });
		}
		await this.#changed();
		return reply;
	}

	async setAutoLock(minutes: AutoLockMin): Promise<DoorReply> {
		return this.#change((vault) => changeVault(vault, (record) => ({ ...record, autoLockMin: minutes })));
	}

	hasTouch(): Promise<boolean> {
		return canTouch();
	}

	async setTouch(on: boolean): Promise<DoorReply> {
		const open = this.#standing.open;
		if (!on) {
			return this.#change((vault) =>
				changeVault(vault, (record) => ({
					...record,
					slots: record.slots.filter(({ kind }) => kind !== 'touch'),
				})),
			);
		}
		if (!open || !this.#pass) return 'failed';
		const touched = await makeTouch();
		if (!touched) return 'cancelled';
		const { vault } = open;
		const { reply } = await askKeys({ do: 'setTouch', vault, pass: this.#pass, ...touched });
		await this.#changed();
		return reply;
	}

	card(vault: VaultId): Promise<LockCard | null> {
		return readCard(vault);
	}

	async changeCard(change: (card: LockCard | null) => Promise<LockCard | null>): Promise<DoorReply> {
		const open = this.#standing.open;
		if (!open?.pin) return 'failed';
		const changed = changeCard(open.vault, change);
		this.#carding = changed;
		return changed;
	}

	async lock(): Promise<void> {
		// Another page may just have set a PIN, and this one not have heard of it.
		if (!this.#standing.open?.pin) await this.#look().catch(() => {});
		if (!this.#standing.open?.pin) return;
		this.#tell({ kind: 'lock' });
		await this.#leave(START_PAGE, FLUSH_MS);
	}

	async hide(): Promise<void> {
		// Before anything else: somebody looks over the shoulder.
		document.documentElement.style.display = 'none';
		document.title = '';
		// With a PIN, going back shows the lock.
		if (!this.#standing.open?.pin) markHidden();
		this.#tell({ kind: 'hide' });
		await this.#leave(PLAIN_PAGE, HIDE_FLUSH_MS);
	}

	async save(): Promise<Blob | null> {
		const open = this.#standing.open;
		if (!open?.pin) return null;
		await this.around.flush();
		const { file } = await askKeys({ do: 'save', vault: open.vault });
		return file ?? null;
	}

	async restore(file: Blob): Promise<DoorReply> {
		// Nobody may sweep away what is not listed yet.
		const { reply } = await navigator.locks.request(DOOR_LOCK, () => askKeys({ do: 'restore', file }));
		await this.#changed();
		return reply;
	}

	async remove(vault: VaultId): Promise<void> {
		if (this.#leaving) return;
		const own = this.#standing.open?.vault === vault;
		if (own) this.#leaving = true;
		this.#tell({ kind: 'gone', vault });
		if (own) this.around.end();
		const left = await forget(vault);
		if (own || left === 0) location.replace(START_PAGE);
		else await this.#changed();
	}

	/** The first vault of a new phone; of one that lost its own, its person is told before. */
	async #first(): Promise<(KeyReply & { vault: VaultId; pass: Pass }) | null> {
		if ((await allVaults()).length > 0 || (await isLost(isRemembered()))) return null;
		const made = await askKeys({ do: 'make' });
		if (made.reply === 'done' && made.vault && made.pass)
			return { ...made, vault: made.vault, pass: made.pass };
		throw new DOMException(made.reply, made.reply === 'full' ? 'QuotaExceededError' : 'UnknownError');
	}

	async #enter(vault: VaultId | null, ask: KeyAsk): Promise<DoorReply> {
		const answer = await askKeys(ask);
		const opened = answer.vault ?? vault;
		if (answer.reply === 'done' && answer.pass && opened) {
			await this.#opened(opened, answer.pass);
			this.#tell({ kind: 'open', vault: opened, pass: answer.pass });
		} else await this.#changed();
		return answer.reply;
	}

	async #opened(vault: VaultId, pass: Pass | null): Promise<void> {
		if (this.#leaving) return;
		this.#pass = pass;
		this.around.open(vault, pass);
		void navigator.locks.request(OPEN_LOCK, { mode: 'shared' }, () => new Promise<never>(() => {}));
		await this.#look(vault);
	}

	async #hear(message: ToDoors): Promise<void> {
		const open = this.#standing.open;
		switch (message.kind) {
			case 'ask':
				if (open && !this.#leaving) this.#tell({ kind: 'open', vault: open.vault, pass: this.#pass });
				return;
			case 'open':
				return this.#hearOpen(message.vault, message.pass);
			case 'touched':
				return this.#auto.touchedElsewhere();
			case 'changed':
				return this.#look();
			case 'lock':
				// Whoever says so knows of a PIN, though this page may not have heard of it yet.
				return open ? this.#leave(START_PAGE, FLUSH_MS) : undefined;
			case 'hide':
				document.documentElement.style.display = 'none';
				if (!open?.pin) markHidden();
				return this.#leave(PLAIN_PAGE, HIDE_FLUSH_MS);
			case 'gone':
				if (open?.vault !== message.vault) return this.#look();
				this.#leaving = true;
				this.around.end();
				location.replace(START_PAGE);
		}
	}

	async #hearOpen(vault: VaultId, pass: Pass | null): Promise<void> {
		const { state, open } = this.#standing;
		if (state === 'locked' || state === 'starting') return this.#opened(vault, pass);
		if (state !== 'open' || !open) return;
		// Woken after having been frozen, while another vault was opened.
		if (open.vault !== vault) return this.#leave(START_PAGE, FLUSH_MS);
		if (pass && !this.#pass) {
			this.#pass = pass;
			this.around.open(vault, pass);
		}
	}

	/** Forgets the key, lets what was typed be kept, ends the engine, and goes. */
	async #leave(address: string, flushMs: number): Promise<void> {
		if (this.#leaving) return;
		this.#leaving = true;
		this.#pass = null;
		const had = this.#standing.open !== null;
		this.#stand('leaving');
		if (had) await Promise.race([this.#flush(), pause(flushMs)]);
		this.around.end();
		location.replace(address);
	}

	async #flush(): Promise<void> {
		await pause(OTHERS_FLUSH_MS);
		await this.around.flush();
		// What was just removed from a plan that is kept open is not to be read on the lock screen.
		await this.#carding;
	}

	async #change(change: (vault: VaultId) => Promise<unknown>): Promise<DoorReply> {
		const open = this.#standing.open;
		if (!open) return 'failed';
		try {
			const changed = await change(open.vault);
			await this.#changed();
			return changed ? 'done' : 'failed';
		} catch {
			return 'failed';
		}
	}

	async #changed(): Promise<void> {
		this.#tell({ kind: 'changed' });
		await this.#look();
	}

	/** Reads anew what there is; `vault`: it is open from now on. */
	async #look(vault = this.#standing.open?.vault): Promise<void> {
		const records = await allVaults();
		const vaults = records.map((record) => viewOf(record, this.#waits.meet(record)));
		if (this.#leaving) return;
		if (records.some(({ founded }) => founded)) markFounded();
		const open = vaults.find((view) => view.vault === vault) ?? null;
		const lost = !open && (await isLost(isRemembered()));
		this.#stand(open ? 'open' : this.#standing.state, open, { vaults, lost });
	}

	#stand(
		state: DoorStanding['state'],
		open: VaultView | null = null,
		rest: Pick<DoorStanding, 'vaults' | 'lost'> = this.#standing,
	): void {
		const { vaults, lost = false } = rest;
		this.#standing = { state, open, vaults, lost };
		this.#auto.set(open?.pin ? open.autoLockMin : null);
		for (const listener of [...this.#listeners]) listener(this.#standing);
	}

	#view(vault: VaultId): VaultView | undefined {
		return this.#standing.vaults.find((view) => view.vault === vault);
	}

	#tell(message: ToDoors): void {
		this.#channel.postMessage(message);
	}
}

async function isOpenElsewhere(): Promise<boolean> {
	const { held = [] } = await navigator.locks.query();
	return held.some(({ name }) => name === OPEN_LOCK);
}

/** Waits, or until something is so. */
async function pause(milliseconds: number, until: () => boolean = () => false): Promise<void> {
	const end = performance.now() + milliseconds;
	while (performance.now() < end && !until()) await new Promise((resolve) => setTimeout(resolve, 20));
}
