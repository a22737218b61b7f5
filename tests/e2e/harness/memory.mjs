// @ts-check
/** What a phone's engine holds of memory. */

/**
 * Bytes of WebAssembly memory in all workers of a phone's pages; fails where a worker has no engine, or ends meanwhile.
 * @param {import('./phone.mjs').Phone} phone
 */
export async function wasmBytes(phone) {
	const browser = phone.context.browser();
	if (!browser) throw new Error('no browser to ask');
	const session = await browser.newBrowserCDPSession();
	try {
		const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'worker' }] });
		let bytes = 0;
		for (const { targetId } of targetInfos) bytes += await inWorker(session, targetId);
		return bytes;
	} finally {
		await session.detach();
	}
}

/** Of all these, what modules export as their memories, each once: their size. */
const BYTES = `function (...all) {
	const memories = new Set(all.map((one) => one?.memory).filter((one) => one instanceof WebAssembly.Memory));
	return [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}`;

/**
 * @param {import('playwright-core').CDPSession} session
 * @param {string} targetId
 * @returns {Promise<number>}
 */
async function inWorker(session, targetId) {
	const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
	let last = 0;
	/** @param {string} method @param {object} params @returns {Promise<any>} */
	const ask = (method, params) => {
		const id = (last += 1);
		return new Promise((resolve, reject) => {
			/** @param {{ sessionId: string }} gone */
			const end = (gone) => gone.sessionId === sessionId && reject(new Error(`the worker ended while it was asked for ${method}`));
			session.once('Target.detachedFromTarget', end);
			/** @param {{ sessionId: string, message: string }} said */
			const hear = (said) => {
				const answer = JSON.parse(said.message);
				if (said.sessionId !== sessionId || answer.id !== id) return;
				session.off('Target.receivedMessageFromTarget', hear).off('Target.detachedFromTarget', end);
				resolve(answer.result);
			};
			session.on('Target.receivedMessageFromTarget', hear);
			void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
		});
	};
	// Not by asking for all memories (`Runtime.queryObjects`): with two modules joined, Chromium 156 does not survive that.
	/** @param {string} objectId @returns {Promise<string[]>} */
	const membersOf = async (objectId) => {
		const { result: all } = await ask('Runtime.getProperties', { objectId, ownProperties: true });
		return all.flatMap((/** @type {any} */ one) => one.value?.objectId ?? []);
	};
	const { result } = await ask('Runtime.evaluate', { expression: 'globalThis.kithSecond' });
	if (result.type !== 'function') throw new Error('this worker has no engine');
	const { internalProperties } = await ask('Runtime.getProperties', { objectId: result.objectId });
	const scopes = internalProperties.find((/** @type {{ name: string }} */ { name }) => name === '[[Scopes]]');
	const variables = await Promise.all((await membersOf(scopes.value.objectId)).map(membersOf));
	const given = variables.flat().map((objectId) => ({ objectId }));
	const counted = await ask('Runtime.callFunctionOn', { functionDeclaration: BYTES, objectId: result.objectId, arguments: given, returnByValue: true });
	await session.send('Target.detachFromTarget', { sessionId });
	if (counted.result.value === 0) throw new Error('no memory was found in this worker');
	return counted.result.value;
}
