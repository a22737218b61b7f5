/** What is reported to facilitators: one's own reports, and those that came to oneself. */
import type { Bridge, CircleId, RecordKey, Report, ReportKey, ReportTo, ReportWay } from '$bridge';
import { Acts, type Done } from './acts.svelte';
import { lists, Resource } from './resource.svelte';

/** The reports of one circle. */
export class Reports extends Acts {
	readonly all: Resource<Report[]>;

	constructor(
		private readonly bridge: Pick<Bridge, 'ask' | 'listen'>,
		private readonly circle: CircleId,
	) {
		super();
		this.all = new Resource(() => bridge.ask<'reports'>({ cmd: 'reports', circle }));
	}

	/** Keeps the list fresh until the returned function is called. */
	start(): () => void {
		return this.all.start(this.bridge, (notice) => lists(notice, this.circle, 'reports'));
	}

	/** Where a report of what somebody wrote would go; null when that can't be said, and {@link problem} says why. */
	async way(key: RecordKey): Promise<ReportWay | null> {
		const reply = await this.bridge.ask<'reportWay'>({ cmd: 'reportWay', circle: this.circle, key });
		this.problem = reply.ok ? null : reply.problem;
		return reply.ok ? reply.value : null;
	}

	/** Reports it to those who were named as who gets it; with nobody, to the organisation. Whether that was done. */
	send(key: RecordKey, named: readonly ReportTo[], words: string): Promise<boolean> {
		const { circle } = this;
		const to = named.map(({ member }) => member);
		return this.#act(() => this.bridge.ask<'report'>({ cmd: 'report', circle, key, to, words }));
	}

	/** Takes back one's own: gone everywhere, for good. */
	takeBack(key: ReportKey): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'takeBackReport'>({ cmd: 'takeBackReport', circle, key }));
	}

	/** Says that one is dealt with, or that it is open again. */
	handle(key: ReportKey, on: boolean): Promise<boolean> {
		const { circle } = this;
		return this.#act(() => this.bridge.ask<'handleReport'>({ cmd: 'handleReport', circle, key, on }));
	}

	/** Hides what is reported from the others, or shows it again. */
	hide(report: Report, on: boolean): Promise<boolean> {
		const { circle } = this;
		const { kind, of: key, thread } = report;
		return this.#act(() => {
			if (kind === 'strategy')
				return this.bridge.ask<'hideStrategy'>({ cmd: 'hideStrategy', circle, key, on });
			if (thread === null) return this.bridge.ask<'hideStory'>({ cmd: 'hideStory', circle, key, on });
			return this.bridge.ask<'hide'>({ cmd: 'hide', circle, thread, key, on });
		});
	}

	#act(act: () => Promise<Done>): Promise<boolean> {
		return this.done(act, () => this.all.load());
	}
}

/** Reports that came to this phone's person and that nobody dealt with yet. */
export function openOnes(all: readonly Report[]): Report[] {
	return all.filter(({ mine, handled }) => !mine && handled.length === 0);
}
