/** The engine with its store, its requests and its timers, for all pages of this browser. */
import type { WasmCommitted, WasmEffect, WasmEngine } from '../../pkg/kith_client_wasm';
import type { Command, KithProblem, Notice } from '../bridge/contract';
import { closed, opened } from '../bridge/protocol';
import type { AnyReply, AskId, Generation, TabId, ToEngine, ToPages } from '../bridge/protocol';
import { draft } from './draft';
import { Http } from './http';
import { Live } from './live';
import { addsSomething, named, replyOfDone } from './once';
import { pause } from './pause';
import { StartError } from './problems';
import type { Second } from './second';
import { META } from '../bridge/vaults';
import { failureOf, type Store } from './store';
import { Turns } from './turns';
import { Watch } from './watch';
import type { Bytes } from './range';

/** Timers stand still while a phone sleeps: what is due later than this is looked at anew in between. */
const TIMER_LONGEST_MS = 5 * 60_000;
/** When nothing happened for so long, the second module comes. */
const IDLE_MS = 3_000;

type Ask = Extract<ToEngine, { kind: 'ask' }>;

/** A command that the engine has and has not answered. */
interface Asked {
	id: AskId | null;
	command: Command;
	resolve: (reply: AnyReply) => void;
}

/** Leads one generation. Any exception out of the engine is a trap: `crash` is called and nothing works after it. */
export class Leader {
	readonly #turns: Turns;
	readonly #http: Http;
	readonly #live: Live;
	readonly #watch: Watch;
	readonly #asked = new Map<number, Asked>();
	/** The command whose task runs: commits are its own. */
	#running: number | null = null;
	#nextAsk = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** How the engine is, for pages that come later; null: it has not said yet. */
	#state: ToPages | null = null;
	#dead = false;
	/** Whether this phone's person is in a circle; who is on the way in waits for nothing else. */
	#isIn = false;
	#idle: ReturnType<typeof setTimeout> | undefined;
	/** The record that sets aside what is being applied, should the engine trap on it. */
	#applying: [key: Bytes, value: Bytes] | null = null;

	constructor(
		private readonly engine: WasmEngine,
		private readonly second: Second,
		private readonly store: Store,
		private readonly generation: Generation,
		private readonly post: (message: ToPages) => void,
		private readonly crash: (error: unknown) => void,
	) {
		this.engine.observeApplying((key, value) => (this.#applying = key && value ? [key, value] : null));
		this.#turns = new Turns(() => !this.#dead && this.engine.isQuiet());
		const nudge = (): void => void this.#event(() => this.engine.handleNudge());
		this.#live = new Live(nudge);
		this.#http = new Http({
			bytes: (id, bytes) => this.#event(() => this.engine.handleHttpBytes(id, bytes)),
			end: (id) => this.#event(() => this.engine.handleHttpEnd(id)),
			failed: (id, failure) => this.#event(() => this.engine.handleHttpFailed(id, failure)),
		});
		this.#watch = new Watch((document) => void this.#ask({ cmd: 'close', document }, null));
	}

	/** Starts the engine; it says by itself when it is ready. */
	start(): void {
		const entropy = crypto.getRandomValues(new Uint8Array(32));
		this.#hand(() => this.engine.handleStart(entropy, self.location.origin));
	}

