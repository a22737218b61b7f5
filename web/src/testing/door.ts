/** A door in memory: for screens and tests. */
import type {
	AutoLockMin,
	Door,
	DoorReply,
	DoorStanding,
	LockCard,
	VaultId,
	VaultSymbol,
	VaultView,
} from '../bridge/door';

/** The stand-in: one open vault without a PIN, until a test says otherwise. */
export class FakeDoor implements Door {
	standing: DoorStanding;
	/** What the right PIN is. */
	pin = '';
	/** What was done to it, in words. */
	readonly did: string[] = [];
	/** The next thing asked for is answered so. */
	next: DoorReply | null = null;
	/** What the lock screen shows, by vault. */
	readonly cards = new Map<VaultId, LockCard>();
	#changing: Promise<unknown> = Promise.resolve();
	#listeners = new Set<(standing: DoorStanding) => void>();

	constructor() {
		const vault = sampleVault();
		this.standing = { state: 'open', open: vault, vaults: [vault] };
	}

	listen(listener: (standing: DoorStanding) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Changes how the phone stands. */
	stand(change: Partial<DoorStanding>): void {
		this.standing = { ...this.standing, ...change };
		for (const listener of this.#listeners) listener(this.standing);
	}

	async openPlain(vault: VaultId): Promise<DoorReply> {
		return this.#open(vault);
	}
	async openByPin(vault: VaultId, pin: string): Promise<DoorReply> {
		return this.next === null && pin !== this.pin ? 'wrong' : this.#open(vault);
	}
	async openByTouch(vault: VaultId): Promise<DoorReply> {
		return this.#open(vault);
	}
	async openNew(): Promise<DoorReply> {
		const vault = sampleVault('v2');
		this.stand({ vaults: [...this.standing.vaults, vault] });
		return this.#open('v2');
	}
	async setPin(pin: string, old: string | null, symbol: VaultSymbol): Promise<DoorReply> {
		if (this.#take() !== 'done') return 'failed';
		if (this.standing.open?.pin && old !== this.pin) return 'wrong';
		this.pin = pin;
		this.#change({ pin: true, symbol });
		return 'done';
	}
	async setAutoLock(minutes: AutoLockMin): Promise<DoorReply> {
		this.#change({ autoLockMin: minutes });
		return this.#take();
	}
	async hasTouch(): Promise<boolean> {
		return true;
	}
	async setTouch(on: boolean): Promise<DoorReply> {
		const reply = this.#take();
		if (reply === 'done') this.#change({ touch: on });
		return reply;
	}
	async card(vault: VaultId): Promise<LockCard | null> {
		return structuredClone(this.cards.get(vault) ?? null);
	}
	changeCard(change: (card: LockCard | null) => Promise<LockCard | null>): Promise<DoorReply> {
		// One after the other, as the real door does.
		const next = this.#changing.then(() => this.#changeCard(change));
		this.#changing = next;
		return next;
	}
	async #changeCard(change: (card: LockCard | null) => Promise<LockCard | null>): Promise<DoorReply> {
		const open = this.standing.open;
		if (!open?.pin) return 'failed';
		const card = await change(await this.card(open.vault));
		const reply = this.#take();
		if (reply !== 'done') return reply;
		if (card) this.cards.set(open.vault, structuredClone(card));
		else this.cards.delete(open.vault);
		return reply;
	}
	async lock(): Promise<void> {
		this.did.push('lock');
		this.stand({ state: 'locked', open: null });
	}
	async hide(): Promise<void> {
		this.did.push('hide');
	}
	async save(): Promise<Blob | null> {
		return this.standing.open?.pin ? new Blob(['sealed']) : null;
	}
	async restore(): Promise<DoorReply> {
		return this.#take();
	}
	async remove(vault: VaultId): Promise<void> {
		this.did.push(`remove ${vault}`);
		this.cards.delete(vault);
		const vaults = this.standing.vaults.filter((one) => one.vault !== vault);
		this.stand({ state: 'locked', open: null, vaults });
	}

	#open(vault: VaultId): DoorReply {
		const reply = this.#take();
		const open = this.standing.vaults.find((one) => one.vault === vault) ?? null;
		if (reply === 'done') this.stand({ state: 'open', open });
		return reply;
	}

	#take(): DoorReply {
		const reply = this.next ?? 'done';
		this.next = null;
		return reply;
	}

	#change(change: Partial<VaultView>): void {
		const { open, vaults } = this.standing;
		if (!open) return;
		const changed = { ...open, ...change };
		this.stand({ open: changed, vaults: vaults.map((one) => (one.vault === open.vault ? changed : one)) });
	}
}

/** A vault without a PIN. */
export function sampleVault(vault = 'v1'): VaultView {
	return { vault, symbol: 'boat', pin: false, touch: false, autoLockMin: 5, waitUntilMs: 0 };
}
