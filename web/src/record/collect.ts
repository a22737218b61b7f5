/** All that this phone's person wrote in a circle, as the engine gives it: one document at a time, so that no tap waits. */
import type { Bridge, CircleId, KithProblem, RecordItem } from '$bridge';

/** What was collected. */
export interface Collected {
	/** By when they were written, then by id; what has no time, by its day, at the end. */
	items: RecordItem[];
	/** Documents that could not be opened on this phone. */
	closed: number;
	/** Items whose words have not come to this phone. */
	missing: number;
}

/** Collects; `told` hears how many items there are so far. A problem ends it. */
export async function collect(
	bridge: Pick<Bridge, 'ask'>,
	circle: CircleId,
	told: (count: number) => void,
): Promise<Collected | KithProblem> {
	const items: RecordItem[] = [];
	let closed = 0;
	let document: string | null = null;
	do {
		const reply: Awaited<ReturnType<typeof bridge.ask<'record'>>> = await bridge.ask<'record'>({
			cmd: 'record',
			circle,
			document,
		});
		if (!reply.ok) return reply.problem;
		items.push(...reply.value.items);
		closed += Number(reply.value.closed);
		document = reply.value.next;
		told(items.length);
	} while (document !== null);
	const missing = items.filter(({ body }) => body !== 'here' && body !== 'gone').length;
	return { items: items.sort(inOrder), closed, missing };
}

/** The same on every phone: nothing of it follows the language. */
function inOrder(one: RecordItem, other: RecordItem): number {
	const [a, b] = [when(one), when(other)];
	if (a !== b) return a - b;
	return one.key < other.key ? -1 : Number(one.key > other.key);
}

const DAY_MS = 86_400_000;
const when = ({ madeMs, day }: RecordItem): number => madeMs || (day ?? 0) * DAY_MS;
