/** Leaving a phone: first what only it has is counted, sent or saved. */
import type { Bridge, Door, OutboxItem } from '$bridge';

/** One person's leaving. */
export class Leaving {
	/** What only this phone has; null: not known yet, and nobody may leave by accident before it is. */
	items = $state.raw<OutboxItem[] | null>(null);
	sending = $state(false);
	notSent = $state(false);
	saving = $state(false);
	/** `failed`: the file could not be made. */
	saved = $state<'no' | 'done' | 'failed'>('no');

	constructor(
		private readonly bridge: Pick<Bridge, 'ask'>,
		private readonly door: Door,
	) {}

	/** Counts. What was typed a moment ago counts too. */
	async look(): Promise<void> {
		await this.bridge.ask<'flush'>({ cmd: 'flush' });
		const reply = await this.bridge.ask<'outbox'>({ cmd: 'outbox' });
		if (reply.ok) this.items = reply.value;
	}

	/** Sends what is unsent, and counts again. */
	async send(): Promise<void> {
		if (this.sending) return;
		this.sending = true;
		this.notSent = false;
		await this.bridge.ask<'sync'>({ cmd: 'sync' });
		await this.look();
		this.notSent = (this.items?.length ?? 0) > 0;
		this.sending = false;
	}

	/** Makes the file; null when that did not work. */
	async save(): Promise<Blob | null> {
		if (this.saving) return null;
		this.saving = true;
		const file = await this.door.save();
		this.saved = file ? 'done' : 'failed';
		this.saving = false;
		return file;
	}

	/** Removes the open vault from this phone, its keys first; does nothing when none is open. */
	async go(): Promise<void> {
		const vault = this.door.standing.open?.vault;
		if (vault) await this.door.remove(vault);
	}
}
