/**
 * Text that must reach the screen. A page's translation takes text nodes away and puts its own in their place, which a
 * later text would never reach; here it replaces whatever is there.
 */
export function told(text: string): (element: Element) => void {
	return (element) => {
		if (element.textContent !== text || element.childElementCount > 0) element.textContent = text;
	};
}
