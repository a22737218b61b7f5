// @ts-check
/** The accessibility audit of what is on screen. */
import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/**
 * What breaks the rules, each as one line.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function audit(page) {
	await page.evaluate(axe.source);
	const violations = await page.evaluate(async (rules) => {
		const { axe } = /** @type {{ axe: typeof import('axe-core') }} */ (/** @type {unknown} */ (globalThis));
		const results = await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
		return results.violations.map(({ id, help, nodes }) => ({
			id,
			help,
			nodes: nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n').at(1)?.trim() ?? ''}`),
		}));
	}, RULES);
	return violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.join('\n    ')}`);
}
