/** Draws codes. */
import type { Modules } from '../codes/make';

/** The most of the screen's height that a code takes, so that it shows as a whole. */
const HEIGHT_PART = 0.8;

/**
 * Draws a code as large as `box` (CSS pixels) and the screen's height allow, each place a whole number of dots, dark on
 * white also where the page is dark: most readers know no other.
 */
export function drawCode(onto: HTMLCanvasElement, modules: Modules, box: number, screen: number): void {
	const context = onto.getContext('2d');
	if (!context) return;
	const dots = Math.min(box, screen * HEIGHT_PART) * devicePixelRatio;
	const scale = Math.max(1, Math.floor(dots / modules.length));
	onto.width = onto.height = modules.length * scale;
	onto.style.inlineSize = `${onto.width / devicePixelRatio}px`;
	context.fillStyle = '#fff';
	context.fillRect(0, 0, onto.width, onto.height);
	context.fillStyle = '#000';
	modules.forEach((row, y) => {
		row.forEach((dark, x) => {
			if (dark) context.fillRect(x * scale, y * scale, scale, scale);
		});
	});
}
