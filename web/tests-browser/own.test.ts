/** How one is oneself, over the stand-in: noted by touch and by keyboard, on a small phone with large text, seen and said. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import type { OwnEntry } from '../src/bridge/contract';
import { hiddenSideways, look, page, smallTargets } from './fake-page';

const OWN = '#/c/c1a0/me';

function kept(): Promise<OwnEntry[]> {
	return page.evaluate(() => globalThis.kithFake.journal.entries.flatMap(({ entry }) => entry ?? []));
}

/** Entries that were there before. */
async function has(values: number[]): Promise<void> {
	await page.evaluate((all) => {
		const today = Math.floor(Date.now() / 86_400_000);
		const { journal } = globalThis.kithFake;
		for (const [at, mood] of all.entries())
			journal.has(today - all.length + 1 + at, {
				kind: 'checkIn',
				...{ mood, craving: 4 - mood, sleep: null, energy: null, note: '' },
			});
	}, values);
}

const question = (name: string): Locator => page.getByRole('radiogroup', { name });
const answer = (name: string): Locator => page.getByRole('radio', { name, exact: true });

/** Taps an answer of a check-in. */
const tap = (asked: string, name: string): Promise<void> =>
	question(asked).getByRole('radio', { name, exact: true }).click();

test('a check-in takes a few taps, and nothing is typed', async () => {
	await look(OWN);
	await tap('How is your mood?', 'Low');
	await tap('How much energy do you have?', 'Some');
	await page.getByRole('button', { name: 'Keep it' }).click();
	await page.getByText('Kept. Only you can read it.').waitFor();
	expect(await kept()).toEqual([
		{ kind: 'checkIn', mood: 1, craving: null, sleep: null, energy: 2, note: '' },
	]);
	await page.getByText(/^Mood: “Low” on /).waitFor();
	expect(await page.locator('main :checked').count()).toBe(0);
	await page.getByRole('button', { name: 'Keep it' }).click({ force: true });
	expect(await kept()).toHaveLength(1);
});

test('p24 a check-in is answered, changed and taken back by keyboard', async () => {
	await look(OWN);
	await answer('Very low').focus();
	await page.keyboard.press('Space');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	expect(await page.locator('[data-question=mood] :checked').getAttribute('value')).toBe('2');
	await question('How is your mood?').getByRole('button', { name: 'No answer' }).focus();
	await page.keyboard.press('Enter');
	expect(await page.locator('main :checked').count()).toBe(0);
});

test('what was answered stands after one went elsewhere', async () => {
	await look(OWN);
	await tap('How did you sleep?', 'Badly');
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.getByRole('link', { name: 'How I am' }).click();
	await page.locator('[data-question=sleep] :checked').waitFor();
});

test('a questionnaire can be skipped through, gone back in and left, and says in the end what it can', async () => {
	await look(`${OWN}/phq-4`);
	await page.getByText('Question 1 of 4').waitFor();
	await answer('Several days').check();
	await page.getByRole('button', { name: 'Next' }).click();
	await page.getByText('Question 2 of 4').waitFor();
	expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('LEGEND');
	await page.getByRole('button', { name: 'Skip this one' }).click();
	await answer('Nearly every day').check();
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.getByRole('heading', { name: 'This week' }).waitFor();
	await page.evaluate(() => (location.hash = '#/c/c1a0/me/phq-4'));
	await page.getByText('Question 4 of 4').waitFor();
	await page.getByRole('button', { name: 'Back' }).click();
	expect(await answer('Nearly every day').isChecked()).toBe(true);
	await page.getByRole('button', { name: 'Next' }).click();
	await answer('Not at all').check();
	await page.getByRole('button', { name: 'See what it says' }).click();

	await page.getByText('You left 1 question open.').waitFor();
	await page.getByText('This isn’t a diagnosis.').waitFor();
	await page.getByRole('button', { name: 'Go back to what’s open' }).click();
	await page.getByText('Question 2 of 4').waitFor();
	await answer('Several days').check();
	for (const name of ['Next', 'Next', 'See what it says']) await page.getByRole('button', { name }).click();
	await page.getByText('5 of 12').waitFor();
	await page.getByText('On its scale, 3 to 5 is “mild”.').waitFor();
	expect(await kept()).toEqual([{ kind: 'filled', instrument: 'phq-4', version: 1, answers: [1, 1, 3, 0] }]);
	await page.locator('summary', { hasText: 'Where this comes from' }).click();
	await page.getByText(/No permission required/).waitFor();
});

