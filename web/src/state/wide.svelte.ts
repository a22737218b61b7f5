/** Whether there is room for a list beside the page: a tablet, a laptop. */

const WIDE = '(min-width: 48rem)';

class Wide {
	on = $state(false);

	constructor() {
		const query = globalThis.matchMedia?.(WIDE);
		if (!query) return;
		this.on = query.matches;
		query.addEventListener('change', ({ matches }) => (this.on = matches));
	}
}

/** The page's width. */
export const wide = new Wide();
