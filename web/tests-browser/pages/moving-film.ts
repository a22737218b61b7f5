/** Films of a moving code as a hand-held camera takes them. */

/** How the camera is held. */
export interface Hand {
	/** The part of the picture's height that the code takes, its quiet zone too. */
	fill: number;
	/** Out of focus by so many pixels of the camera. */
	blur: number;
	/** Turned by so many degrees, to and fro. */
	turn: number;
	/** How dark and grey the screen looks: 0 as it is, 1 all grey. */
	faint: number;
}

const WIDTH = 1280;
const HEIGHT = 720;
/** The browser plays films of JPEGs at so many pictures a second. */
const FILM_RATE = 30;
const SHOWN_RATE = 4;
const QUALITY = 0.7;

/** The next pictures on the screen, each as soon as it is drawn. */
export async function pictures(count: number): Promise<string[]> {
	const out: string[] = [];
	while (out.length < count) {
		await new Promise((resolve) => requestAnimationFrame(resolve));
		const canvas = document.querySelector<HTMLCanvasElement>('[data-moving] canvas');
		// A canvas on which nothing was drawn yet is no square.
		if (!canvas || canvas.width !== canvas.height) continue;
		const picture = canvas.toDataURL().replace(/^[^,]*,/, '');
		if (picture !== out.at(-1)) out.push(picture);
	}
	return out;
}

/** The film: each picture for as long as it is shown; where one follows another, the upper part is already the next. */
export async function film(shown: string[], hand: Hand): Promise<string> {
	const images = await Promise.all(
		shown.map(async (png) => createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())),
	);
	const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
	const context = canvas.getContext('2d');
	if (!context) throw new Error('no canvas');
	const parts: Blob[] = [];
	const count = Math.floor((images.length * FILM_RATE) / SHOWN_RATE);
	for (let at = 0; at < count; at++) {
		const from = (at * SHOWN_RATE) / FILM_RATE;
		const until = ((at + 1) * SHOWN_RATE) / FILM_RATE;
		const now = images[Math.floor(from)];
		const next = images[Math.floor(until)] ?? now;
		if (!now || !next) break;
		context.filter = 'none';
		context.fillStyle = '#777';
		context.fillRect(0, 0, WIDTH, HEIGHT);
		context.save();
		context.filter = `blur(${hand.blur}px)`;
		context.translate(WIDTH / 2 + 12 * Math.sin(at / 11), HEIGHT / 2 + 9 * Math.cos(at / 7));
		context.rotate((hand.turn * Math.sin(at / 19) * Math.PI) / 180);
		const side = HEIGHT * hand.fill;
		context.drawImage(now, -side / 2, -side / 2, side, side);
		// What a camera reads out while the screen changes.
		if (next !== now) {
			const part = ((at * 37) % 100) / 100;
			context.drawImage(next, 0, 0, next.width, next.height * part, -side / 2, -side / 2, side, side * part);
		}
		context.restore();
		context.fillStyle = `rgb(120 120 110 / ${hand.faint})`;
		context.fillRect(0, 0, WIDTH, HEIGHT);
		parts.push(await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }));
	}
	return new Promise((resolve, reject) => {
		const reading = new FileReader();
		reading.onerror = () => reject(reading.error ?? new Error('failed'));
		reading.onload = () => resolve(String(reading.result).replace(/^[^,]*,/, ''));
		reading.readAsDataURL(new Blob(parts));
	});
}
