// @ts-check
/**
 * A loopback port in front of a server: as slow and lossy as its link, cut after so many bytes, and it counts. The bytes
 * are those of TCP's payload, as they came out at the far end.
 */
import { connect, createServer } from 'node:net';
import { SEGMENT_BYTES, Wire } from './wire.mjs';

/** So much may wait in the proxy for each direction of a connection before its source has to, in bytes. */
const WAITING_BYTES_MAX = 256 * 1024;

/**
 * Kilobits a second up and down (0: as many as there are), the round trip, and what is lost of all segments (0 to 1).
 * @typedef {{ upKbit: number, downKbit: number, roundTripMs: number, loss: number }} Link
 */

/** @typedef {{ up: number, down: number, connections: number, cuts: number }} Counts */

export class Proxy {
	/** @type {Set<import('node:net').Socket>} */
	#sockets = new Set();
	#listener = createServer({ allowHalfOpen: true }, (socket) => this.#take(socket));
	#target;
	#wires;
	#roundTripMs;
	/** @type {number | null} */
	#cutAt = null;
	/** When bytes last came out at either end, in `performance.now()` time. */
	lastAt = 0;
	/** @type {Counts} */
	counts = { up: 0, down: 0, connections: 0, cuts: 0 };
	port = 0;

	/**
	 * @param {number} target the server's port on loopback
	 * @param {Link} link
	 * @param {number} seed of what is lost
	 */
	constructor(target, link, seed) {
		this.#target = target;
		this.#roundTripMs = link.roundTripMs;
		const shape = (/** @type {number} */ kbit) => ({ bytesPerS: kbit * 125, roundTripMs: link.roundTripMs, loss: link.loss });
		this.#wires = { up: new Wire(shape(link.upKbit), seed), down: new Wire(shape(link.downKbit), seed + 1) };
	}

	async start() {
		await new Promise((resolve) => this.#listener.listen(0, '127.0.0.1', () => resolve(null)));
		const address = this.#listener.address();
		this.port = typeof address === 'object' && address ? address.port : 0;
	}

	/** Bytes of both directions. */
	get total() {
		return this.counts.up + this.counts.down;
	}

	/**
	 * Breaks all connections once so many more bytes came out, both directions together; what is on its way is lost. New
	 * connections are taken at once.
	 * @param {number} bytes
	 */
	cutAfter(bytes) {
		this.#cutAt = this.total + bytes;
	}

	async stop() {
		const closed = new Promise((resolve) => this.#listener.close(() => resolve(null)));
		this.#endAll();
		await closed;
	}

	/** @param {import('node:net').Socket} socket */
	#take(socket) {
		this.counts.connections += 1;
		this.#keep(socket);
		const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
		this.#keep(server);
		// After a reset there is no more; what was said before an orderly end is still in the wire.
		socket.on('close', (isReset) => isReset && server.destroy());
		server.on('close', (isReset) => isReset && socket.destroy());
		socket.setNoDelay(true);
		server.setNoDelay(true);
		// TCP's handshake: a round trip before whoever came may send.
		const open = performance.now() + this.#roundTripMs;
		this.#carry('up', socket, server, open);
		this.#carry('down', server, socket, open);
	}

	/**
	 * @param {'up' | 'down'} way
	 * @param {import('node:net').Socket} from
	 * @param {import('node:net').Socket} to
	 * @param {number} open
	 */
	#carry(way, from, to, open) {
		const flow = this.#wires[way].flow();
		/** @type {{ bytes: Buffer | null, at: number }[]} */
		const queue = [];
		let [waiting, running, last] = [0, false, open];
		const { cuts } = this.counts;
		const run = async () => {
			if (running) return;
			running = true;
			for (let piece = queue[0]; piece; piece = queue[0]) {
				const wait = piece.at - performance.now();
				if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
				queue.shift();
				if (piece.bytes === null) to.end();
				else if (cuts === this.counts.cuts && to.writable) waiting -= this.#deliver(way, piece.bytes, to);
				else return void from.destroy();
				if (waiting < WAITING_BYTES_MAX) from.resume();
			}
			running = false;
		};
		from.on('data', (/** @type {Buffer} */ bytes) => {
			const at = Math.max(performance.now(), open);
			for (let start = 0; start < bytes.length; start += SEGMENT_BYTES) {
				const piece = bytes.subarray(start, start + SEGMENT_BYTES);
				last = flow.send(piece.length, at);
				queue.push({ bytes: piece, at: last });
			}
			waiting += bytes.length;
			if (waiting >= WAITING_BYTES_MAX) from.pause();
			void run();
		});
		from.on('end', () => {
			queue.push({ bytes: null, at: last });
			void run();
		});
	}

	/**
	 * Hands bytes on, up to where the link is cut; how many it took.
	 * @param {'up' | 'down'} way
	 * @param {Buffer} bytes
	 * @param {import('node:net').Socket} to
	 */
	#deliver(way, bytes, to) {
		const room = this.#cutAt === null ? Infinity : this.#cutAt - this.total;
		const part = bytes.subarray(0, Math.min(room, bytes.length));
		to.write(part);
		this.counts[way] += part.length;
		this.lastAt = performance.now();
		if (room <= bytes.length) {
			this.#cutAt = null;
			this.counts.cuts += 1;
			// What came out is read before the connection is gone.
			const sockets = [...this.#sockets];
			setImmediate(() => sockets.forEach((socket) => socket.destroy()));
		}
		return bytes.length;
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
