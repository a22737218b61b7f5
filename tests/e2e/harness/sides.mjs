// @ts-check
/** Whether a screen stands as its language is written. */

/**
 * What is out of sight to the side, cut, or turned the wrong way; runs in the page.
 * @param {string} dir
 */
export function faultsOnScreen(dir) {
	/** @type {string[]} */
	const faults = [];
	const root = document.documentElement;
	if (root.dir !== dir) faults.push(`the page is written ${root.dir}`);
	if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} px wide of ${root.clientWidth}`);
	const turned = [...document.querySelectorAll('.flip')].every((icon) => (getComputedStyle(icon).scale.startsWith('-1')) === (dir === 'rtl'));
	if (!turned) faults.push('an arrow points the other way');
	for (const element of document.querySelectorAll('body *')) {
		if (!(element instanceof HTMLElement) || !element.checkVisibility()) continue;
		const { left, right, width } = element.getBoundingClientRect();
		const { overflowX, whiteSpace } = getComputedStyle(element);
		// What only screen readers read is a pixel wide.
		if (width <= 1) continue;
		if (left < -1 || right > root.clientWidth + 1) faults.push(`sticks out: ${element.outerHTML.slice(0, 140)}`);
		const hides = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
		if (hides && whiteSpace !== 'nowrap') faults.push(`cut: ${element.outerHTML.slice(0, 140)}`);
	}
	return faults.slice(0, 6);
}
