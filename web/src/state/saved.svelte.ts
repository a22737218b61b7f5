/** The account of what is only here, what is under way, and what is safe. */
import type { Bridge, OutboxItem } from '$bridge';
import { words } from '../words';
import { lists, Resource } from './resource.svelte';

/** What has not reached the server, item by item. */
export class Outbox {
	readonly items: Resource<OutboxItem[]>;

	constructor(private readonly bridge: Bridge) {
		this.items = new Resource(() => bridge.ask<'outbox'>({ cmd: 'outbox' }));
	}

	/** Keeps the account fresh until the returned function is called. */
	start(): () => void {
		return this.items.start(
			this.bridge,
			(notice) => notice.notice === 'status' || lists(notice, null, 'outbox'),
		);
	}
}

/** What a person calls an item. */
export function labelOf(item: OutboxItem): string {
	const untitled = {
		note: words.sessions.untitled,
		thread: words.threads.untitled,
		circle: words.home.untitled,
	};
	return item.label || untitled[item.kind];
}

/** The account in its three parts; what is safe is not listed. */
export function parts(items: readonly OutboxItem[]): {
	refused: OutboxItem[];
	sending: OutboxItem[];
	here: OutboxItem[];
} {
	return {
		refused: items.filter(({ safety }) => safety === 'refused'),
		sending: items.filter(({ safety }) => safety === 'sending'),
		here: items.filter(({ safety }) => safety === 'phone'),
	};
}
