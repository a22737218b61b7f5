/** The addresses of screens. Most of them come with the circle's screens: the first ones know only where they lead. */
import type {
	CircleId,
	DocumentId,
	ItemId,
	MemberId,
	PlanPart,
	RecordKey,
	StrategyKey,
	ThreadId,
} from '$bridge';
import { ALL, near } from './route.svelte';

const under = (id: string | null): string => (id === null ? '' : `/${id}`);

/** By the name of their view. */
export const to = {
	...near,
	phone: '#/phone',
	leave: '#/phone/leave',
	sessions: (circle: CircleId): string => `#/c/${circle}/sessions`,
	newSession: (circle: CircleId): string => `#/c/${circle}/sessions/new`,
	note: (circle: CircleId, document: DocumentId): string => `#/c/${circle}/note/${document}`,
	threads: (circle: CircleId): string => `#/c/${circle}/talk`,
	thread: (circle: CircleId, thread: ThreadId): string => `#/c/${circle}/talk/${thread}`,
	toolkit: (circle: CircleId): string => `#/c/${circle}/toolkit`,
	strategy: (circle: CircleId, key: StrategyKey): string => `#/c/${circle}/toolkit/${key}`,
	newStrategy: (circle: CircleId, from: StrategyKey | null = null): string =>
		`#/c/${circle}/adapt${under(from)}`,
	helplines: (circle: CircleId): string => `#/c/${circle}/help`,
	helpline: (circle: CircleId, item: ItemId | null = null): string => `#/c/${circle}/helpline${under(item)}`,
	plan: (circle: CircleId): string => `#/c/${circle}/plan`,
	planEdit: (circle: CircleId, part: PlanPart | null = null): string => `#/c/${circle}/plan/${part ?? ALL}`,
	own: (circle: CircleId, instrument: string | null = null): string => `#/c/${circle}/me${under(instrument)}`,
	keep: (circle: CircleId, item: string | null = null): string => `#/c/${circle}/keep${under(item)}`,
	find: (circle: CircleId): string => `#/c/${circle}/find`,
	together: (circle: CircleId): string => `#/c/${circle}/together`,
	stories: (circle: CircleId): string => `#/c/${circle}/stories`,
	tell: (circle: CircleId, mark = false): string => `#/c/${circle}/stories/${mark ? 'mark' : 'new'}`,
	report: (circle: CircleId, key: RecordKey): string => `#/c/${circle}/report/${key}`,
	reports: (circle: CircleId): string => `#/c/${circle}/reports`,
	safe: (circle: CircleId): string => `#/c/${circle}/safe`,
	settings: (circle: CircleId): string => `#/c/${circle}/settings`,
	record: (circle: CircleId): string => `#/c/${circle}/record`,
	leaveCircle: (circle: CircleId): string => `#/c/${circle}/leaveCircle`,
	found: '#/found',
	people: (circle: CircleId): string => `#/c/${circle}/people`,
	paper: (circle: CircleId): string => `#/c/${circle}/paper`,
	invite: (circle: CircleId, member: MemberId | null = null): string =>
		`#/c/${circle}/invite${under(member)}`,
	letIn: (circle: CircleId, member: MemberId | null = null): string => `#/c/${circle}/letin${under(member)}`,
	who: (circle: CircleId, thread: ThreadId | null = null): string => `#/c/${circle}/who${under(thread)}`,
};
