/** Setting or changing a PIN. */
import { SYMBOLS, type Door, type DoorReply, type VaultSymbol } from '$bridge';
import { pinFault, type PinFault } from './weak';

/** One form. */
export class PinForm {
	old = $state('');
	pin = $state('');
	again = $state('');
	symbol = $state<VaultSymbol>('leaf');
	fault = $state<PinFault | null>(null);
	reply = $state<DoorReply | null>(null);
	working = $state(false);

	constructor(private readonly door: Pick<Door, 'standing' | 'setPin'>) {
		const own = door.standing.open?.symbol ?? 'leaf';
		this.symbol = [own, ...SYMBOLS].find((symbol) => !this.isTaken(symbol)) ?? own;
	}

	/** Whether somebody else on this phone has the sign already; on the lock screen two alike can't be told apart. */
	isTaken(symbol: VaultSymbol): boolean {
		const { open, vaults } = this.door.standing;
		return vaults.some((one) => one.vault !== open?.vault && one.symbol === symbol);
	}

	/** Sets it; whether it is set. */
	async submit(): Promise<boolean> {
		if (this.working) return false;
		this.reply = null;
		this.fault = pinFault(this.pin, this.again);
		if (this.fault) return false;
		this.working = true;
		const old = this.door.standing.open?.pin ? this.old : null;
		this.reply = await this.door.setPin(this.pin, old, this.symbol);
		this.working = false;
		return this.reply === 'done';
	}
}
