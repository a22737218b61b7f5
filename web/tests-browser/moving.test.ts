/** A moving code before a camera: the pictures that one page draws, as a film that another browser plays in a camera's place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { Phone } from './browser';
import type { Hand } from './pages/moving-film';

/** A cheap phone's screen, each CSS pixel one of its dots. */
const SMALL = { width: 360, height: 640 };
const HELD: Hand = { fill: 0.85, blur: 1, turn: 4, faint: 0.25 };
const LENGTH = 16_384;
const BOUND_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'kith-moving-'));
const film = join(folder, 'camera.mjpeg');
const [sender, reader, refused] = [
	new Phone(),
	new Phone(cameraOf(film)),
	new Phone(['--use-fake-device-for-media-stream', '--deny-permission-prompts']),
];
let server: ViteDevServer;

beforeAll(async () => {
	process.env['VITE_FAKE'] = '1';
	server = await createServer({ root: `${import.meta.dirname}/..`, logLevel: 'error', server: { port: 0 } });
	await server.listen();
});
afterAll(async () => {
	for (const phone of [sender, reader, refused]) await phone.end();
	await server.close();
	rmSync(folder, { recursive: true });
});

function cameraOf(file: string): string[] {
	return [
		'--use-fake-ui-for-media-stream',
		'--use-fake-device-for-media-stream',
		`--use-file-for-fake-video-capture=${file}`,
	];
}

async function open(phone: Phone, language = 'en'): Promise<Page> {
	const page = await phone.open('about:blank');
	await page.setViewportSize(SMALL);
	await page.goto(`${server.resolvedUrls?.local[0]}tests-browser/pages/moving.html?language=${language}`);
	await page.waitForFunction(() => 'movingPage' in globalThis);
	return page;
}

/** Pictures of codes of these seeds by turns, as they are drawn on a small screen. */
async function drawn(count: number, seeds: readonly number[], length = LENGTH): Promise<string[]> {
	const page = await open(sender);
	const each: string[][] = [];
	for (const seed of seeds) {
		await page.evaluate(([length, seed]) => globalThis.movingPage.show(length, seed), [
			length,
			seed,
		] as const);
		await page.waitForFunction(() => document.querySelector('[data-moving]')?.getAttribute('data-moving'));
		each.push(await page.evaluate((count) => globalThis.movingPage.pictures(count), count));
	}
	await page.close();
	return Array.from(
		{ length: count * seeds.length },
		(_, at) => each[at % seeds.length]?.[Math.floor(at / seeds.length)] ?? '',
	);
}

/** Those of one code, drawn once. */
let alone: Promise<string[]> | undefined;

/** Holds these pictures before the reader's camera. */
async function hold(pictures: string[], hand: Hand, slow = 1): Promise<Page> {
	const page = await open(reader);
	const made = await page.evaluate(([pictures, hand]) => globalThis.movingPage.film(pictures, hand), [
		pictures,
		hand,
	] as const);
	writeFileSync(film, Buffer.from(made, 'base64'));
	if (slow > 1) {
		const devtools = await page.context().newCDPSession(page);
		await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow });
	}
	await page.evaluate(() => globalThis.movingPage.read());
	return page;
}

test.each([
	['held by hand', HELD],
	['from further away', { ...HELD, fill: 0.7 }],
	['out of focus', { ...HELD, blur: 1.8 }],
	['by a phone eight times as slow', { ...HELD, slow: 8 }],
] as [string, Hand & { slow?: number }][])(
	'p15 16 KB are read from a 360 pixel wide screen in 30 s: %s',
	async (name, hand) => {
		const page = await hold(await (alone ??= drawn(40, [1])), hand, hand.slow);
		await page.waitForFunction(() => globalThis.movingPage.got, null, { timeout: 2 * BOUND_MS });
		const [got, whole] = await page.evaluate(
			(length) => [globalThis.movingPage.got, globalThis.movingPage.whole(length, 1)] as const,
			LENGTH,
		);
		console.log(`moving code, ${LENGTH} bytes, ${name}: ${((got?.ms ?? 0) / 1000).toFixed(1)} s`);
		expect(got?.whole).toBe(whole);
		expect(got?.ms).toBeLessThan(BOUND_MS);
		expect(await page.getByText('Everything is here.').count()).toBe(1);
		expect(await page.locator('video').isVisible()).toBe(false);
		await page.close();
	},
	180_000,
);

