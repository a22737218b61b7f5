/** Keeps the focus where it was when a list is drawn anew: a row that moves, or is made again, would lose it. */

/** What had the focus last, until the person leaves it. */
let held: HTMLElement | null = null;

/** What the same row would be found by. */
function selectorOf(element: HTMLElement): string | null {
	const href = element.getAttribute('href');
	return href === null ? null : `a[href="${CSS.escape(href)}"]`;
}

function redrawn(records: readonly MutationRecord[]): void {
	const was = held;
	if (was === null || document.activeElement !== document.body) return;
	const gone = records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(was)));
	if (!gone) return;
	const same = selectorOf(was);
	const place = gone.target instanceof Element && gone.target.isConnected ? gone.target : null;
	const again = was.isConnected ? was : same === null ? null : place?.querySelector<HTMLElement>(same);
	again?.focus({ preventScroll: true });
}

/** Watches from now on. */
export function keepFocus(): void {
	addEventListener('focusin', ({ target }) => {
		held = target instanceof HTMLElement ? target : null;
	});
	// A row that goes loses the focus and is seen to go in one turn; who leaves it by themself is gone for good.
	addEventListener('focusout', () => {
		const left = held;
		setTimeout(() => {
			if (held === left && document.activeElement !== left) held = null;
		});
	});
	new MutationObserver(redrawn).observe(document.body, { childList: true, subtree: true });
}
