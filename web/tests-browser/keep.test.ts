/** What one takes on, over the stand-in: by touch, on a small phone with large text, said and seen. */
import { expect, test } from 'vitest';
import { hiddenSideways, look, page, smallTargets } from './fake-page';

const HOME = '#/c/c1a0';
const KEEP = `${HOME}/keep`;

/** A circle in which something goes on, something is asked, and something is over. */
async function lived(): Promise<void> {
	await page.evaluate(() => {
		const { keep } = globalThis.kithFake;
		const today = Math.floor(Date.now() / 86_400_000);
		const blank = {
			cmd: 'addCommitment',
			circle: 'c1a0',
			days: 0,
			due: null,
			from: '',
			since: today - 9,
		} as const;
		const key = (made: object): string => (made as { key: string }).key;
		const walk = key(
			keep.answers.addCommitment({ ...blank, with: 'm1', words: 'Walk to the river before work', days: 127 }),
		);
		keep.answered(walk, true);
		keep.noted(walk, today - 1, 'done', 'The first kingfisher of the year.');
		const call = key(keep.answers.addCommitment({ ...blank, with: null, words: 'Call my sister' }));
		const add = { cmd: 'addAttempt', circle: 'c1a0' } as const;
		keep.answers.addAttempt({ ...add, key: call, day: today - 4, outcome: 'notThisTime', note: '' });
		keep.answers.addAttempt({
			...add,
			key: call,
			day: today - 2,
			outcome: 'tried',
			note: 'She did not pick up.\nI left a word.',
		});
		keep.answers.addAttempt({ ...add, key: walk, day: today - 1, outcome: 'done', note: '' });
		const over = key(keep.answers.addCommitment({ ...blank, with: null, words: 'Sell the bottle rack' }));
		keep.answers.endCommitment({ cmd: 'endCommitment', circle: 'c1a0', key: over });
		keep.asked('No phone after ten', 'm2');
	});
}

test('something is taken on alone in a few taps, and how it went is noted with one', async () => {
	await look(KEEP);
	await page.getByText('Nothing yet.').waitFor();
	await page.getByRole('link', { name: 'Take something on' }).click();
	await page.getByRole('textbox', { name: 'What will you do?' }).fill(' Eat at noon ');
	await page.getByText('Only you can read this.').waitFor();
	await page.getByRole('button', { name: 'I take it on' }).click();
	await page.getByRole('link', { name: 'Eat at noon' }).waitFor();
	await page.getByRole('button', { name: 'Tried' }).click();
	await page.getByText('Noted for today: Tried').waitFor();
	await page.getByText('It is noted:').waitFor();
	const { commitments, attempts } = await page.evaluate(() => globalThis.kithFake.keep.all);
	expect(commitments.map(({ words, with: other }) => [words, other])).toEqual([['Eat at noon', null]]);
	expect(attempts.map(({ outcome }) => outcome)).toEqual(['tried']);
});

test('what is typed of something new stands after one went elsewhere', async () => {
	await look(`${KEEP}/new`);
	await page.getByRole('textbox', { name: 'What will you do?' }).fill('Half a thought');
	await page.getByRole('radio', { name: 'On days of the week' }).check();
	await page.getByRole('button', { name: 'Fri' }).click();
	await page.evaluate((home) => (location.hash = home), HOME);
	await page.getByRole('link', { name: 'What I take on' }).waitFor();
	await page.evaluate((address) => (location.hash = address), `${KEEP}/new`);
	await expect
		.poll(() => page.getByRole('textbox', { name: 'What will you do?' }).inputValue())
		.toBe('Half a thought');
	expect(await page.getByRole('button', { name: 'Fri' }).getAttribute('aria-pressed')).toBe('true');
});

test('what somebody said in a session becomes one’s own, with the words and the day kept', async () => {
	await look(`${HOME}/note/n0`);
	await page.locator('summary').filter({ hasText: 'What we said we would do' }).click();
	const mine = page.getByRole('link', { name: 'I take this on' }).first();
	await mine.scrollIntoViewIfNeeded();
	await mine.click();
	const box = page.getByRole('textbox', { name: 'What will you do?' });
	await expect.poll(() => box.inputValue()).not.toBe('');
	await page.getByText('From the session of').waitFor();
	await page.getByRole('button', { name: 'I take it on' }).click();
	await page.locator('[data-kept]').waitFor();
	const [first] = await page.evaluate(() => globalThis.kithFake.keep.all.commitments);
	expect(first?.from).toMatch(/^\w+\/\w+$/);
});

