import { describe, expect, it } from 'vitest';
import type { Command } from '../bridge/contract';
import { Turns } from './turns';

/** Turns of an engine that is busy until it is let go, and what it was handed, in order. */
function busy() {
	const handed: string[] = [];
	let quiet = false;
	const turns = new Turns(() => quiet);
	const ask = (cmd: Command['cmd']): void => turns.command({ cmd }, () => handed.push(cmd));
	const event = (name: string): Promise<void> => turns.other(() => handed.push(name));
	const letGo = (): void => {
		quiet = true;
		turns.run();
	};
	return { ask, event, letGo, handed };
}

describe('turns with the engine', () => {
	it('give what was tapped before what a screen shows further down, and both before the network', async () => {
		const { ask, event, letGo, handed } = busy();
		const bytes = event('bytes');
		for (const cmd of ['circle', 'threads', 'news', 'commitments', 'reports'] as const) ask(cmd);
		ask('openThread');
		ask('journal');
		expect(handed).toEqual([]);
		letGo();
		await bytes;
		const first = ['circle', 'threads', 'openThread', 'journal'];
		expect(handed).toEqual([...first, 'news', 'commitments', 'reports', 'bytes']);
	});

	it('wait for nothing while the engine is quiet', () => {
		const { ask, letGo, handed } = busy();
		letGo();
		ask('news');
		ask('openThread');
		expect(handed).toEqual(['news', 'openThread']);
	});
});
