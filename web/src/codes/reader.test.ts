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

test('p15 what read one picture reads the next: of a moving code in dark mode no picture is lost', async () => {
	const video = film('IN DARK MODE');
	const read = await makeReader();
	while ((await read(video)) === null);
	for (let look = 0; look < 20; look++) expect(await read(video)).toBe('IN DARK MODE');
});

test('a browser’s reader that reads goes on alone', async () => {
	const video = film('OURS');
	const texts = ['1', null, '2', null, null, '3', null, null, null, '4'];
	const count = browserReads(() => {
		const text = texts[count.looks - 1];
		return Promise.resolve(text ? [{ rawValue: text }] : []);
	});
	const read = await makeReader();
	for (const text of texts) expect(await read(video)).toBe(text);
	expect(count.looks).toBe(texts.length);
});

test('a browser without a reader uses ours from the first look', async () => {
	const video = film('OURS');
	const read = await makeReader();
	const texts = [];
	for (let look = 0; look < 8; look++) texts.push(await read(video));
	expect(texts).toContain('OURS');
});
