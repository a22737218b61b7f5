/** What only a lying or broken server brings about, looked at over the stand-in: on a small phone, and by keyboard. */
import { createServer, type ViteDevServer } from 'vite';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CircleWarning } from '../src/bridge/contract';
import type { FakeBridge } from '../src/testing/fake';
import { Phone } from './browser';

declare global {
	var kithFake: FakeBridge;
}

const WARNINGS: CircleWarning[] = [
	'fork',
	'other-person',
	'server-behind',
	'needs-update',
	'records-withheld',
];
const HOME = '#/c/c1a0';

const phone = new Phone();
let server: ViteDevServer;
let page: Page;

beforeAll(async () => {
	process.env['VITE_FAKE'] = '1';
	server = await createServer({ root: `${import.meta.dirname}/..`, logLevel: 'error', server: { port: 0 } });
	await server.listen();
	page = await phone.open('about:blank');
	await page.setViewportSize({ width: 320, height: 640 });
});
afterAll(async () => {
	await phone.end();
	await server.close();
});

async function look(hash: string): Promise<void> {
	await page.goto('about:blank');
	await page.goto(`${server.resolvedUrls?.local[0]}${hash}`);
	await page.waitForFunction(() => 'kithFake' in globalThis);
	await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
}

/** How many pixels of the page, or of a question on it, are out of sight to the side. */
function hiddenSideways(): Promise<number> {
	return page.evaluate(() => {
		const boxes = [document.documentElement, ...document.querySelectorAll('dialog[open]')];
		return Math.max(...boxes.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
	});
}

test.each(WARNINGS)(
	'p24 %s is told on the circle’s first screen, narrow and with large text',
	async (warning) => {
		await look(HOME);
		await page.evaluate((one) => globalThis.kithFake.warn(one), warning);
		await page.locator(`[data-warning="${warning}"] h2`).waitFor();
		expect(await hiddenSideways()).toBe(0);
		const safe = await page.getByText('All safe on the server').count();
		await page.getByRole('link', { name: 'Saved' }).click();
		const heading = page.getByRole('heading', {
			name: warning === 'needs-update' ? 'Everything is safe on the server.' : 'Everything was sent, but',
		});
		await heading.waitFor();
		expect(await hiddenSideways()).toBe(0);
		expect(safe, 'nothing is called safe while that is in doubt').toBe(warning === 'needs-update' ? 1 : 0);
	},
);

test('another circle’s warning is seen from here, and one tap away', async () => {
	await look(HOME);
	await page.evaluate(() => {
		globalThis.kithFake.secondWarning = 'server-behind';
		globalThis.kithFake.warn(null);
	});
	await page
		.getByRole('link', { name: 'There is something to read about “Facilitators, Nairobi west”' })
		.click();
	await page.waitForURL('**/#/c/c2b0');
});

test('a fork shows both sides to all, and the choice to facilitators alone, by keyboard', async () => {
	await look(`${HOME}/people`);
	await page.evaluate(() => globalThis.kithFake.warn('fork'));
	await page.getByText('43 entries').waitFor();
	await page.getByText('41 entries').waitFor();
	expect(await page.getByRole('button', { name: /^Go on/ }).count()).toBe(0);
	await page.evaluate(() => {
		globalThis.kithFake.lead();
		globalThis.kithFake.warn('fork');
	});
	await page.getByRole('button', { name: 'Go on with the other list' }).focus();
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog');
	await dialog.waitFor();
	expect(await hiddenSideways()).toBe(0);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	await page.locator('[data-warning="fork"]').waitFor();
	// Whoever looked and left is where they were.
	await page.locator('button:focus', { hasText: 'Go on with the other list' }).waitFor();
	await page.keyboard.press('Enter');
	await dialog.getByRole('button', { name: 'Go on with it' }).focus();
	await page.keyboard.press('Enter');
	await page.locator('[data-warning="fork"]').waitFor({ state: 'detached' });
});

test('what is tapped at once after a question was left is asked', async () => {
	await look(`${HOME}/people`);
	await page.evaluate(() => {
		globalThis.kithFake.lead();
		globalThis.kithFake.warn('fork');
	});
	await page.getByRole('button', { name: 'Go on with the other list' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.waitFor();
	// Before the browser has said that the first one closed.
	await page.evaluate(async () => {
		const tap = (label: string): void =>
			[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === label)?.click();
		tap('No, leave it');
		for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
		tap('Go on with the list on this phone');
	});
	await page.evaluate(() => new Promise((later) => setTimeout(later, 100)));
	await dialog
		.getByRole('heading', { name: 'Go on with the list on this phone?' })
		.waitFor({ timeout: 3_000 });
	expect(await page.evaluate(() => document.querySelectorAll('dialog[open]').length)).toBe(1);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
});

test('the question before taking somebody out is read from its beginning, and ticks nobody', async () => {
	await look(`${HOME}/people`);
	await page.evaluate(() => globalThis.kithFake.lead());
	await page.locator('summary', { hasText: 'Auntie Ruth' }).click();
	await page.getByRole('button', { name: 'Take Auntie Ruth out of the circle' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('group', { name: 'Take them out as well?' }).waitFor();
	expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
	expect(await dialog.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
	expect(await hiddenSideways()).toBe(0);
	const boxes = dialog.getByRole('checkbox');
	expect(await boxes.count()).toBeGreaterThan(3);
	expect(await dialog.locator('input:checked').count()).toBe(0);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Space');
	await dialog.getByRole('button', { name: 'Take out' }).click();
	await page.getByRole('status').filter({ hasText: 'were taken out.' }).waitFor();
	const asked = await page.evaluate(() => globalThis.kithFake.asked.at(-1));
	expect(asked).toMatchObject({ cmd: 'remove', member: 'm12' });
	expect(asked && 'also' in asked ? asked.also : []).toHaveLength(1);
});

test('what the server did not take is said on the circle’s first screen, and left by one tap', async () => {
	await look(HOME);
	await page.evaluate(() =>
		globalThis.kithFake.returns([
			{
				statement: 's1',
				what: 'remove',
				who: 'm1',
				whoName: 'Baraka',
				thing: '',
				why: 'a-new-code' as never,
			},
		]),
	);
	await page.getByRole('link', { name: 'The server didn’t accept something you did' }).click();
	await page
		.getByRole('group', { name: 'Taking Baraka out of the circle' })
		.getByText('The circle’s rules didn’t allow it.')
		.waitFor();
	expect(await hiddenSideways()).toBe(0);
	await page.getByRole('button', { name: 'Leave it' }).click();
	await page.getByText('The server didn’t accept this').waitFor({ state: 'detached' });
});
