/**
 * The engine's second module: rooms and rare days (`xtask/src/wasm/split`). The first works without it, and asks for it where
 * one of its functions is called. It comes when nothing else is to be done, or when somebody asks for something of its.
 */
import type { Command } from '../bridge/contract';
import { StartError } from './problems';
import type { Bytes } from './range';

/** What whoever comes in asks, reads and writes: the first module alone does it. */
const OF_FIRST: ReadonlySet<Command['cmd']> = new Set([
	'circle',
	'circles',
	'clockTold',
	'close',
	'commitments',
	'createNote',
	'editNote',
	'enrol',
	'flush',
	'news',
	'notes',
	'openNote',
	'openThread',
	'outbox',
	'people',
	'seen',
	'send',
	'status',
	'sync',
	'threads',
]);

const AGAIN_FIRST_MS = 1_000;
const AGAIN_LONGEST_MS = 30_000;

/** Its file. Each throws a {@link StartError}. */
export interface SecondFile {
	kept(): Promise<Response | null>;
	comeOnce(): Promise<Response>;
	now(): Bytes;
	forget(): Promise<void>;
}

/** What the first module calls when it needs the second. */
declare global {
	var kithSecond: (() => void) | undefined;
}

/** The second module of one worker's engine. */
export class Second {
	#first: WebAssembly.Exports = {};
	#isHere = false;
	#coming: Promise<void> | null = null;

	constructor(private readonly file: SecondFile) {}

	/** Whether it is joined with the first. */
	get isHere(): boolean {
		return this.#isHere;
	}

	/** Whether a command has to wait for it. The engine would ask for it by itself, and everything would stand still. */
	isNeededFor({ cmd }: Command): boolean {
		return !this.#isHere && !OF_FIRST.has(cmd);
	}

	/** Tells it of the first module, which may ask for it from now on. */
	join(first: WebAssembly.Exports): void {
		this.#first = first;
		globalThis.kithSecond = () => this.now();
	}

	/** Joins it unless it is here. After a {@link StartError} it may be called again. */
	load(): Promise<void> {
		if (this.#isHere) return Promise.resolve();
		return (this.#coming ??= this.#load().finally(() => (this.#coming = null)));
	}

	/** Joins it if it is kept on this phone. */
	async loadKept(): Promise<void> {
		if (await this.file.kept().catch(() => null)) await this.load().catch(() => {});
	}

	/** As {@link load}, until it is here. */
	async insist(pause: (milliseconds: number) => Promise<void>): Promise<void> {
		for (let wait = AGAIN_FIRST_MS; !this.#isHere; wait = Math.min(AGAIN_LONGEST_MS, wait * 2)) {
			await this.load().catch(() => pause(wait));
		}
	}

	/** Joins it before this returns. Throws a {@link StartError}; the engine in whose midst it was needed is then lost. */
	now(): void {
		if (this.#isHere) return;
		const bytes = this.file.now();
		this.#fitting(() => this.#begin(new WebAssembly.Module(bytes)));
	}

	async #load(): Promise<void> {
		const response = await this.file.comeOnce();
		const module = await WebAssembly.compileStreaming(response).catch((error: unknown) => {
			if (error instanceof WebAssembly.CompileError) return this.#fitting(() => refuse(error));
			throw new StartError({ code: 'offline', retry: true });
		});
		// It may have come at once meanwhile.
		if (!this.#isHere) this.#fitting(() => this.#begin(module));
	}

	#begin(module: WebAssembly.Module): void {
		// As it begins, it takes its places in the first module's table.
		new WebAssembly.Instance(module, { first: this.#first });
		this.#isHere = true;
	}

	/** What is no module, or one of another build, is not kept: the next attempt asks the server. */
	#fitting<T>(make: () => T): T {
		try {
			return make();
		} catch (error) {
			void this.file.forget().catch(() => {});
			const said = `the second module does not fit the first: ${String(error)}`;
			throw new StartError({ code: 'engine-stopped', retry: true }, said);
		}
	}
}

function refuse(error: unknown): never {
	throw error;
}
