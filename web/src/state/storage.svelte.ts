/** Whether this phone promised to keep what Kith stores, and how much that is. */

type Manager = Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>;

/** The browser's answers about storage. */
export class PhoneStorage {
	/** It promised to keep the data; null when it can't say. */
	kept = $state<boolean | null>(null);
	usedBytes = $state<number | null>(null);

	constructor(private readonly manager: Manager | undefined) {}

	/** Reads how things are, without asking for anything. */
	async look(): Promise<void> {
		try {
			this.kept = (await this.manager?.persisted()) ?? null;
			this.usedBytes = (await this.manager?.estimate())?.usage ?? null;
		} catch {
			this.kept = null;
		}
	}

	/** Asks the browser to keep the data: once someone has joined, or when they tap for it. */
	async ask(): Promise<void> {
		try {
			await this.manager?.persist();
		} finally {
			await this.look();
		}
	}
}

/** This phone's storage. */
export const phoneStorage = new PhoneStorage(globalThis.navigator?.storage);
