/** What holds a circle together, one's own record and leaving, and the search, over the stand-in: small phones, large text, Arabic. */
import { expect, test } from 'vitest';
import type { RecordItem } from '../src/bridge/contract';
import { hiddenSideways, look, page, picture, smallTargets } from './fake-page';

const HOME = '#/c/c1a0';
const TOGETHER = `${HOME}/together`;
const STORIES = `${HOME}/stories`;
const FIND = `${HOME}/find`;
const RECORD = `${HOME}/record`;
const LEAVE = `${HOME}/leaveCircle`;

/** An agreement, roles, and what is said of how one begins. */
async function agreed(): Promise<void> {
	await page.evaluate(() => {
		const { together } = globalThis.kithFake;
		together.lines([
			{ item: 'a1', text: 'What is said here stays here, and what is not said too.', contested: [] },
			{ item: 'a2', text: 'Nobody has to speak. Nobody is interrupted.', contested: [] },
		]);
		const add = { cmd: 'addRole', circle: 'c1a0' } as const;
		together.answers.addRole({ ...add, name: 'Unlocks the room and lights the stove', member: 'm1' });
		together.answers.addRole({ ...add, name: 'Brings the tea', member: null });
	});
}

/** What this phone's person wrote. */
async function written(): Promise<void> {
	const blank: Omit<RecordItem, 'key'> = {
		kind: 'thread',
		audience: 'circle',
		place: 'Between meetings',
		madeMs: Date.now() - 90_000_000,
		day: null,
		body: 'here',
		text: 'I was up all night.',
		other: null,
		entry: null,
		part: null,
		phone: '',
		choice: null,
		kept: null,
		title: '',
		moments: [],
		passages: [],
		commitments: [],
	};
	const record: RecordItem[] = [
		{ ...blank, key: 'k1' },
		{ ...blank, key: 'k2', audience: 'pair', text: 'Are you up?', place: 'Baraka' },
	];
	await page.evaluate((items) => void (globalThis.kithFake.leaving.record = items), record);
}

/** Each screen, what makes it whole, and what stands on it then. */
const SCREENS: readonly (readonly [string, () => Promise<void>, string])[] = [
	[TOGETHER, agreed, '[data-line]'],
	[STORIES, () => Promise.resolve(), '[data-story]'],
	[`${STORIES}/new`, () => Promise.resolve(), '[data-will]'],
	[`${STORIES}/mark`, () => Promise.resolve(), '[data-will]'],
	[FIND, searched, 'a[data-hit]'],
	[RECORD, written, 'main button'],
	[LEAVE, () => Promise.resolve(), 'main button'],
];

async function searched(): Promise<void> {
	await page.getByRole('searchbox').fill('the');
	await page.locator('a[data-hit]').first().waitFor();
}

test('the agreement is agreed to by keyboard, and taken back, and both say so', async () => {
	await look(TOGETHER);
	await agreed();
	const agree = page.getByRole('button', { name: 'I agree to this' });
	await page.getByText('If you agree, everyone in the circle sees your name here.').waitFor();
	await agree.focus();
	await page.keyboard.press('Enter');
	await page.getByText('You agreed to this.').waitFor();
	await page.getByRole('button', { name: 'I don’t agree any more' }).focus();
	await page.keyboard.press('Space');
	await agree.press('Enter');
	await page.getByText('You agreed to this.').waitFor();
	await page.evaluate(() => {
		globalThis.kithFake.together.lines([
			{ item: 'a1', text: 'What is said here stays here.', contested: [] },
		]);
	});
	await page.locator('[data-changed]').waitFor();
	expect(await page.locator('[data-changed]').innerText()).toContain('Nobody has to speak.');
});

test('a story is told to some by touch, is reacted to, and a milestone stays one’s own', async () => {
	await look(STORIES);
	await page.getByRole('link', { name: 'Tell a story' }).click();
	await page.getByLabel('What it is called').fill('The bus');
	await page.getByLabel('Your story').fill('I stayed sitting.');
	await page.getByRole('radio', { name: 'People I choose' }).check();
	await page.getByRole('button', { name: 'Share it' }).click();
	expect(await page.evaluate(() => globalThis.kithFake.stories.all.length)).toBe(3);
	await page.locator('label.person').first().click();
	await expect.poll(() => page.locator('[data-will]').innerText()).not.toContain('Choose');
	await page.getByRole('button', { name: 'Share it' }).click();
	const mine = page.locator('[data-story]').filter({ hasText: 'The bus' });
	await mine.getByText('Only these people see this:').waitFor();
	const heron = page.locator('[data-story]').filter({ hasText: 'The heron' });
	await heron.getByRole('button', { name: 'I am with you' }).click();
	await heron.getByText('I am with you: ').waitFor();
	await mine.getByRole('button', { name: 'End it' }).click();
	await mine.getByRole('button', { name: 'End it for everyone, for good' }).click();
	await expect.poll(() => mine.count()).toBe(0);
});

test('what is found is reached by keyboard, with its words marked', async () => {
	await look(FIND);
	await page.getByRole('searchbox').focus();
	await page.keyboard.type('the');
	await page.locator('a[data-hit] mark').first().waitFor();
	await page.keyboard.press('Tab');
	const to = (): Promise<string | null | undefined> =>
		page.evaluate(() => document.activeElement?.getAttribute('href'));
	expect(await to()).toMatch(/^#\/c\/c1a0\//);
	expect(await page.evaluate(() => document.activeElement?.matches(':focus-visible'))).toBe(true);
	const address = await to();
	await page.keyboard.press('Enter');
	await expect.poll(() => page.evaluate(() => location.hash)).toBe(address);
});

test('p24 on small phones, with large text and in Arabic nothing is hidden sideways, and all that is tapped is a finger wide', async () => {
	for (const [hash, make, stands] of SCREENS) {
		for (const [large, language] of [
			[false, ''],
			[true, ''],
			[true, 'es'],
			[false, 'ar'],
			[true, 'ar'],
		] as const) {
			await look(hash, large, language);
			await make();
			await page.locator(stands).first().waitFor();
			const name = `${hash} ${language} ${large ? 'large' : ''}`;
			expect(await hiddenSideways(), name).toBe(0);
			expect(await smallTargets(), name).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.dir), name).toBe(
				language === 'ar' ? 'rtl' : 'ltr',
			);
			await picture(name);
		}
	}
});
