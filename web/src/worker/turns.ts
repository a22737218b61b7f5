/**
 * Whose turn it is with the engine. What the store answers goes in at once. Everything else waits until the
 * engine has nothing under way, people's commands before bytes from the network: so a tap never waits for a
 * download, and a commit before a command's reply is that command's own. What a screen shows further down goes
 * after what was tapped meanwhile.
 */
import type { Command } from '../bridge/contract';

/** What the first screen asks for beneath what it begins with. They only read, so nothing must come before them. */
const BENEATH: ReadonlySet<Command['cmd']> = new Set(['news', 'commitments', 'reports']);

/** Hands an event to the engine. */
export type Turn = () => void;

/** What waits for the engine. */
export class Turns {
	readonly #commands: Turn[] = [];
	readonly #beneath: Turn[] = [];
	readonly #others: Turn[] = [];

	constructor(private readonly isQuiet: () => boolean) {}

	/** A command, to be handed in when the engine is quiet. */
	command({ cmd }: Pick<Command, 'cmd'>, turn: Turn): void {
		(BENEATH.has(cmd) ? this.#beneath : this.#commands).push(turn);
		this.run();
	}

	/** Anything else; resolves when it was handed in. */
	other(turn: Turn): Promise<void> {
		return new Promise((resolve) => {
			this.#others.push(() => {
				turn();
				resolve();
			});
			this.run();
		});
	}

	/** Goes on; call after each store answer. */
	run(): void {
		while (this.isQuiet()) {
			const next = this.#commands.shift() ?? this.#beneath.shift() ?? this.#others.shift();
			if (!next) return;
			next();
		}
	}
}
