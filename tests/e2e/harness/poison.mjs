// @ts-check
/** Makes part of a page fail to draw, as a fault of ours would. */

/**
 * From now on, until the page is loaded anew, whatever shows this text throws.
 * @param {import('./phone.mjs').Phone} phone
 * @param {string} text
 */
export async function poison({ page }, text) {
	await page.evaluate((poisoned) => {
		for (const [type, name] of /** @type {const} */ ([[Node, 'nodeValue'], [Node, 'textContent']])) {
			const own = Object.getOwnPropertyDescriptor(type.prototype, name);
			Object.defineProperty(type.prototype, name, {
				...own,
				set(/** @type {unknown} */ value) {
					if (String(value).includes(poisoned)) throw new TypeError(`can't draw ${name}`);
					own?.set?.call(this, value);
				},
			});
		}
	}, text);
}
