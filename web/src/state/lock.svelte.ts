/** Opening what is locked. */
import type { Door, DoorReply, DoorStanding, LockCard, VaultId, VaultView } from '$bridge';

const TICK_MS = 500;

/** One lock screen. */
export class Unlock {
	chosen = $state<VaultId | null>(null);
	pin = $state('');
	working = $state(false);
	reply = $state<DoorReply | null>(null);
	/** By the clock that nobody sets. */
	nowMs = $state(performance.now());
	/** What the lock screen shows of the chosen vault without its PIN; undefined: not known yet. */
	card = $state.raw<LockCard | null | undefined>(undefined);

	constructor(
		private readonly door: Door,
		private readonly standing: () => DoorStanding,
	) {}

	/** The one that is being opened; null: none was chosen. */
	get vault(): VaultView | null {
		const { vaults } = this.standing();
		const only = vaults.length === 1 ? vaults[0] : null;
		return vaults.find(({ vault }) => vault === this.chosen) ?? only ?? null;
	}

	/** How long no PIN is tried yet. */
	get waitMs(): number {
		return Math.max(0, (this.vault?.waitUntilMs ?? 0) - this.nowMs);
	}

	/** Follows the clock until the returned function is called. */
	start(): () => void {
		const timer = setInterval(() => (this.nowMs = performance.now()), TICK_MS);
		return () => clearInterval(timer);
	}

	/** Reads what is kept open of a vault; of one that is locked it changes no more. */
	async look(vault: VaultId | null): Promise<void> {
		this.card = undefined;
		const card = vault === null ? null : await this.door.card(vault);
		if ((this.vault?.vault ?? null) === vault) this.card = card;
	}

	/** Takes the vault of that sign; one without a PIN opens. */
	async choose(vault: VaultView): Promise<void> {
		this.chosen = vault.vault;
		this.pin = '';
		this.reply = null;
		if (!vault.pin) await this.#try(() => this.door.openPlain(vault.vault));
	}

	/** Tries what was typed. */
	async submit(): Promise<void> {
		const vault = this.vault?.vault;
		if (!vault || this.pin.trim() === '' || this.waitMs > 0) return;
		await this.#try(() => this.door.openByPin(vault, this.pin));
		this.pin = '';
	}

	/** Asks for the finger or face. */
	async touch(): Promise<void> {
		const vault = this.vault?.vault;
		if (vault) await this.#try(() => this.door.openByTouch(vault));
	}

	/** Begins as someone new. */
	async other(): Promise<void> {
		await this.#try(() => this.door.openNew());
	}

	async #try(work: () => Promise<DoorReply>): Promise<void> {
		if (this.working) return;
		this.working = true;
		this.reply = null;
		this.reply = await work();
		this.nowMs = performance.now();
		this.working = false;
	}
}
