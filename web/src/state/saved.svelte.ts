/** The account of what is only here, what is under way, and what is safe. */
import type { Bridge, CircleSummary, OutboxItem } from '$bridge';
import { roomWords } from '../words';
import { lists, Resource } from './resource.svelte';
import { isOutOf } from './standing';

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
		note: roomWords.sessions.untitled,
		thread: roomWords.threads.untitled,
		circle: roomWords.home.untitled,
		toolkit: roomWords.home.toolkit,
		journal: roomWords.home.journal,
		plan: roomWords.home.plan,
		choices: roomWords.home.choices,
		commitments: roomWords.home.commitments,
		between: roomWords.home.between,
		reports: roomWords.home.reports,
		stories: roomWords.home.stories,
	};
	return item.label || untitled[item.kind];
}

/** The account in its parts; what is safe is not listed. `out`: what can't be sent, by the circle that this phone is out of. */
export function parts(
	items: readonly OutboxItem[],
	circles: readonly CircleSummary[] | null = null,
): {
	refused: OutboxItem[];
	sending: OutboxItem[];
	here: OutboxItem[];
	out: { name: string; items: OutboxItem[] }[];
} {
	const inside = items.filter(({ circle }) => !isOutOf(circles, circle));
	const left = (circles ?? []).map(({ circle, name }) => ({
		name: name || roomWords.home.untitled,
		items: items.filter((one) => one.circle === circle && !inside.includes(one)),
	}));
	return {
		refused: inside.filter(({ safety }) => safety === 'refused'),
		sending: inside.filter(({ safety }) => safety === 'sending'),
		here: inside.filter(({ safety }) => safety === 'phone'),
		out: left.filter((one) => one.items.length > 0),
	};
}