test('a questionnaire without texts in one’s language says so, and is asked in the one it has', async () => {
	await look(`${OWN}/barc-10`, false, 'es');
	await page.getByText(/Este cuestionario está aquí solo en inglés\./).waitFor();
	await page.getByText('I get lots of support from friends.').waitFor({ state: 'detached' });
	expect(await page.locator('fieldset').getAttribute('lang')).toBe('en');
	await look(`${OWN}/phq-4`, false, 'es');
	await page.getByText('Se ha sentido nervioso(a), ansioso(a) o con los nervios de punta').waitFor();
	expect(await page.getByText(/solo en/).count()).toBe(0);
});

/** The entries as they stand in the list. */
const listed = (): Locator => page.locator('li[data-entry]');

test('a note and another day go with a check-in; it is changed, and taken back for good', async () => {
	await look(OWN);
	await page.getByLabel('A note, if you like').fill('Rain all night.');
	await page.getByRole('button', { name: 'It’s about another day' }).click();
	const day = page.getByLabel('Which day is it about?');
	const iso = (back: number): Promise<string> =>
		page.evaluate((days) => {
			const date = new Date(Date.now() - days * 86_400_000);
			const two = (one: number): string => String(one).padStart(2, '0');
			return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
		}, back);
	expect(await day.inputValue()).toBe(await iso(1));
	await day.fill(await iso(-1));
	await page.getByRole('button', { name: 'Keep it' }).click();
	await page.getByText('That day hasn’t come yet.').waitFor();
	expect(await kept()).toEqual([]);
	await day.fill(await iso(3));
	await page.getByRole('button', { name: 'Keep it' }).click();
	await page.getByText('Kept. Only you can read it.').waitFor();
	const days = await page.evaluate(() =>
		globalThis.kithFake.journal.entries.map(({ day }) => Math.floor(Date.now() / 86_400_000) - day),
	);
	expect(days).toEqual([3]);
	expect(await listed().innerText()).toMatch(/Rain all night\.\s+Only you/);
	expect(await page.getByLabel('A note, if you like').inputValue()).toBe('');

	await listed().getByRole('button', { name: 'Change' }).click();
	const note = listed().getByLabel('A note, if you like');
	expect(await note.inputValue()).toBe('Rain all night.');
	await listed().getByRole('radio', { name: 'Low', exact: true }).click();
	await note.fill('Rain, and then none.');
	// What was begun stands after one went elsewhere.
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.getByRole('link', { name: 'How I am' }).click();
	await listed().getByRole('button', { name: 'Keep it' }).waitFor();
	expect(await note.inputValue()).toBe('Rain, and then none.');
	await listed().getByRole('button', { name: 'Keep it' }).click();
	await page.getByText('Changed. What stood there is gone.').waitFor();
	expect(await kept()).toEqual([
		{ kind: 'checkIn', mood: 1, craving: null, sleep: null, energy: null, note: 'Rain, and then none.' },
	]);
	expect(await listed().innerText()).toContain('Mood: Low');
	await listed().getByRole('button', { name: 'Take this back' }).click();
	expect(await kept()).toHaveLength(1);
	await listed().getByRole('button', { name: 'Yes, for good' }).click();
	await page.getByText('Taken back. It’s gone everywhere, for good.').waitFor();
	expect([await kept(), await listed().count()]).toEqual([[], 0]);
});

