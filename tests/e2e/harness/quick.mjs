// @ts-check
/** How soon a tap is answered: from the finger to the frame that shows the answer. */

/**
 * Taps, and measures until the page shows what is looked for.
 * @param {import('./phone.mjs').Phone} phone
 * @param {import('playwright-core').Locator} target
 * @param {{ selector: string, text?: string }} answer what must be on screen; `text` is within the element
 * @param {'tap' | { key: string }} [how]
 * @returns {Promise<number>} milliseconds
 */
export async function answeredIn(phone, target, answer, how = 'tap') {
	const { page } = phone;
	const measured = await page.evaluateHandle(
		({ selector, text, event }) => {
			const shows = () => {
				const all = [...document.querySelectorAll(selector)];
				return all.some((one) => (one.textContent ?? '').includes(text));
			};
			if (shows()) throw new Error(`${selector} ${text} is on screen already`);
			/** @type {Promise<number>} */
			const promise = new Promise((resolve) => {
				const begin = (/** @type {Event} */ { timeStamp }) => {
					const look = () => {
						if (!shows()) return void requestAnimationFrame(look);
						// What is there in a frame's callback is painted at its end.
						const channel = new MessageChannel();
						channel.port1.onmessage = () => resolve(performance.now() - timeStamp);
						channel.port2.postMessage(null);
					};
					requestAnimationFrame(look);
				};
				addEventListener(event, begin, { capture: true, once: true });
			});
			return { promise };
		},
		{ selector: answer.selector, text: answer.text ?? '', event: how === 'tap' ? 'pointerup' : 'keydown' },
	);
	if (how === 'tap') await target.tap();
	else await target.press(how.key);
	return measured.evaluate(({ promise }) => promise);
}
