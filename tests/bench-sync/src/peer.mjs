// @ts-check
/**
 * One process of a peer: `author`, `serve`, `client` or `write`, over a folder. Commands and replies are JSON lines.
 * `node src/peer.mjs NAME ROLE FOLDER [WORKLOAD PART BASE]`
 */
import { createInterface } from 'node:readline';
import { readJson } from './common.mjs';

// Lines on its output are ours alone.
console.log = console.info = console.warn = console.error;

const [name = '', role = '', folder = '', file = '', part = '', base = '0'] = process.argv.slice(2);
const peer = await import(`./peers/${name}.mjs`);
const say = (/** @type {unknown} */ value) => process.stdout.write(`${JSON.stringify(value)}\n`);

if (role === 'author') {
	const workload = await readJson(file);
	await peer.author(folder, workload, workload[part], Number(base));
	process.exit(0);
}
if (role === 'write') {
	const client = await peer.client(folder);
	const workload = await readJson(file);
	await client.write(workload[part], Number(base));
	await client.close();
	process.exit(0);
}
const self = await (role === 'serve' ? peer.serve(folder) : peer.client(folder));
say({ ready: true, port: self.port });
for await (const line of createInterface({ input: process.stdin })) {
	const { cmd, port, since } = JSON.parse(line);
	if (cmd === 'held') say(await self.held(since));
	else if (cmd === 'connect') {
		// What it takes to be there is seen by what it holds.
		self.connect(port).catch((/** @type {Error} */ error) => say({ failed: error.message }));
	} else if (cmd === 'quit') {
		await self.close?.();
		process.exit(0);
	}
}
process.exit(0);