test('a questionnaire is answered again in the place of what was kept, of its day', async () => {
	await look(OWN);
	await page.evaluate(() => {
		const day = Math.floor(Date.now() / 86_400_000) - 9;
		const answers = [1, 1, 3, 0];
		globalThis.kithFake.journal.has(day, { kind: 'filled', instrument: 'phq-4', version: 1, answers });
		globalThis.kithFake.journal.has(day, { kind: 'filled', instrument: 'own-pack', version: 1, answers });
		globalThis.kithFake.tell({ notice: 'lists', circle: 'c1a0', what: ['journal'] });
	});
	expect(await listed().filter({ hasText: 'own-pack' }).getByRole('button', { name: 'Change' }).count()).toBe(
		0,
	);
	const one = listed().filter({ hasText: 'PHQ-4: 5 of 12' });
	await one.getByRole('button', { name: 'See what it says' }).click();
	await page.getByText('On its scale, 3 to 5 is “mild”.').waitFor();
	expect(await hiddenSideways()).toBe(0);
	await one.getByRole('button', { name: 'See what it says' }).click();
	await page.getByText('On its scale, 3 to 5 is “mild”.').waitFor({ state: 'detached' });
	expect(await page.getByRole('link', { name: 'Are you safe right now?' }).count()).toBe(0);
	await page.evaluate(() => {
		const answers = [null, null, null, null, null, null, null, null, 1];
		const day = Math.floor(Date.now() / 86_400_000);
		globalThis.kithFake.journal.has(day, { kind: 'filled', instrument: 'phq-9', version: 1, answers });
		globalThis.kithFake.tell({ notice: 'lists', circle: 'c1a0', what: ['journal'] });
	});
	const way = listed().filter({ hasText: 'PHQ-9' }).getByRole('link', { name: 'Are you safe right now?' });
	await way.waitFor();
	await one.getByRole('button', { name: 'Change' }).click();
	await page.getByText('Question 1 of 4').waitFor();
	expect(await answer('Several days').isChecked()).toBe(true);
	await answer('Not at all').check();
	for (const name of ['Next', 'Next', 'Next', 'See what it says'])
		await page.getByRole('button', { name }).click();
	await page.getByText('4 of 12').waitFor();
	const entries = await page.evaluate(() =>
		globalThis.kithFake.journal.entries.map(({ day, entry }) => [
			Math.floor(Date.now() / 86_400_000) - day,
			entry?.kind === 'filled' && entry.instrument,
		]),
	);
	expect(entries).toEqual([
		[9, 'own-pack'],
		[0, 'phq-9'],
		[9, 'phq-4'],
	]);
});

/** What the circle's facilitators say of it. */
const decide = (given: {
	followUpWho?: string;
	followUpBy?: string;
	aboutAlcohol?: boolean;
}): Promise<void> =>
	page.evaluate(async (said) => {
		globalThis.kithFake.people.leads = true;
		await globalThis.kithFake.ask({ cmd: 'setCircle', circle: 'c1a0', ...said });
	}, given);
const FOLLOW_UP = { followUpWho: 'Ruth, nurse', followUpBy: 'the next day' };

test('PHQ-9 is there where somebody follows up, and says who before it asks; PACS where the circle is about alcohol', async () => {
	for (const [id, why] of [
		['phq-9', 'In your circle nobody does yet.'],
		['pacs', 'only in circles that are about alcohol'],
	] as const) {
		await look(`${OWN}/${id}`);
		await page.getByText(why).waitFor();
		expect(await page.locator('main input').count()).toBe(0);
	}
	await look(OWN);
	await page.getByRole('link', { name: /PHQ-8/ }).waitFor();
	expect(await page.getByRole('link', { name: /PHQ-9|PACS/ }).count()).toBe(0);
	await decide({ ...FOLLOW_UP, aboutAlcohol: true });
	await page.getByRole('link', { name: /PACS/ }).waitFor();
	await page.getByRole('link', { name: /PHQ-9/ }).click();
	await page.getByText('Who follows up on such an answer: Ruth, nurse').waitFor();
	await page.getByText('By when: the next day').waitFor();
	await page.getByText('only if you choose to tell them').waitFor();
	expect(await hiddenSideways()).toBe(0);
	expect(await page.locator('main input').count()).toBe(0);
	await page.getByRole('button', { name: 'Begin' }).click();
	await page.getByText('Question 1 of 9').waitFor();
	await page.waitForFunction(() => document.activeElement?.tagName === 'LEGEND');
	// What was begun goes on, and is not open any more where nobody follows up since.
	await answer('Several days').check();
	await page.evaluate(() => (location.hash = '#/c/c1a0/me'));
	await page.getByRole('link', { name: /PHQ-9/ }).click();
	await page.getByText('Question 2 of 9').waitFor();
	await decide({ followUpWho: '', followUpBy: '' });
	await page.getByText('In your circle nobody does yet.').waitFor();
	expect(await page.locator('main input').count()).toBe(0);
});

/** What was sent from this page, where to. */
const sends = (): Promise<[string, string][]> =>
	page.evaluate(() =>
		globalThis.kithFake.asked.flatMap((one) =>
			one.cmd === 'send' ? [[one.thread, one.text] as [string, string]] : [],
		),
	);

