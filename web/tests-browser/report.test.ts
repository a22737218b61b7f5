/** Reports, over the stand-in: what goes where is said before it is sent, on a small phone with large text, and in Arabic. */
import { expect, test } from 'vitest';
import { hiddenSideways, look, page, smallTargets } from './fake-page';

const HOME = '#/c/c1a0';

/** The key of the last message of another member; `leads`: it becomes a facilitator's. */
function keyOf(leads: boolean): Promise<string> {
	return page.evaluate(async (wanted) => {
		const { kithFake: fakes } = globalThis;
		const reply = await fakes.ask<'circle'>({ cmd: 'circle', circle: 'c1a0' });
		const members = reply.ok ? reply.value.members : [];
		const leading = members.find(({ role, me }) => role === 'facilitator' && !me);
		const found = fakes.messages.filter((one) => !one.mine && one.body === 'here').at(-1);
		if (!found || !leading) return '';
		const { member: author, name: authorName } = leading;
		if (wanted)
			fakes.messages = fakes.messages.map((one) => (one === found ? { ...one, author, authorName } : one));
		return found.key;
	}, leads);
}

test('a message is reported from its menu: to whom it goes is said by name before it is sent', async () => {
	await look(`${HOME}/talk/t1`);
	const message = page.locator('li.message:not(.mine)').last();
	await message.locator('.more').click();
	await message.getByRole('link', { name: 'Report' }).click();
	await page.getByRole('heading', { name: 'Report something' }).waitFor();
	const goes = page.locator('[data-goes]');
	expect(await goes.innerText()).toContain('sealed to them. Nobody else can read it.');
	await page.getByRole('textbox', { name: 'Why do you report it?' }).fill(' It hurt. ');
	await page.getByRole('button', { name: 'Send the report' }).click();
	await page.getByRole('heading', { name: 'Reported by you' }).waitFor();
	const [made] = await page.evaluate(() => globalThis.kithFake.reports.all);
	expect([made?.words, made?.mine]).toEqual([['It hurt.'], true]);
	await page.getByText('On this phone').first().waitFor();
	await page.getByRole('button', { name: 'Take the report back' }).click();
	await page.getByRole('button', { name: 'Yes, take it back' }).click();
	await page.getByText('You reported nothing.').waitFor();
});

test('what is typed of a report stands after one went elsewhere', async () => {
	await look(HOME);
	const key = await keyOf(false);
	await page.evaluate((address) => (location.hash = address), `${HOME}/report/${key}`);
	await page.getByRole('textbox', { name: 'Why do you report it?' }).fill('Half a thought');
	await page.evaluate((home) => (location.hash = home), HOME);
	await page.getByRole('link', { name: 'What I take on' }).waitFor();
	await page.evaluate((address) => (location.hash = address), `${HOME}/report/${key}`);
	const box = page.getByRole('textbox', { name: 'Why do you report it?' });
	await expect.poll(() => box.inputValue()).toBe('Half a thought');
});

test('where nobody is left to tell, nothing is sent, and helplines and people are offered in its place', async () => {
	await look(HOME);
	const key = await keyOf(true);
	expect(key).not.toBe('');
	await page.evaluate((address) => (location.hash = address), `${HOME}/report/${key}`);
	await page.getByRole('heading', { name: 'There is nobody here to send it to' }).waitFor();
	expect(await page.locator('[data-nobody]').innerText()).toContain('is the only facilitator here');
	expect(await page.getByRole('button', { name: 'Send the report' }).count()).toBe(0);
	await page.getByRole('heading', { name: 'Helplines' }).waitFor();
});

test('where nobody is left to tell, and the organisation takes reports, that is said before one is sent to it', async () => {
	await look(HOME);
	const key = await keyOf(true);
	await page.evaluate(() => (globalThis.kithFake.reports.isTaken = true));
	await page.evaluate((address) => (location.hash = address), `${HOME}/report/${key}`);
	const goes = page.locator('[data-goes]');
	await goes.waitFor();
	expect(await goes.innerText()).toContain(
		'It goes to the organisation that started this circle, sealed to it.',
	);
	expect(await goes.innerText()).toContain('is the only facilitator here');
	expect(await page.locator('[data-nobody]').count()).toBe(0);
	await page.getByRole('textbox', { name: 'Why do you report it?' }).fill('It hurt.');
	await page.getByRole('button', { name: 'Send the report' }).click();
	await page.locator('[data-organisation]').getByText('On this phone').waitFor();
	await page.getByRole('button', { name: 'Take the report back' }).click();
	await page.getByRole('button', { name: 'Yes, take it back' }).click();
	await page.getByText('You reported nothing.').waitFor();
});

test('whoever leads finds open reports at home, sees what is proven, hides it and says that it is dealt with', async () => {
	await look(HOME);
	const key = await keyOf(false);
	await page.evaluate((of) => {
		const { kithFake: fakes } = globalThis;
		fakes.lead();
		fakes.reports.arrives(of, 'm2', { words: ['It hurt.'] });
		fakes.reports.arrives(of, 'm3', { proof: 'unproven', text: 'Never said' });
	}, key);
	await page
		.getByRole('link', { name: /reported something to you/ })
		.first()
		.click();
	await page.getByRole('heading', { name: 'Still open' }).waitFor();
	const items = page.locator('[data-report]');
	expect(await items.count()).toBe(2);
	const [unproven, proven] = [items.nth(0), items.nth(1)];
	expect(await unproven.locator('[data-proof]').innerText()).toContain('Could not be proven');
	expect(await unproven.getByRole('button', { name: 'Hide from the others' }).count()).toBe(0);
	expect(await proven.locator('[data-proof]').innerText()).toContain('Proven');
	await proven.getByRole('button', { name: 'Hide from the others' }).click();
	await expect
		.poll(() =>
			page.evaluate((of) => globalThis.kithFake.messages.find((one) => one.key === of)?.hidden !== null, key),
		)
		.toBe(true);
	await proven.getByRole('button', { name: 'It is dealt with' }).click();
	await page.getByRole('heading', { name: 'Dealt with' }).waitFor();
	await page.getByText('You dealt with it').waitFor();
});

test.each(['', 'es', 'ar'])('nothing is hidden sideways or too small to tap, in %s', async (language) => {
	for (const large of [false, true]) {
		await look(HOME, large, language);
		const key = await keyOf(false);
		await page.evaluate((of) => {
			globalThis.kithFake.lead();
			globalThis.kithFake.reports.arrives(of, 'm2', { words: ['It hurt, and it was not the first time.'] });
		}, key);
		for (const address of [`${HOME}/report/${key}`, `${HOME}/reports`]) {
			await page.evaluate((to) => (location.hash = to), address);
			await page.locator('[data-report], [data-goes], [data-nobody]').first().waitFor();
			expect(await hiddenSideways()).toBe(0);
			expect(await smallTargets()).toEqual([]);
		}
	}
});
