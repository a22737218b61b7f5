// @ts-check
/** `kith-phone`: the real engine without a screen, for people who are many or far away. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HEADLESS } from './env.mjs';

/**
 * Gives a phone commands, one after the other, and ends it; what it answered. Throws when it refuses one.
 * @param {string} folder what it keeps
 * @param {string} origin of the server
 * @param {Record<string, unknown>[]} commands
 * @returns {Promise<any[]>}
 */
export async function headless(folder, origin, commands) {
	const child = spawn(HEADLESS, [folder, '--server', origin], { stdio: ['pipe', 'pipe', 'inherit'] });
	const tell = (/** @type {Record<string, unknown>} */ command) => child.stdin.write(`${JSON.stringify(command)}\n`);
	/** @type {any[]} */
	const values = [];
	// It would end at `quit` before it has answered what takes the network.
	const next = () => tell(commands[values.length] ? { id: values.length, ...commands[values.length] } : { cmd: 'quit' });
	next();
	for await (const line of createInterface({ input: child.stdout })) {
		const said = JSON.parse(line);
		if (said.ok === false) throw new Error(`${JSON.stringify(commands[said.id])}: ${line}`);
		if (said.ok !== true || said.id !== values.length) continue;
		values.push(said.value);
		next();
	}
	if (values.length < commands.length)
		throw new Error(`the phone at ${folder} answered ${values.length} of ${commands.length} commands`);
	return values;
}
