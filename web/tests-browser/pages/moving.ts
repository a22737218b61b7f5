/** A moving code on one phone and its reader on another, as a room mounts them; and films of the one for the other's camera. */
import { mount, unmount } from 'svelte';
import '../../src/app.css';
import { bring } from '../../src/words/load';
import { film, pictures, type Hand } from './moving-film';

/** What tests call. */
export interface MovingPage {
	show: (length: number, seed: number) => void;
	read: () => void;
	/** Both, as a room mounts them, with these bytes to show. */
	room: (length: number, seed: number) => void;
	/** What was read, and how long it took from the camera's first picture, ms. */
	got: { whole: string; ms: number } | null;
	/** What `show` shows, as `got` has it. */
	whole: (length: number, seed: number) => string;
	/** The next pictures that are shown, as PNG in base 64. */
	pictures: (count: number) => Promise<string[]>;
	/** Such pictures as another phone's camera sees them: a film (JPEG after JPEG) in base 64, in parts. */
	film: (pictures: string[], hand: Hand) => Promise<string>;
}

declare global {
	var movingPage: MovingPage;
}

await Promise.all([bring('first'), bring('rooms'), bring('rare')]);
const [{ default: Moving }, { default: MovingCode }, { default: MovingReader }] = await Promise.all([
	import('../../src/ui/Moving.svelte'),
	import('../../src/ui/MovingCode.svelte'),
	import('../../src/ui/MovingReader.svelte'),
]);

const target = document.getElementById('screen') as HTMLElement;
let mounted: Record<string, unknown> | null = null;
const clear = async (): Promise<void> => void (mounted && (await unmount(mounted)));

/** Bytes that no compression would make fewer. */
function bytesOf(length: number, seed: number): Uint8Array {
	let state = seed + 1;
	return Uint8Array.from({ length }, () => {
		state = Math.imul(state, 0x5bd1e995) ^ (state >>> 13);
		return state & 255;
	});
}
const base64 = (bytes: Uint8Array): string =>
	btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

globalThis.movingPage = {
	got: null,
	whole: (length, seed) => base64(bytesOf(length, seed)),
	show: (length, seed) =>
		void clear().then(() => {
			mounted = mount(MovingCode, { target, props: { bytes: bytesOf(length, seed), kind: 'bundle' } });
		}),
	read: () =>
		void clear().then(() => {
			globalThis.movingPage.got = null;
			let start = 0;
			const got = (bytes: Uint8Array): void => {
				globalThis.movingPage.got = { whole: base64(bytes), ms: performance.now() - start };
			};
			mounted = mount(MovingReader, { target, props: { kind: 'bundle', got } });
			document.querySelector('video')?.addEventListener('playing', () => (start ||= performance.now()));
		}),
	room: (length, seed) =>
		void clear().then(() => {
			const got = (bytes: Uint8Array): void => {
				globalThis.movingPage.got = { whole: base64(bytes), ms: 0 };
			};
			mounted = mount(Moving, { target, props: { bytes: bytesOf(length, seed), kind: 'bundle', got } });
		}),
	pictures,
	film,
};
