// @ts-check
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { Proxy } from './proxy.mjs';
import { SEGMENT_BYTES, Wire } from './wire.mjs';

const OPEN = { upKbit: 0, downKbit: 0, roundTripMs: 0, loss: 0 };

/**
 * A server that answers each connection with so many bytes once it was asked, behind a proxy.
 * @param {import('./proxy.mjs').Link} link
 * @param {number} answerBytes
 * @param {(proxy: Proxy) => Promise<void>} body
 */
async function withProxy(link, answerBytes, body) {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => socket.end(Buffer.alloc(answerBytes, 7)));
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
	const address = server.address();
	const proxy = new Proxy(typeof address === 'object' && address ? address.port : 0, link, 1);
	await proxy.start();
	try {
		await body(proxy);
	} finally {
		await proxy.stop();
		await new Promise((resolve) => server.close(() => resolve(null)));
	}
}

/**
 * Asks with so many bytes; what came back, and how long that took.
 * @param {Proxy} proxy
 * @param {number} bytes
 */
async function ask(proxy, bytes) {
	const begun = performance.now();
	const socket = connect(proxy.port, '127.0.0.1');
	let got = 0;
	socket.on('data', (/** @type {Buffer} */ part) => (got += part.length));
	socket.on('error', () => {});
	socket.end(Buffer.alloc(bytes, 1));
	await once(socket, 'close');
	return { got, ms: performance.now() - begun };
}

test('bytes and connections are counted a direction', () =>
	withProxy(OPEN, 100_000, async (proxy) => {
		assert.equal((await ask(proxy, 10)).got, 100_000);
		assert.equal((await ask(proxy, 20)).got, 100_000);
		assert.deepEqual(proxy.counts, { up: 30, down: 200_000, connections: 2, cuts: 0 });
	}));

test('a link takes a round trip to open, another to answer, and its time for each byte', () =>
	withProxy({ upKbit: 0, downKbit: 800, roundTripMs: 200, loss: 0 }, 20_000, async (proxy) => {
		const { got, ms } = await ask(proxy, 10);
		assert.equal(got, 20_000);
		// 200 ms to open, 200 ms for the first byte, 200 ms for 20,000 bytes at 100,000 a second.
		assert.ok(ms > 590, `${ms} ms`);
	}));

test('a link is cut once after exactly so many bytes, and is there again', () =>
	withProxy(OPEN, 50_000, async (proxy) => {
		proxy.cutAfter(30_010);
		assert.equal((await ask(proxy, 10)).got, 30_000);
		assert.deepEqual([proxy.total, proxy.counts.cuts], [30_010, 1]);
		assert.equal((await ask(proxy, 10)).got, 50_000);
		assert.equal(proxy.counts.cuts, 1);
	}));

/**
 * When segments that are all sent at once come out.
 * @param {import('./wire.mjs').Shape} shape
 * @param {number} seed
 * @param {number} count
 */
function times(shape, seed, count) {
	const flow = new Wire(shape, seed).flow();
	return Array.from({ length: count }, () => flow.send(SEGMENT_BYTES, 0));
}

test('what does not fit into the first window waits for the far end', () => {
	const out = times({ bytesPerS: 0, roundTripMs: 1_000, loss: 0 }, 1, 71);
	// Ten segments, then twenty, then forty: a round trip between each.
	assert.deepEqual([out[0], out[9], out[10], out[29], out[30], out[69], out[70]], [500, 500, 1_500, 1_500, 2_500, 2_500, 3_500]);
});

test('a slow wire is shared by its connections and never idle', () => {
	const wire = new Wire({ bytesPerS: SEGMENT_BYTES, roundTripMs: 0, loss: 0 }, 1);
	const [a, b] = [wire.flow(), wire.flow()];
	assert.deepEqual([a.send(SEGMENT_BYTES, 0), b.send(SEGMENT_BYTES, 0), a.send(SEGMENT_BYTES, 0)], [1_000, 2_000, 3_000]);
});

test('losses hold up what is behind them, are as many as was said, and are the same for a seed', () => {
	const shape = { bytesPerS: 30_000, roundTripMs: 400, loss: 0.02 };
	assert.deepEqual(times(shape, 5, 500), times(shape, 5, 500));
	assert.notDeepEqual(times(shape, 5, 500), times(shape, 6, 500));
	const out = times(shape, 5, 500);
	assert.ok(out.every((at, index) => index === 0 || at >= (out[index - 1] ?? 0)));
	const wire = new Wire(shape, 5);
	const flow = wire.flow();
	for (let sent = 0; sent < 10_000; sent += 1) flow.send(SEGMENT_BYTES, 0);
	assert.ok(wire.lost > 150 && wire.lost < 260, `${wire.lost}`);
	assert.equal(times({ ...shape, loss: 0 }, 5, 10).at(-1), 200 + (10 * SEGMENT_BYTES) / 30);
});
