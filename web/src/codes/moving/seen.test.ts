import { afterEach, expect, test, vi } from 'vitest';
import { random } from '../../testing/random';
import { seen, type Picture, type Sight } from '../../testing/sight';
import { modulesOf } from '../make';
import { makeReader } from '../reader';
import { BYTES_MAX, cutOf } from './frame';
import { Gatherer } from './gather';
import { framesOf } from './make';

afterEach(() => vi.unstubAllGlobals());

/** A camera of which each look gives the picture that was set last. */
function camera(): { video: HTMLVideoElement; sees: (picture: Picture) => void } {
	const film = { videoWidth: 0, videoHeight: 0 };
	let now: Picture | null = null;
	const context = { drawImage: () => {}, getImageData: () => now };
	vi.stubGlobal('document', { createElement: () => ({ getContext: () => context }) });
	const sees = (picture: Picture): void => {
		now = picture;
		Object.assign(film, { videoWidth: picture.width, videoHeight: picture.height });
	};
	return { video: film as never, sees };
}

/** How many pictures may be needed for each that there must be. */
const SIGHTS: [string, Sight, number][] = [
	[
		'720 pixels, held by hand',
		{ side: 720, fill: 0.8, turn: 0.1, tilt: 0.15, blur: 1.4, noise: 0.05, shade: 0.3 },
		1.3,
	],
	[
		'480 pixels, turned and blurred',
		{ side: 480, fill: 0.85, turn: -0.06, tilt: 0.1, blur: 1, noise: 0.04, shade: 0.2 },
		1.3,
	],
	['360 pixels', { side: 360, fill: 0.95, turn: 0.03, tilt: 0.05, blur: 0.6, noise: 0.03, shade: 0.1 }, 1.2],
];

test.each(SIGHTS)(
	'p15 a moving code of the largest size is read as a camera sees it: %s',
	async (_, sight, most) => {
		const numbers = random(11);
		const bytes = Uint8Array.from({ length: BYTES_MAX }, () => numbers.below(256));
		const frame = await framesOf('bundle', bytes);
		const { video, sees } = camera();
		const read = await makeReader();
		const gatherer = new Gatherer('bundle');
		let looks = 0;
		for (; gatherer.share < 1 && looks < 200; looks++) {
			sees(seen(modulesOf(frame(looks)) ?? [], sight, numbers));
			gatherer.take((await read(video)) ?? '');
		}
		expect(await gatherer.whole()).toEqual(bytes);
		expect(looks).toBeLessThanOrEqual(most * cutOf(BYTES_MAX).count);
	},
	120_000,
);