test('an answer that worries opens whom to call and tell; nothing goes by itself, and where it is is said', async () => {
	await look(OWN);
	await decide({ ...FOLLOW_UP });
	await page.evaluate(() => (location.hash = '#/c/c1a0/me/phq-9'));
	await page.getByRole('button', { name: 'Begin' }).click();
	for (let at = 0; at < 8; at++) await page.getByRole('button', { name: 'Skip this one' }).click();
	await answer('Several days').check();
	// The entry is not kept: what is there for safety comes all the same.
	await page.evaluate(() => globalThis.kithFake.fails.set('addEntry', 'storage-failed'));
	await page.getByRole('button', { name: 'See what it says' }).click();
	await page.getByRole('heading', { level: 1, name: 'Are you safe right now?' }).waitFor();
	expect(await page.title()).toBe('How I am · Kith');
	await page.getByRole('link', { name: 'My plan for hard moments' }).waitFor();
	await page.getByRole('heading', { name: 'Helplines' }).waitFor();
	await page.getByText(/this is who follows up: .*Ruth, nurse.*the next day/).waitFor();
	expect(await sends()).toEqual([]);
	const people = page.locator('section', { hasText: 'Tell a person I choose' }).getByRole('listitem');
	expect(await people.first().innerText()).toMatch(/^Auntie Ruth\s+Facilitator$/);
	for (const large of [true, false]) {
		await page.setViewportSize({ width: large ? 320 : 360, height: 640 });
		await page.evaluate((size) => (document.documentElement.style.fontSize = size), large ? '200%' : '');
		expect(await hiddenSideways()).toBe(0);
		expect(await smallTargets()).toEqual([]);
	}
	await people.first().getByRole('button').click();
	await page.getByText('Only you and Auntie Ruth can read it.').waitFor();
	expect(await sends()).toEqual([]);
	await page.getByLabel('Your words').fill('Please call me.');
	await page.evaluate(() => globalThis.kithFake.fails.set('send', 'storage-failed'));
	await page.getByRole('button', { name: 'Send it' }).click();
	const status = page.getByRole('status').filter({ hasText: 'Not delivered yet: call.' });
	await status.waitFor();
	await page.getByRole('button', { name: 'Send it' }).click();
	await page.getByRole('link', { name: 'Open the conversation' }).waitFor();
	await status.waitFor();
	const leader = 'm12';
	expect((await sends()).at(-1)).toEqual([leader, 'Please call me.']);
	// It is said again after one went elsewhere, as long as it holds.
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.evaluate(() => (location.hash = '#/c/c1a0/me/safety'));
	await status.waitFor();
	await page.evaluate((thread) => globalThis.kithFake.deliver(thread), leader);
	await page.getByRole('status').filter({ hasText: 'Delivered to the server.' }).waitFor();
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.evaluate(() => (location.hash = '#/c/c1a0/me/safety'));
	await page.getByText('To whom?').waitFor();
	await people.first().getByRole('button').click();
	expect(await page.getByLabel('Your words').inputValue()).toMatch(/^I’m not doing well right now/);
});

test('a word is asked for of a buddy first, another member, or the circle, in words that can be changed', async () => {
	await look(OWN);
	await page.evaluate(async () => {
		const choose = { cmd: 'choose', circle: 'c1a0', on: true } as const;
		await globalThis.kithFake.ask({ ...choose, choice: 'buddy', member: 'm5' });
		await globalThis.kithFake.ask({ ...choose, choice: 'blocked', member: 'm3' });
	});
	await tap('How is your mood?', 'Very low');
	await page.getByRole('button', { name: 'Keep it' }).click();
	await page.getByText('Kept. Only you can read it.').waitFor();
	const opens = page.getByRole('button', { name: 'I could use a word today' });
	await opens.click();
	expect(await opens.getAttribute('aria-expanded')).toBe('true');
	const word = page.locator('main section').first();
	const places = word.getByRole('listitem');
	await places.first().waitFor();
	expect(await places.first().innerText()).toContain('Your buddy');
	expect(await places.nth(1).innerText()).toContain('Auntie Ruth');
	expect(await places.filter({ hasText: 'Everyone in the circle can read it.' }).count()).toBe(3);
	expect(await smallTargets()).toEqual([]);
	await places.filter({ hasText: 'Between meetings' }).getByRole('button').click();
	await word.getByText('Everyone in the circle can read it.').waitFor();
	await word.getByRole('button', { name: 'Choose somebody else' }).click();
	await places.first().getByRole('button').click();
	expect(await word.getByLabel('Your words').inputValue()).toBe('I could use a word today.');
	await word.getByLabel('Your words').fill('Could you call tonight?');
	// What was begun is open again, to whom it was meant for.
	await page.evaluate(() => (location.hash = '#/c/c1a0'));
	await page.getByRole('link', { name: 'How I am' }).click();
	await word.getByRole('button', { name: 'Send it' }).click();
	await word.getByText('On this phone. It goes by itself').waitFor();
	expect(await sends()).toEqual([['m5', 'Could you call tonight?']]);
	await word.getByRole('link', { name: 'Open the conversation' }).click();
	await page.getByText('Could you call tonight?').waitFor();
});

