/**
 * Reads codes from what a camera shows: with the browser's own reader where there is one, else with ours; and with both by
 * turns where the browser's reads nothing, since many know no dark mode and no mirror. A reader is asked again and again,
 * also after it read: of a moving code each picture is another.
 */

/** The code's text in what is on screen now, or null. */
export type Reader = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
	detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorMaker {
	new (options: { formats: string[] }): Detector;
	getSupportedFormats(): Promise<string[]>;
}

/** The longer side of a picture that our own reader looks at; more takes a slow phone too long. */
const SIDE_MAX = 1080;
/** So many times the browser's reader looks alone: on most phones it reads the code by then. */
const ALONE = 4;

/** The best reader that this browser has. */
export async function makeReader(): Promise<Reader> {
	const own = await ownReader();
	return own ? byTurns(own) : ourReader();
}

function byTurns(own: Reader): Reader {
	let looks = 0;
	let ours: Promise<Reader> | null = null;
	return async (video) => {
		looks++;
		if (looks <= ALONE || looks % 2 === 0) {
			const text = await own(video);
			// Where it reads, it goes on alone.
			if (text !== null) looks = 0;
			return text;
		}
		ours ??= ourReader();
		// A file that did not come may come at the next look; the browser's reader goes on meanwhile.
		const reader = await ours.catch(() => (ours = null));
		return reader ? reader(video) : own(video);
	};
}

async function ownReader(): Promise<Reader | null> {
	const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
	if (!Maker) return null;
	try {
		if (!(await Maker.getSupportedFormats()).includes('qr_code')) return null;
		const detector = new Maker({ formats: ['qr_code'] });
		return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
	} catch {
		return null;
	}
}

async function ourReader(): Promise<Reader> {
	const { readCode } = await import('./codec');
	const canvas = document.createElement('canvas');
	const context = canvas.getContext('2d', { willReadFrequently: true });
	let attempt = 0;
	/** The look that read last, and how often nothing was read since. */
	let good: number | null = null;
	let misses = 0;
	return (video) => {
		const { videoWidth: width, videoHeight: height } = video;
		if (!context || width === 0) return Promise.resolve(null);
		const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
		canvas.width = Math.round(width * scale);
		canvas.height = Math.round(height * scale);
		context.drawImage(video, 0, 0, canvas.width, canvas.height);
		// What read one picture is likely to read the next; after a miss the other looks have every second turn.
		const look = good !== null && misses % 2 === 0 ? good : attempt++;
		const text = readCode(context.getImageData(0, 0, canvas.width, canvas.height), look);
		if (text === null) misses++;
		else [good, misses] = [look, 0];
		return Promise.resolve(text);
	};
}
