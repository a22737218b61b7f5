// @ts-check
/**
 * One phone's way to the server: a loopback port that forwards bytes, and can be as bad as networks are. The
 * phone's origin is this port, so that nothing about the app knows of it.
 */
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { Wire } from './link.mjs';

/** What some Wi-Fi answers, whatever is asked, until a person signs in. */
const LOGIN_PAGE = '<!doctype html><html><head><title>Free Wi-Fi</title></head><body>Please sign in</body></html>';

/**
 * - `open`: forwards.
 * - `down`: refuses and ends every connection.
 * - `blackHole`: takes connections and bytes, and nothing ever comes back.
 * - `login`: a captive portal's page with status 200 for whatever is asked.
 * - `loginElsewhere`: the same by a redirect, as most portals do.
 * - `trouble`: a gateway whose server does not answer, status 502.
 * @typedef {'open' | 'down' | 'blackHole' | 'login' | 'loginElsewhere' | 'trouble'} Mode
 */

export class Proxy {
	/** @type {Mode} */
	#mode = 'open';
	/** @type {Set<import('node:net').Socket>} */
	#sockets = new Set();
	#listener = createServer((socket) => this.#take(socket));
	#portal = createHttpServer((request, response) => {
		this.foreignAnswers += 1;
		if (this.#mode === 'trouble') {
			response.writeHead(502, { 'content-type': 'text/html', connection: 'close' }).end('Bad gateway');
		} else if (this.#mode === 'loginElsewhere' && request.url !== '/portal') {
			response.writeHead(302, { location: '/portal', connection: 'close' }).end();
		} else {
			response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end(LOGIN_PAGE);
		}
	});
	/** From the phone. */
	up = new Wire();
	/** To the phone. */
	down = new Wire();
	/** Times that somebody else answered in the server's place. */
	foreignAnswers = 0;
	/** Connections that were taken and not answered. */
	swallowed = 0;
	/** @type {ReturnType<typeof setInterval> | undefined} */
	#cutting;
	/** Times that {@link cutEvery} broke all connections. */
	cuts = 0;
	/** After so many more bytes to the server every connection breaks; null: it does not. @type {number | null} */
	#cutAfter = null;

	/** @param {() => number} target the server's port, asked at each connection */
	constructor(target) {
		this.target = target;
		this.port = 0;
	}

	/** The origin that the phone sees. */
	get origin() {
		return `http://127.0.0.1:${this.port}`;
	}

	async start() {
		await new Promise((resolve) => this.#listener.listen(0, '127.0.0.1', () => resolve(null)));
		const address = this.#listener.address();
		this.port = typeof address === 'object' && address ? address.port : 0;
	}

	async stop() {
		this.cutEvery(null);
		this.#endAll();
		this.down.held = this.up.held = false;
		await new Promise((resolve) => this.#listener.close(() => resolve(null)));
	}

	/** @param {Mode} mode */
	become(mode) {
		this.#mode = mode;
		this.#cutAfter = null;
		// In a black hole, connections stay and say nothing more.
		if (mode !== 'blackHole') this.#endAll();
		this.down.held = this.up.held = mode === 'blackHole';
	}

	/**
	 * @param {{ kbitPerS: number, roundTripMs: number, loss?: number } | null} link null: as fast as it goes; `loss`:
	 * the part of what is sent that is lost and sent again, 0 to 1
	 */
	shape(link) {
		const shape = link && { bytesPerS: link.kbitPerS * 125, delayMs: link.roundTripMs / 2, loss: link.loss ?? 0 };
		this.up.shape = this.down.shape = shape;
	}

	/** Requests arrive at the server; its answers stay in the wire until released. */
	holdAnswers() {
		this.down.held = true;
	}

	releaseAnswers() {
		this.down.held = false;
	}

	/**
	 * Breaks all connections once so many more bytes went to the server.
	 * @param {number} bytes
	 */
	cutAfter(bytes) {
		this.#cutAfter = bytes;
	}

	/**
	 * Breaks all connections again and again; new ones are taken at once.
	 * @param {number | null} everyMs null: no more
	 */
	cutEvery(everyMs) {
		clearInterval(this.#cutting);
		if (everyMs === null) return;
		this.#cutting = setInterval(() => {
			this.cuts += 1;
			this.#endAll();
			this.up.clear();
			this.down.clear();
		}, everyMs);
	}

	/** @param {import('node:net').Socket} socket */
	#take(socket) {
		this.#keep(socket);
		if (this.#mode === 'down') return void socket.destroy();
		if (this.#mode === 'login' || this.#mode === 'loginElsewhere' || this.#mode === 'trouble') {
			return void this.#portal.emit('connection', socket);
		}
		if (this.#mode === 'blackHole') {
			this.swallowed += 1;
			return void socket.resume();
		}
		const server = connect({ port: this.target(), host: '127.0.0.1' });
		this.#keep(server);
		socket.setNoDelay(true);
		server.setNoDelay(true);
		socket.on('close', () => server.destroy());
		// What the server said before it closed is still in the wire; after a reset there is no more.
		server.on('error', () => socket.destroy());
		socket.on('data', (bytes) => this.#count(bytes.length));
		this.up.carry(socket, server);
		this.down.carry(server, socket);
	}

	/** @param {number} bytes */
	#count(bytes) {
		if (this.#cutAfter === null) return;
		this.#cutAfter -= bytes;
		if (this.#cutAfter > 0) return;
		this.#cutAfter = null;
		this.#endAll();
	}

	/** @param {import('node:net').Socket} socket */
	#keep(socket) {
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket));
		// Whatever went wrong, the close follows.
		socket.on('error', () => {});
	}

	#endAll() {
		for (const socket of this.#sockets) socket.destroy();
	}
}
