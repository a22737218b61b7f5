/** Boxes that grow with what is typed into them. */

/** The browser does it by itself (`field-sizing: content`): measuring would lay out the whole page with each key. */
const byItself = globalThis.CSS?.supports('field-sizing', 'content');

/** Makes a box as high as its words, where the browser does not. */
export function grow(box: HTMLTextAreaElement | null): void {
	if (!box || byItself) return;
	box.style.blockSize = 'auto';
	box.style.blockSize = `${box.scrollHeight + 3}px`;
}
