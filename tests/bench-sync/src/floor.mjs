// @ts-check
/** What no protocol can go below: the new information, compressed as well as it can be, over the link. */
const LEVEL = 19;

/** @typedef {{ up: number, down: number }} Floor bytes */

/**
 * @param {import('./workload.mjs').Workload} workload
 * @returns {Promise<{ a: Floor, b: Floor, c: Floor }>}
 */
export async function floors(workload) {
	const { compress, init } = await import('@bokuweb/zstd-wasm');
	await init();
	const bytes = (/** @type {import('./workload.mjs').Step[]} */ steps) => compress(Buffer.from(said(steps)), LEVEL).length;
	const { history, away, meanwhile } = workload;
	return {
		a: { up: bytes(away), down: bytes(meanwhile) },
		b: { up: 0, down: bytes([...history, ...away, ...meanwhile]) },
		c: { up: 0, down: 0 },
	};
}

/** Who says what, and when: without ids, names of fields, and what marks one burst from the next. */
function said(/** @type {import('./workload.mjs').Step[]} */ steps) {
	let last = 0;
	const rows = steps.map((step) => {
		const after = step.at - last;
		last = step.at;
		const head = [after, step.who];
		if (step.do === 'note') return [...head, 'n', step.title];
		if (step.do === 'write') return [...head, 'w', step.note, step.bursts.length, step.bursts.join('')];
		if (step.do === 'attend') return [...head, 'a', step.note, step.member, step.presence];
		if (step.do === 'item') return [...head, 'i', step.note, step.member, step.text];
		return [...head, 'm', step.thread, step.text];
	});
	return JSON.stringify(rows);
}

/**
 * One round trip, and the bytes over the bandwidth; up and down flow at once. In seconds.
 * @param {Floor} floor
 * @param {import('./proxy.mjs').Link} link
 */
export function seconds(floor, link) {
	const over = (/** @type {number} */ count, /** @type {number} */ kbit) => (kbit > 0 ? (count * 8) / (kbit * 1_000) : 0);
	return link.roundTripMs / 1_000 + Math.max(over(floor.up, link.upKbit), over(floor.down, link.downKbit));
}