test('a partner is asked, and one answers whoever asks', async () => {
	await look(KEEP);
	await page.evaluate(() => void globalThis.kithFake.keep.asked('No phone after ten', 'm2'));
	await page.getByText('Nobody else does.').waitFor();
	await page.getByRole('button', { name: 'I am in' }).click();
	await page.getByRole('button', { name: 'Not this time' }).click();
	await page.getByText('Noted for today: Not this time').waitFor();
	await page.getByRole('link', { name: 'No phone after ten' }).click();
	await page.getByRole('button', { name: 'I would rather not any more' }).click();
	await page.getByText('You would rather not', { exact: true }).waitFor();
	expect(await page.getByRole('button', { name: 'Note it' }).count()).toBe(0);
});

test('every attempt is in the timeline with who sees it, and its writer takes it back for good', async () => {
	await look(KEEP);
	await lived();
	await page.getByRole('link', { name: 'All that I tried' }).click();
	await page.getByText('The first kingfisher of the year.').waitFor();
	const said = await page.locator('[data-attempt]').allInnerTexts();
	expect(said).toHaveLength(4);
	expect(said.filter((text) => text.includes('Only you can see this'))).toHaveLength(2);
	expect(said.filter((text) => /You and .* can see this/.test(text))).toHaveLength(2);
	expect(await page.getByRole('button', { name: 'Take back' }).count()).toBe(3);
	const tried = page.locator('[data-attempt]').filter({ hasText: 'She did not pick up.' });
	await tried.getByRole('button', { name: 'Take back' }).click();
	await tried.getByRole('button', { name: 'Take it back for good' }).click();
	await page.getByText('It was taken back').waitFor();
	expect(await page.locator('[data-attempt]').count()).toBe(3);
	expect(await page.evaluate(() => document.activeElement?.id)).toBe('attempts');
});

test('another day is noted, none before it was taken on and none to come, and an end can be undone', async () => {
	await look(KEEP);
	await lived();
	await page.getByRole('link', { name: 'Call my sister' }).click();
	await page.getByText(/^Since: /).waitFor();
	const iso = (days: number): Promise<string> =>
		page.evaluate((by) => new Date(Date.now() + by * 86_400_000).toISOString().slice(0, 10), days);
	await page.getByRole('button', { name: 'Done', exact: true }).click();
	await page.getByRole('button', { name: 'It was another day' }).click();
	const day = page.getByLabel('Which day was it?');
	await day.fill(await iso(-20));
	await page.getByRole('button', { name: 'Note it' }).click();
	await page.getByText('That is before you took it on.').waitFor();
	await day.fill(await iso(2));
	await page.getByRole('button', { name: 'Note it' }).click();
	await page.getByText('That day hasn’t come yet.').waitFor();
	await day.fill(await iso(-3));
	await page.getByRole('button', { name: 'Note it' }).click();
	await page.getByText('It is noted', { exact: true }).waitFor();
	expect(await page.locator('[data-attempt]').count()).toBe(3);
	await page.getByRole('button', { name: 'This one is done with' }).click();
	await page.getByRole('button', { name: 'Yes, it is done with' }).click();
	await page.getByText('You were done with it').waitFor();
	expect(await page.locator('[data-attempt]').count()).toBe(3);
	await page.getByRole('button', { name: 'Take it up again' }).click();
	await page.getByRole('button', { name: 'Note it' }).waitFor();
});

test('what waits is said at home, goes for today, and what was looked at waits no more', async () => {
	await look(HOME);
	await lived();
	const waits = page.getByRole('region', { name: 'Waiting for you' });
	await waits.getByText('asks whether you are in').waitFor();
	await waits.getByText('You meant to, today: ').waitFor();
	expect(await waits.getByRole('listitem').count()).toBe(2);
	await waits.getByText('What else waits').click();
	await waits.getByText('left something for you to see').waitFor();
	expect(await waits.innerText()).not.toMatch(/\d/);
	await waits.getByText('left something for you to see').click();
	await page.getByText('The first kingfisher of the year.').waitFor();
	await page.evaluate((home) => (location.hash = home), HOME);
	await waits.getByText('asks whether you are in').waitFor();
	await expect.poll(() => waits.getByText('left something for you to see').count()).toBe(0);
	await waits.getByRole('button', { name: 'Not today' }).click();
	await expect.poll(() => waits.count()).toBe(0);
	await page.evaluate((address) => (location.hash = address), KEEP);
	await page.getByText('Nobody else does.').waitFor();
	await page.evaluate((home) => (location.hash = home), HOME);
	await page.getByRole('link', { name: 'What I take on' }).waitFor();
	expect(await waits.count()).toBe(0);
});

