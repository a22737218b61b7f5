/** The real server, behind the host of the test pages. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './host';
import { SERVER } from './paths';

/** A running server with one circle. */
export class Server {
	/** Hands a request of the host on to the server. */
	readonly forward: Answer = (from, to) => {
		const { port } = this;
		const { method, url: path, headers } = from;
		const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
			to.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(to);
		});
		onward.on('error', () => to.destroy());
		from.pipe(onward);
	};

	private constructor(
		private readonly child: ChildProcess,
		private readonly folder: string,
		private readonly port: number,
		/** An enrolment link for many phones. */
		readonly link: string,
	) {}

	/** Makes a circle and a link, then serves. */
	static async start(): Promise<Server> {
		const folder = mkdtempSync(join(tmpdir(), 'kith-server-'));
		const data = join(folder, 'data');
		const run = (...args: string[]): string =>
			execFileSync(SERVER, ['--data', data, ...args], { encoding: 'utf8' });
		const circle = run('circle', 'create', 'Tuesday circle').trim();
		const link = run('invite', '--circle', circle, '--role', 'facilitator', '--uses', '50').trim();
		const port = await freePort();
		const args = ['--data', data, 'serve', '--listen', `127.0.0.1:${port}`, '--metrics-listen', 'off'];
		const child = spawn(SERVER, args, { stdio: 'ignore' });
		for (;;) {
			const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then(
				({ ok }) => ok,
				() => false,
			);
			if (healthy) return new Server(child, folder, port, link);
			if (child.exitCode !== null) throw new Error('the server did not start');
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** Ends the server and removes its data and keys. */
	async end(): Promise<void> {
		const ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.child.kill();
		await ended;
		rmSync(this.folder, { recursive: true, force: true });
	}
}

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
	const { port } = probe.address() as AddressInfo;
	await new Promise((resolve) => probe.close(resolve));
	return port;
}
