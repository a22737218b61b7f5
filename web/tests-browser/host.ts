/** Serves the test pages under the server's security headers, and whatever a test wants under `/v1/`. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { PAGES } from './paths';

const CSP = [
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"connect-src 'self'",
	"worker-src 'self'",
	"style-src 'self'",
	"require-trusted-types-for 'script'",
	'trusted-types kith kith-script kith-paste',
].join('; ');
const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.wasm': 'application/wasm',
};

/** Answers a request to `/v1/`. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A host under test. */
export interface Host {
	origin: string;
	/** Replaces what answers under `/v1/`. */
	answer: Answer;
	/** Addresses for which 503 is given instead of a file. */
	broken: RegExp | null;
	/** How often that was done. */
	refused: number;
	close: () => Promise<void>;
}

/** What a café's network gives in place of every answer. */
export const loginPage: Answer = (_request, response) => {
	response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Free Wi-Fi</title>');
};

/** Starts a host on a free port. */
export async function startHost(): Promise<Host> {
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://localhost').pathname;
		if (path.startsWith('/v1/')) host.answer(request, response);
		else if (host.broken?.test(path)) {
			host.refused += 1;
			response.writeHead(503).end();
		}
		// Where a locked page begins anew.
		else if (path === '/')
			response.writeHead(200, { 'content-type': 'text/html' }).end('<title>start</title>');
		else void file(path, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const host: Host = {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		answer: (_request, response) => void response.destroy(),
		broken: null,
		refused: 0,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return host;
}

async function file(path: string, response: ServerResponse): Promise<void> {
	try {
		const bytes = await readFile(join(PAGES, path));
		const type = TYPES[extname(path)] ?? 'application/octet-stream';
		response.writeHead(200, { 'content-type': type, 'content-security-policy': CSP }).end(bytes);
	} catch {
		response.writeHead(404).end();
	}
}
