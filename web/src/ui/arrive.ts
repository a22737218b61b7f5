import type { Attachment } from 'svelte/attachments';

let first = true;

/** For a screen's heading: takes the focus when the person came from another screen. */
export const arrive: Attachment<HTMLElement> = (heading) => {
	if (!first) heading.focus({ preventScroll: true });
	first = false;
};
