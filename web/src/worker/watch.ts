/** Which tabs have which documents open: the engine knows one reader, this browser. */
import type { DocumentId } from '../bridge/contract';
import { TAB_LOCK, type TabId } from '../bridge/protocol';

/** Open documents by tab. A tab that goes away closes what it alone had open. */
export class Watch {
	readonly #open = new Map<TabId, Set<DocumentId>>();

	constructor(private readonly closed: (document: DocumentId) => void) {}

	/** A tab opened a document. */
	add(tab: TabId, document: DocumentId): void {
		let open = this.#open.get(tab);
		if (!open) {
			open = new Set();
			this.#open.set(tab, open);
			void this.#awaitEnd(tab);
		}
		open.add(document);
	}

	/** A tab closed a document; whether no other tab has it open. */
	remove(tab: TabId, document: DocumentId): boolean {
		this.#open.get(tab)?.delete(document);
		return ![...this.#open.values()].some((open) => open.has(document));
	}

	async #awaitEnd(tab: TabId): Promise<void> {
		await navigator.locks.request(TAB_LOCK + tab, () => {});
		const open = this.#open.get(tab) ?? [];
		this.#open.delete(tab);
		for (const document of open) if (this.remove(tab, document)) this.closed(document);
	}
}
