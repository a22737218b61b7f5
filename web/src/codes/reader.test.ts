import encode from 'qr';
import { afterEach, expect, test, vi } from 'vitest';
import { picture } from '../testing/sight';
import { makeReader } from './reader';

afterEach(() => vi.unstubAllGlobals());

/** A film that shows a code in dark mode, and a canvas that takes pictures of it. */
function film(text: string): HTMLVideoElement {
	const shown = picture(encode(text, 'raw', { border: 4 }), 6);
	const data = shown.data.map((value, at) => (at % 4 === 3 ? value : 255 - value));
	const context = { drawImage: () => {}, getImageData: () => ({ ...shown, data }) };
	vi.stubGlobal('document', { createElement: () => ({ getContext: () => context }) });
	return { videoWidth: shown.width, videoHeight: shown.height } as never;
}

/** A browser's own reader; counts its looks. */
function browserReads(detect: () => Promise<{ rawValue: string }[]>): { looks: number } {
	const count = { looks: 0 };
	vi.stubGlobal(
		'BarcodeDetector',
		class {
			static getSupportedFormats = (): Promise<string[]> => Promise.resolve(['qr_code']);
			detect = (): Promise<{ rawValue: string }[]> => {
				count.looks++;
				return detect();
			};
		},
	);
	return count;
}

test('p15 a code in dark mode is read where the browser has a reader that reads none or fails at each look', async () => {
	for (const detect of [
		(): Promise<[]> => Promise.resolve([]),
		(): Promise<never> => Promise.reject(new Error('none')),
	]) {
		const video = film('IN DARK MODE');
		const count = browserReads(detect);
		const read = await makeReader();
		const texts = [];
		for (let look = 0; look < 24; look++) texts.push(await read(video).catch(() => null));
		expect(texts).toContain('IN DARK MODE');
		expect(count.looks).toBeGreaterThan(12);
	}
});

test('what the browser reads by itself is taken, and ours is not asked', async () => {
	const video = film('OURS');
	browserReads(() => Promise.resolve([{ rawValue: 'THEIRS' }]));
	const read = await makeReader();
	for (let look = 0; look < 4; look++) expect(await read(video)).toBe('THEIRS');
});

test('a browser without a reader uses ours from the first look', async () => {
	const video = film('OURS');
	const read = await makeReader();
	const texts = [];
	for (let look = 0; look < 8; look++) texts.push(await read(video));
	expect(texts).toContain('OURS');
});