test('with whoever is out nothing is noted, all of it stays, and one goes on alone', async () => {
	await look(KEEP);
	await lived();
	await page.evaluate(() => {
		const { keep } = globalThis.kithFake;
		const walk = keep.all.commitments.find(({ with: other }) => other === 'm1');
		if (walk) keep.closed(walk.key);
	});
	await page.locator('summary').filter({ hasText: 'Done with' }).click();
	await page.getByRole('link', { name: 'Walk to the river before work' }).click();
	await page.getByText(/^Since: /).waitFor();
	await page.getByText('Nothing more can be added to it').waitFor();
	expect(await page.getByRole('button', { name: 'Note it' }).count()).toBe(0);
	expect(await page.locator('[data-attempt]').count()).toBe(2);
	await page.getByRole('button', { name: 'Take it on by myself' }).click();
	const box = page.getByRole('textbox', { name: 'What will you do?' });
	await expect.poll(() => box.inputValue()).toBe('Walk to the river before work');
});

test('p24 on 320 pixels with text twice as large nothing is cut, and all that is tapped is a finger wide', async () => {
	for (const [hash, ready] of [
		[KEEP, 'asks'],
		[`${KEEP}/all`, 'attempts'],
		[`${KEEP}/new`, ''],
		[HOME, 'waits'],
	] as const) {
		for (const language of ['', 'es']) {
			await look(hash, true, language);
			await lived();
			if (ready) await page.locator(`#${ready}`).waitFor();
			expect(await hiddenSideways(), `${hash} ${language}`).toBe(0);
			if (hash !== HOME) expect(await smallTargets(), `${hash} ${language}`).toEqual([]);
		}
	}
});

test('an answer is begun with a few words, which by themselves are not sent', async () => {
	await look(`${HOME}/talk/t1`);
	const last = page.locator('li[data-key]:not(.mine)').last();
	await last.locator('button.more').click();
	await last.getByRole('button', { name: 'Reply', exact: true }).click();
	await page.getByRole('button', { name: 'Reflect' }).click();
	const box = page.getByRole('textbox', { name: 'Write to' });
	expect(await box.inputValue()).toBe('What I hear is ');
	expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
	await page.getByRole('button', { name: 'Encourage' }).click();
	expect(await box.inputValue()).toBe('It means something to me that you ');
	await box.pressSequentially('stayed.');
	await page.getByRole('button', { name: 'Ask', exact: true }).click();
	expect(await box.inputValue()).toBe('What would help you with stayed.');
	expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(false);
});

test('words wait an hour, are changed or thrown away until then, and go once', async () => {
	await look(`${HOME}/talk/t1`);
	const box = page.getByRole('textbox', { name: 'Write to' });
	const waiting = page.locator('[data-waits]');
	const sent = (): Promise<number> =>
		page.evaluate(() => globalThis.kithFake.asked.filter(({ cmd }) => cmd === 'send').length);
	await box.fill('I am done with all of you');
	await page.getByRole('button', { name: 'Let it wait an hour' }).click();
	await waiting.getByText('I am done with all of you').waitFor();
	expect([await box.inputValue(), await sent()]).toEqual(['', 0]);
	await waiting.getByRole('button', { name: 'Change' }).click();
	await expect.poll(() => box.inputValue()).toBe('I am done with all of you');
	await box.fill('I need some days');
	await page.getByRole('button', { name: 'Let it wait an hour' }).click();
	await waiting.getByText('I need some days').waitFor();
	expect(await hiddenSideways()).toBe(0);
	await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));
	await page.setViewportSize({ width: 320, height: 640 });
	expect(await hiddenSideways()).toBe(0);
	await waiting.getByRole('button', { name: 'Send now' }).click();
	await expect.poll(sent).toBe(1);
	await expect.poll(() => waiting.count()).toBe(0);
	await box.fill('Once more');
	await page.getByRole('button', { name: 'Let it wait an hour' }).click();
	await waiting.getByRole('button', { name: 'Throw away' }).click();
	await expect.poll(() => waiting.count()).toBe(0);
	expect(await sent()).toBe(1);
});
