/** What a search found, over the stand-in: one tap, and it is on screen with the focus on it. */
import { expect, test } from 'vitest';
import { look, page } from './fake-page';

const FIND = '#/c/c1a0/find';

/** Looks for words and taps the first hit. */
async function open(words: string): Promise<void> {
	await page.getByRole('searchbox').fill(words);
	await page.locator('[data-hit]').first().click();
}

/** What has the focus, once it has words in it, and whether it can be seen. */
async function focused(words: string): Promise<boolean> {
	await page.waitForFunction(
		(text) => document.activeElement !== document.body && document.activeElement?.textContent.includes(text),
		words,
	);
	return page.evaluate(() => {
		const box = document.activeElement?.getBoundingClientRect();
		return box !== undefined && box.top >= 0 && box.top < innerHeight;
	});
}

test('an entry of the journal is opened at itself, however far down it stands', async () => {
	await look(FIND);
	await page.evaluate(() => {
		const today = Math.floor(Date.now() / 86_400_000);
		for (let at = 0; at < 60; at++)
			globalThis.kithFake.journal.has(today - at, {
				kind: 'text',
				text: at === 50 ? 'The kingfisher' : 'A day',
			});
	});
	await open('kingfisher');
	expect(await focused('The kingfisher')).toBe(true);
});

test('a line of the plan is opened at itself', async () => {
	await look(FIND);
	const text = await page.evaluate(() => globalThis.kithFake.plan.lines.at(-1)?.text ?? '');
	await open(text);
	expect(await focused(text)).toBe(true);
	expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(text);
});