test('one item is shared in plain words that stand there before they go, from its result and from the list', async () => {
	await look(`${OWN}/phq-4`);
	for (let at = 0; at < 3; at++) {
		await answer('Several days').check();
		await page.getByRole('button', { name: 'Next' }).click();
	}
	await answer('Several days').check();
	await page.getByRole('button', { name: 'See what it says' }).click();
	const share = page.getByRole('button', { name: 'Share this with …' });
	await share.click();
	await page.getByRole('button', { name: /Auntie Ruth/ }).click();
	const words = page.getByLabel('Your words');
	expect(await words.inputValue()).toMatch(/^PHQ-4 on .+: 4 of 12\.$/);
	expect(await sends()).toEqual([]);
	await page.getByRole('button', { name: 'Send it' }).click();
	await page.getByText('On this phone. It goes by itself').waitFor();
	expect(await sends()).toEqual([['m12', expect.stringMatching(/^PHQ-4 on .+: 4 of 12\.$/)]]);

	await page.getByRole('link', { name: 'Back to “How I am”' }).click();
	await tap('How is your mood?', 'Low');
	await page.getByLabel('A note, if you like').fill('Rain all night.');
	await page.getByRole('button', { name: 'Keep it' }).click();
	const one = listed().filter({ hasText: 'Rain all night.' });
	await one.getByRole('button', { name: 'Share this with …' }).click();
	await one.getByRole('button', { name: /Between meetings/ }).click();
	expect(await words.inputValue()).toMatch(/^How I was on .+\. Mood: Low\.\nRain all night\.$/);
	await words.fill('A low day.');
	await one.getByRole('button', { name: 'Send it' }).click();
	await one.getByText('Everyone in the circle').waitFor({ state: 'detached' });
	await one.getByRole('link', { name: 'Open the conversation' }).waitFor();
	expect((await sends()).at(-1)).toEqual(['t1', 'A low day.']);
	expect(await kept()).toHaveLength(2);
	expect(await hiddenSideways()).toBe(0);
});

test.each(['', '/phq-4', '/barc-10', '/phq-8'])(
	'p24 %s: nothing is out of sight to the side or too small to tap, narrow and with large text',
	async (place) => {
		for (const large of [false, true]) {
			await look(OWN + place, large);
			await page.locator('main input').first().waitFor({ state: 'attached' });
			expect(await hiddenSideways()).toBe(0);
			expect(await smallTargets()).toEqual([]);
		}
	},
);

test('one value, and a thousand of them, are drawn and said, in either direction', async () => {
	for (const [count, said] of [
		[1, /^Mood: “Very low” on /],
		[1000, /^Mood, the last 143 weeks\..* Each point of the line is the average of a week\.$/],
	] as const) {
		await look(OWN, true);
		await has(Array.from({ length: count }, (_, at) => (at * at) % 5));
		await page.evaluate(() =>
			globalThis.kithFake.tell({ notice: 'lists', circle: 'c1a0', what: ['journal'] }),
		);
		await page.getByText(said).waitFor();
		const plots = page.getByRole('img');
		expect(await plots.count()).toBe(2);
		expect(await plots.first().getAttribute('aria-label')).toMatch(/^Mood, /);
		expect(await hiddenSideways()).toBe(0);
		await page.evaluate(() => (document.documentElement.dir = 'rtl'));
		expect(await plots.first().evaluate((svg) => getComputedStyle(svg).scale)).toBe('-1 1');
		expect(await hiddenSideways()).toBe(0);
	}
});
