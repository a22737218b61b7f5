// @ts-check
/** The clock that people set; the one that runs on is left alone. */

/** @typedef {import('./phone.mjs').Phone} Phone */

/** What runs in a page or a worker: from now on its wall clock is so far off. @param {number} offsetMs */
function shift(offsetMs) {
	const kept = /** @type {{ kithNow?: () => number }} */ (/** @type {unknown} */ (globalThis));
	const real = (kept.kithNow ??= Date.now.bind(Date));
	Date.now = () => real() + offsetMs;
}

/**
 * Sets a phone's clock while the app runs, in the page and in its workers; a page that is opened anew has the machine's.
 * @param {Phone} phone
 * @param {number} offsetMs from the machine's time
 */
export async function setClock({ page }, offsetMs) {
	await page.evaluate(shift, offsetMs);
	await Promise.all(page.workers().map((worker) => worker.evaluate(shift, offsetMs)));
}

/** The phone is looked at again, as after sleep. @param {Phone} phone */
export async function wake({ page }) {
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}