	/** Takes a message from a page. */
	handleMessage(message: ToEngine): void {
		switch (message.kind) {
			case 'hello':
				if (this.#state) this.post(this.#state);
				return;
			case 'ping':
				return this.post({ to: 'pages', kind: 'alive' });
			case 'nudge':
				this.#live.hurry();
				return void this.#event(() => this.engine.handleNudge());
			case 'ask':
				// Asked of an engine that is no more: the page asks again when it hears of this one.
				if (message.generation === this.generation && !this.#dead) void this.#answer(message);
		}
	}

	/** Nothing works from now on. */
	stop(problem: KithProblem): void {
		this.#dead = true;
		this.#live.listen('');
		this.#state = { to: 'pages', kind: 'stopped', problem, final: true };
		this.post(this.#state);
	}

	async #answer({ id, tab, again, command }: Ask): Promise<void> {
		if (command.cmd === 'readDraft' || command.cmd === 'writeDraft') {
			const reply = await draft(this.engine, this.store, command);
			return this.post({ to: 'pages', kind: 'reply', id, reply });
		}
		const ended = closed(command);
		const wanted = ended !== null && !this.#watch.remove(tab, ended) ? FLUSH : command;
		const done = again && addsSomething(command) && (await this.store.wasDone(id).catch(() => false));
		const earlier = done ? await replyOfDone(command, (own) => this.#ask(own, null)) : null;
		const reply = earlier ?? (await this.#ask(wanted, id));
		this.#tellOthers(tab, command, reply);
		this.post({ to: 'pages', kind: 'reply', id, reply });
	}

	async #ask(command: Command, id: AskId | null): Promise<AnyReply> {
		if (this.second.isNeededFor(command)) {
			const problem = await this.second.load().then(() => null, problemOf);
			if (problem) return { ok: false, problem };
		}
		return new Promise((resolve) => {
			const number = (this.#nextAsk = (this.#nextAsk + 1) >>> 0);
			this.#asked.set(number, { id, command, resolve });
			const said = named(command, id);
			this.#turns.command(command, () => {
				this.#running = number;
				this.#hand(() => this.engine.handleCommand(number, said));
			});
		});
	}

	/** What one tab did, the others must hear: the engine tells of what came from elsewhere alone. */
	#tellOthers(tab: TabId, command: Command, reply: AnyReply): void {
		if (!reply.ok) return;
		const begun = opened(command, reply);
		if (begun !== null) this.#watch.add(tab, begun);
		if (command.cmd !== 'editNote' || command.edit.edit !== 'body') return;
		const { document, edit } = command;
		if (!reply.value || !('version' in reply.value) || reply.value.version === edit.version) return;
		const notice: Notice = { notice: 'noteBody', document, version: reply.value.version, ops: edit.ops };
		this.post({ to: 'pages', kind: 'notice', notice, except: tab });
	}

	#event(turn: () => void): Promise<void> {
		return this.#turns.other(() => {
			this.#running = null;
			this.#hand(turn);
		});
	}

	#stored(turn: () => void): void {
		this.#hand(turn);
		this.#turns.run();
	}

	#hand(turn: () => void): void {
		if (this.#dead) return;
		try {
			this.engine.tick(performance.now(), Date.now());
			turn();
			for (let effect = this.engine.nextEffect(); effect; effect = this.engine.nextEffect()) this.#do(effect);
			this.#rest();
		} catch (error) {
			this.#dead = true;
			if (error instanceof StartError) return void this.#awaitSecond(error);
			void this.#setAside().finally(() => this.crash(error));
		}
	}

	/** The engine stopped where it needed the second module, which did not come: the next one begins once it is here. */
	async #awaitSecond(error: StartError): Promise<void> {
		this.#live.listen('');
		this.#state = { to: 'pages', kind: 'stopped', problem: error.problem, final: false };
		this.post(this.#state);
		await this.second.insist(pause);
		this.crash(error);
	}

	/** Has the second module come when nothing else happens. */
	#rest(): void {
		if (!this.#isIn || this.second.isHere) return;
		clearTimeout(this.#idle);
		this.#idle = setTimeout(() => void this.second.load().catch(() => {}), IDLE_MS);
	}

	/** Has the next engine leave out the changes that this one did not survive. */
	async #setAside(): Promise<void> {
		if (!this.#applying) return;
		const [key, value] = this.#applying;
		await this.store.commit({ expect: [], puts: [[META, key, value]], deletes: [] }, null);
	}

	#do(effect: WasmEffect): void {
		switch (effect.effect) {
			case 'read': {
				const { id } = effect;
				return void this.store.read(effect.reads).then(
					(results) => this.#stored(() => this.engine.handleStored(id, results)),
					(error: unknown) => this.#stored(() => this.engine.handleStoreFailed(id, failureOf(error))),
				);
			}
			case 'commit': {
				const { id } = effect;
				const committed = (outcome: WasmCommitted): void =>
					this.#stored(() => this.engine.handleCommitted(id, outcome));
				return void this.store.commit(effect.batch, this.#adding()).then(committed);
			}
			case 'http':
				return this.#http.start(effect.id, effect.url, effect.body);
			case 'httpAbort':
				return this.#http.abort(effect.id);
			case 'reply':
				return this.#reply(effect.id, effect.reply);
			case 'notice':
				return this.#notice(effect.notice);
			case 'wake':
				return this.#wake(effect.inMs);
			case 'live':
				return this.#live.listen(effect.url);
		}
	}

	/** The id to remember with a commit: of the command that runs, if it must not be done twice. */
	#adding(): AskId | null {
		const asked = this.#running === null ? undefined : this.#asked.get(this.#running);
		return asked && addsSomething(asked.command) ? asked.id : null;
	}

	#reply(number: number, reply: AnyReply): void {
		if (this.#running === number) this.#running = null;
		const asked = this.#asked.get(number);
		if (asked && reply.ok && 'circle' in asked.command) this.#isIn = true;
		asked?.resolve(reply);
		this.#asked.delete(number);
	}

	#notice(notice: Notice): void {
		if (notice.notice !== 'engine') {
			return this.post({ to: 'pages', kind: 'notice', notice, except: null });
		}
		if (notice.state === 'stopped' && notice.problem) return this.stop(notice.problem);
		this.#state = { to: 'pages', kind: 'ready', generation: this.generation };
		this.post(this.#state);
	}

	#wake(inMs: number): void {
		clearTimeout(this.#timer);
		// Woken early, the engine says how long is left.
		const wait = Math.min(TIMER_LONGEST_MS, inMs);
		this.#timer = setTimeout(() => void this.#event(() => this.engine.handleWake()), wait);
	}
}

const FLUSH: Command = { cmd: 'flush' };

function problemOf(error: unknown): KithProblem {
	if (error instanceof StartError) return error.problem;
	throw error;
}
