// @ts-check
/** What a phone's engine holds of memory. */

/**
 * Bytes of WebAssembly memory in all workers of a phone's pages.
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
		return new Promise((resolve) => {
			/** @param {{ sessionId: string, message: string }} said */
			const hear = (said) => {
				const answer = JSON.parse(said.message);
				if (said.sessionId !== sessionId || answer.id !== id) return;
				session.off('Target.receivedMessageFromTarget', hear);
				resolve(answer.result);
			};
			session.on('Target.receivedMessageFromTarget', hear);
			void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
		});
	};
	const { result } = await ask('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
	const { objects } = await ask('Runtime.queryObjects', { prototypeObjectId: result.objectId });
	const declared = 'function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }';
	const counted = await ask('Runtime.callFunctionOn', { functionDeclaration: declared, objectId: objects.objectId, returnByValue: true });
	await session.send('Target.detachFromTarget', { sessionId });
	return counted.result.value;
}
