/** What every screen knows: the circles, how things stand with the server, and whether the engine is well. */
import type { Bridge, CircleId, CircleSummary, KithProblem, Notice, SyncStatus } from '$bridge';
import { now } from '../words/now.svelte';
import { bridge } from './engine';
import { phoneKept } from './kept';
import { lists, Resource } from './resource.svelte';

/** How the engine is. */
export type EngineState = 'starting' | 'ready' | 'elsewhere' | 'stopped';

const lastCircle = phoneKept('circle');

/** The page's own state; one for the life of the page. */
export class App {
	readonly circles: Resource<CircleSummary[]>;
	#status = $state.raw<SyncStatus | null>(null);
	engine = $state<EngineState>('starting');
	/** Why the engine stopped. */
	engineProblem = $state.raw<KithProblem | null>(null);
	/** The engine's download, 0 to 1. */
	loaded = $state<number | null>(null);
	/** The engine answered at least once: all files are here. */
	answered = $state(false);

	/** How things stand with the server; null before the engine first said. */
	get status(): SyncStatus | null {
		return this.#status;
	}

	set status(status: SyncStatus | null) {
		this.#status = status;
		if (status) now.correct(status.clock.offsetMs);
	}

	constructor(private readonly bridge: Bridge) {
		this.circles = new Resource(() => bridge.ask<'circles'>({ cmd: 'circles' }));
	}

	/** Starts the engine and listens to it. */
	start(): void {
		this.bridge.listen((notice) => this.#hear(notice));
		this.circles.start(this.bridge, (notice) => lists(notice, null, 'circles'));
		void this.bridge.ask<'status'>({ cmd: 'status' }).then((reply) => {
			this.answered ||= reply.ok;
			if (reply.ok) this.status ??= reply.value;
			if (reply.ok && this.engine === 'starting') this.engine = 'ready';
		});
	}

	/** Asks the server now. */
	async sync(): Promise<void> {
		const reply = await this.bridge.ask<'sync'>({ cmd: 'sync' });
		if (reply.ok) this.status = reply.value;
	}

	/** The circle that was last on screen, if it is still there. */
	lastCircle(): CircleId | null {
		const all = this.circles.value ?? [];
		const last = lastCircle.get();
		return (all.find(({ circle }) => circle === last) ?? all[0])?.circle ?? null;
	}

	/** Remembers which circle is on screen. */
	remember(circle: CircleId): void {
		lastCircle.set(circle);
	}

	/** A circle was left: this browser's storage names it no more. */
	forget(circle: CircleId): void {
		if (lastCircle.get() === circle) lastCircle.clear();
	}

	#hear(notice: Notice): void {
		if (notice.notice === 'status') this.status = notice.status;
		else if (notice.notice === 'loading') this.loaded = notice.part;
		else if (notice.notice === 'engine') {
			this.engine = notice.state;
			this.engineProblem = notice.problem;
			if (notice.state === 'ready') this.answered = true;
		}
	}
}

/** The page's state. */
export const app = new App(bridge);
