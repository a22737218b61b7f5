// @ts-check
/** What a phone's camera sees: the screen of another phone, as a film that the browser plays instead of a camera. */
import { rename, writeFile } from 'node:fs/promises';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 2;

/**
 * The browser's settings for a phone that films; the file may come later, but before the camera opens.
 * @param {string} film
 */
export const cameraFlags = (film) => [
	'--use-fake-ui-for-media-stream',
	'--use-fake-device-for-media-stream',
	`--use-file-for-fake-video-capture=${film}`,
];

/**
 * Holds one phone's code before another's camera: the film is of what is on that screen, a little grey, in YUV4MPEG2.
 * @param {import('playwright-core').Page} page which shows the code
 * @param {string} film
 */
export async function holdBefore(page, film) {
	const picture = await page.locator('[data-qr] canvas').screenshot();
	const grey = await page.evaluate(
		async ([png, width, height]) => {
			const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
			const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
			const canvas = new OffscreenCanvas(width, height);
			const context = canvas.getContext('2d');
			if (!context) throw new Error('no canvas');
			context.fillStyle = '#777';
			context.fillRect(0, 0, width, height);
			const side = height * 0.92;
			context.drawImage(image, (width - side) / 2, (height - side) / 2, side, side);
			const { data } = context.getImageData(0, 0, width, height);
			// One byte of each four, in the range of video.
			const luma = Array.from({ length: width * height }, (_, at) => 16 + ((data[at * 4] ?? 0) * 219) / 255);
			return btoa(luma.map((one) => String.fromCharCode(one)).join(''));
		},
		/** @type {const} */ ([picture.toString('base64'), WIDTH, HEIGHT]),
	);
	const frame = Buffer.concat([
		Buffer.from('FRAME\n'),
		Buffer.from(grey, 'base64'),
		Buffer.alloc((WIDTH * HEIGHT) / 2, 128),
	]);
	const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
	// The browser must never open half a film.
	await writeFile(`${film}.new`, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame)]));
	await rename(`${film}.new`, film);
}
