/** Arabic by keyboard alone, over the stand-in: from home through a talk, a note, what helps and the plan. */
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { look, page } from './fake-page';

const HOME = '#/c/c1a0';
/** No screen has more stops. */
const STOPS_MAX = 80;

/** What the app says in Arabic. */
function said(part: string, ...path: string[]): string {
	const all: unknown = JSON.parse(readFileSync(`${import.meta.dirname}/../words/ar/${part}.json`, 'utf8'));
	const found = path.reduce((at, name) => (at as Record<string, unknown>)[name], all);
	if (typeof found !== 'string') throw new Error(`${part} has no ${path.join('.')}`);
	return found;
}

interface Stop {
	name: string;
	left: number;
	right: number;
	top: number;
	bottom: number;
	/** One sees where one is. */
	seen: boolean;
}

/** Where the focus is; null on nothing. */
function here(): Promise<Stop | null> {
	return page.evaluate(() => {
		const at = document.activeElement;
		if (!(at instanceof HTMLElement) || at === document.body) return null;
		// What takes the focus may show it on what stands around it.
		const shown = [at, at.closest('label'), at.nextElementSibling].some((one) => {
			if (!one) return false;
			const { outlineStyle, outlineWidth } = getComputedStyle(one);
			return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
		});
		// In a text that is written the frame turns green, and the caret stands.
		const writes = at.isContentEditable;
		const { left, right, top, bottom, width } = at.getBoundingClientRect();
		const inSight = bottom > 0 && top < innerHeight && width > 1;
		const name = (at.getAttribute('aria-label') ?? at.textContent).trim().slice(0, 40) || at.tagName;
		return {
			name,
			left,
			right,
			top: top + scrollY,
			bottom: bottom + scrollY,
			seen: (shown || writes) && inSight,
		};
	});
}

/** What is wrong with the way from one stop to the next: on one line it goes from right to left. */
function wrongWay(before: Stop, next: Stop): boolean {
	const middle = (next.top + next.bottom) / 2;
	const oneLine = before.top < middle && middle < before.bottom && before.bottom - before.top < 80;
	return oneLine && next.left >= before.right;
}

/** Presses Tab until the focus is there; each stop on the way is seen and in order. */
async function tabTo(wanted: Locator): Promise<void> {
	await wanted.waitFor();
	let before: Stop | null = null;
	for (let stop = 0; stop < STOPS_MAX; stop += 1) {
		if (await wanted.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
		// What is not on screen yet is brought there with the next frame.
		await expect
			.poll(async () => (await here())?.seen ?? true, { message: 'the focus is in sight' })
			.toBe(true);
		const at = await here();
		if (at && before) expect(wrongWay(before, at), `from "${before.name}" to "${at.name}"`).toBe(false);
		before = at;
	}
	throw new Error(`no way to ${wanted} by Tab`);
}

async function press(wanted: Locator): Promise<void> {
	await tabTo(wanted);
	await page.keyboard.press('Enter');
}

const link = (name: string): Locator => page.getByRole('link', { name, exact: true });
const back = (): Locator => link(said('first', 'nav', 'back'));

test('p24 in Arabic, by keyboard alone: a talk, a note, what helps, the plan, each stop seen and from right to left', async () => {
	await look(HOME, false, 'ar');
	expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');

	await press(page.locator('section[aria-labelledby="talk"] a.item').first());
	const box = page.locator('textarea');
	await tabTo(box);
	await page.keyboard.type('مساء الخير');
	await press(page.getByRole('button', { name: said('rooms', 'thread', 'send'), exact: true }));
	await page.locator('[data-key].mine').filter({ hasText: 'مساء الخير' }).waitFor();
	await press(back());

	await page.evaluate((home) => (location.hash = home), HOME);
	await press(page.locator('section[aria-labelledby="week"] a[href*="/note/"]').first());
	const title = page.getByRole('textbox', { name: said('rooms', 'note', 'title'), exact: true });
	await tabTo(title);
	await page.keyboard.press('Control+A');
	await page.keyboard.type('موسم الجفاف');
	const body = page.locator('[contenteditable="true"]').first();
	await tabTo(body);
	await page.keyboard.type('جلسنا تحت الشجرة ');
	await expect.poll(() => body.innerText()).toContain('جلسنا تحت الشجرة');
	expect(await title.inputValue()).toBe('موسم الجفاف');
	await press(back());

	await page.evaluate((home) => (location.hash = home), HOME);
	await press(link(said('rooms', 'home', 'toolkit')));
	await press(link(said('rare', 'toolkit', 'write')));
	await tabTo(page.getByLabel(said('rare', 'toolkit', 'name')));
	await page.keyboard.type('الراديو');
	await tabTo(page.getByLabel(said('rare', 'toolkit', 'text')));
	await page.keyboard.type('بصوت خافت طوال الليل.');
	await press(page.getByRole('button', { name: said('rare', 'toolkit', 'save'), exact: true }));
	await page.getByRole('heading', { level: 1, name: 'الراديو' }).waitFor();

	await page.evaluate((home) => (location.hash = home), HOME);
	await press(link(said('rooms', 'home', 'hard')));
	await page.getByRole('heading', { level: 1, name: said('plan', 'title') }).waitFor();
	await press(page.locator('main a[href*="/plan/"]').first());
	await page.locator('main ol a, main textarea').first().waitFor();
	const part = page.locator('main ol a').first();
	if (await part.isVisible()) await press(part);
	await tabTo(page.locator('main textarea, main input').first());
	await page.keyboard.type('لا أردّ على أحد');
	await press(page.locator('main form button.main').first());
	await page.locator('li[data-key]').filter({ hasText: 'لا أردّ على أحد' }).waitFor();
});