test('p15 two codes by turns in one picture are told, and what is read is one of them', async () => {
	const page = await hold(await drawn(34, [1, 2]), HELD);
	await page.locator('[data-notice="mixed"]').waitFor({ timeout: BOUND_MS });
	await page.waitForFunction(() => globalThis.movingPage.got, null, { timeout: 2 * BOUND_MS });
	const [got, wholes] = await page.evaluate(
		(length) =>
			[globalThis.movingPage.got, [1, 2].map((seed) => globalThis.movingPage.whole(length, seed))] as const,
		LENGTH,
	);
	expect(wholes).toContain(got?.whole);
	await page.close();
}, 180_000);

test('when nothing is seen for ten seconds, and when the camera is refused, it is told what to do', async () => {
	const [picture] = await (alone ??= drawn(40, [1]));
	const page = await hold(
		Array.from({ length: 8 }, () => picture ?? ''),
		{ ...HELD, faint: 1 },
	);
	await page.getByText('Point the camera at the moving code').waitFor();
	expect(await page.locator('[data-notice]').count()).toBe(0);
	await page.locator('[data-notice="unseen"]').waitFor({ timeout: 15_000 });
	expect(await page.locator('progress').count()).toBe(0);
	await page.close();

	const other = await open(refused);
	await other.evaluate(() => globalThis.movingPage.read());
	await other.locator('[data-camera="denied"]').waitFor();
	await other.getByRole('button', { name: 'Try the camera again' }).waitFor();
	await other.close();
}, 120_000);

test('p24 both fit a narrow screen with large text in each language, and the code is dark on white in the dark too', async () => {
	const page = await open(sender);
	for (const language of ['en', 'es', 'ar']) {
		await page.setViewportSize({ width: 320, height: 640 });
		await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
		await page.goto(`${page.url().replace(/\?.*/, '')}?language=${language}`);
		await page.waitForFunction(() => 'movingPage' in globalThis);
		await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
		await page.evaluate(() => globalThis.movingPage.show(9000, 3));
		await page.waitForFunction(() => document.querySelector('[data-moving]')?.getAttribute('data-moving'));
		const [picture] = await page.evaluate(() => globalThis.movingPage.pictures(1));
		expect(picture).toBeTruthy();
		const look = await page.evaluate(() => {
			const { scrollWidth, clientWidth } = document.documentElement;
			const [pause] = document.querySelectorAll('button');
			const canvas = document.querySelector('canvas');
			const corner = canvas?.getContext('2d')?.getImageData(0, 0, 1, 1).data;
			return { out: scrollWidth - clientWidth, tall: pause?.offsetHeight, corner: [...(corner ?? [])] };
		});
		expect(look.out, language).toBe(0);
		expect(look.tall).toBeGreaterThanOrEqual(44);
		expect(look.corner).toEqual([255, 255, 255, 255]);
		await page.evaluate(() => globalThis.movingPage.read());
		await page.locator('[data-camera]').waitFor();
		expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), language).toBe(0);
	}
	await page.close();
});

test('p24 whoever asked for less motion gets it at half the pace, and anyone can pause it by keyboard', async () => {
	const page = await open(sender);
	await page.emulateMedia({ reducedMotion: 'reduce' });
	await page.evaluate(() => globalThis.movingPage.show(9000, 3));
	const shown = page.locator('[data-moving^="KM:"]');
	await shown.waitFor();
	await page.getByRole('button', { name: 'Faster' }).waitFor();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.getByText('Paused.').waitFor();
	const still = await shown.getAttribute('data-moving');
	await page.waitForTimeout(1200);
	expect(await shown.getAttribute('data-moving')).toBe(still);
	await page.keyboard.press('Enter');
	await page.waitForFunction(
		(before) => document.querySelector('[data-moving]')?.getAttribute('data-moving') !== before,
		still,
	);
	await page.close();
});

test('a room shows a code and reads another, one at a time, and the camera is off once it is closed', async () => {
	const page = await open(reader);
	writeFileSync(
		film,
		Buffer.from(
			await page.evaluate(([pictures, hand]) => globalThis.movingPage.film(pictures, hand), [
				await drawn(3, [4], 1000),
				HELD,
			] as const),
			'base64',
		),
	);
	await page.evaluate(() => globalThis.movingPage.room(3000, 2));
	await page.getByRole('button', { name: 'Show it as a moving code' }).click();
	await page.locator('[data-moving^="KM:"]').waitFor();
	await page.getByRole('button', { name: 'Close' }).click();
	expect(await page.locator('canvas').count()).toBe(0);
	await page.getByRole('button', { name: 'Read a moving code with the camera' }).click();
	await page.waitForFunction(() => globalThis.movingPage.got, null, { timeout: BOUND_MS });
	expect(
		await page.evaluate(() => globalThis.movingPage.got?.whole === globalThis.movingPage.whole(1000, 4)),
	).toBe(true);
	expect(await page.locator('video').count()).toBe(0);
	await page.close();
}, 120_000);
