// @ts-check
/** What people write in fields: kept while they type, joined with what others write, shown whole, whatever is in it. */
import assert from 'node:assert/strict';
import {
	beginTalk,
	goTo,
	markHere,
	openPeople,
	openPhone,
	openTalk,
	openTodaysNote,
	send,
	setTitle,
	settled,
} from '../harness/acts.mjs';
import { SMALL } from '../harness/phone.mjs';
import { scene } from '../harness/world.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const NARROWEST = { width: 320, height: 640 };
/** One word as long as a name may be, with letters as wide as there are. */
const LONG = 'W'.repeat(60);
/** Turns round all that follows it, where nothing stops it. */
const TURNING = '\u202eana\u2067';

/** Opens the note's agenda. @param {Phone} phone */
async function openAgenda({ page }) {
	const fold = page.locator('details', { hasText: 'Agenda' });
	if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
	return fold;
}

/** Adds to the open note's agenda. @type {(phone: Phone, text: string) => Promise<void>} */
async function addToAgenda(phone, text) {
	const fold = await openAgenda(phone);
	await fold.getByRole('textbox', { name: 'Add to the agenda' }).fill(text);
	await fold.getByRole('button', { name: 'Add', exact: true }).click();
	await until(`"${text}" is on the agenda`, async () => (await itemTexts(phone)).includes(text));
}

/** The words of the agenda's items. @param {Phone} phone */
function itemTexts({ page }) {
	const boxes = page.locator('details', { hasText: 'Agenda' }).locator('li textarea');
	return boxes.evaluateAll((all) => all.map((one) => /** @type {HTMLTextAreaElement} */ (one).value));
}

scene(
	'p04 what one is typing in an agenda item stays, is joined with what comes, and outlives the page',
	async (world) => {
		const ana = await world.member('Ana', 'facilitator');
		const ben = await world.member('Ben');
		await openTodaysNote(ana);
		await addToAgenda(ana, 'round of the week');
		await settled(ana);
		await openTodaysNote(ana);
		await openTodaysNote(ben);
		await openAgenda(ana);
		await openAgenda(ben);
		await until('Ben has the item', async () => (await itemTexts(ben)).includes('round of the week'));
		const item = ana.page.locator('details', { hasText: 'Agenda' }).locator('li textarea').first();
		await item.focus();
		await ana.page.keyboard.press('End');
		// Typed without a pause, so that nothing of it is saved before Ben's words are here.
		const typing = ana.page.keyboard.type(' and tea and bread and salt', { delay: 250 });
		const other = ben.page.locator('details', { hasText: 'Agenda' }).locator('li textarea').first();
		await other.fill('quiet round of the week');
		await other.blur();
		await typing;
		const joined = 'quiet round of the week and tea and bread and salt';
		for (const phone of [ana, ben]) {
			await until(`${phone.owner} has the words of both`, async () => {
				const [text = ''] = await itemTexts(phone);
				return text === joined;
			});
		}

		// Too long to be taken: the words stay, also when the page dies.
		const long = 'क्षि'.repeat(305);
		await item.fill(long);
		await ana.page.getByText('5 characters too many').waitFor();
		await item.blur();
		await ana.page
			.locator('details', { hasText: 'Agenda' })
			.getByRole('textbox', { name: 'Add to the agenda' })
			.fill('begun and');
		await ana.page.waitForTimeout(1_000);
		await ana.page.reload();
		await openAgenda(ana);
		await until('the words are there again', async () => (await itemTexts(ana))[0] === long);
		const adding = ana.page.getByRole('textbox', { name: 'Add to the agenda' });
		await until('what was begun too', async () => (await adding.inputValue()) === 'begun and');
	},
);

scene('p04 of two offline rewordings both stand with their authors, and a deleted item comes back', async (world) => {
	const ana = await world.member('Ana', 'facilitator');
	const ben = await world.member('Ben');
	await openTodaysNote(ana);
	await addToAgenda(ana, 'round');
	await settled(ana);
	await openTodaysNote(ana);
	await openTodaysNote(ben);
	for (const phone of [ana, ben]) {
		await openAgenda(phone);
		await until(`${phone.owner} has it`, async () => (await itemTexts(phone)).includes('round'));
		await phone.loseNetwork();
	}
	for (const phone of [ana, ben]) {
		const item = phone.page.locator('details', { hasText: 'Agenda' }).locator('li textarea').first();
		await item.fill(phone === ana ? 'how we sleep' : 'nights');
		await item.blur();
		await until(
			'it is kept',
			async () => (await phone.page.locator('header [data-safety]').getAttribute('data-safety')) !== 'saving',
		);
	}
	for (const phone of [ana, ben]) await phone.findNetwork();
	for (const phone of [ana, ben]) {
		await phone.page.getByRole('button', { name: 'how we sleep by Ana' }).waitFor();
		await phone.page.getByRole('button', { name: 'nights by Ben' }).waitFor();
	}
	await ben.page.getByRole('button', { name: 'how we sleep by Ana' }).click();
	await until('Ana has what Ben chose', async () => {
		const [text] = await itemTexts(ana);
		return text === 'how we sleep' && (await ana.page.getByRole('button', { name: 'nights by Ben' }).count()) === 0;
	});
	await ana.page.getByRole('button', { name: 'Remove “how we sleep”' }).click();
	await until('it is gone', async () => (await itemTexts(ana)).length === 0);
	await ana.page.getByRole('button', { name: 'Put it back' }).click();
	await until('it is back', async () => (await itemTexts(ana))[0] === 'how we sleep');
});

scene('names and texts of every kind leave each screen 320 px wide and turn nothing around them', async (world) => {
	const ana = await world.member(LONG, 'facilitator');
	const ben = await world.member(`${TURNING} Ben`);
	const { page } = ana;
	await page.setViewportSize(NARROWEST);
	/** @type {string[]} */
	const faults = [];
	/** @param {string} screen */
	const look = async (screen) => {
		const found = await page.evaluate(() => {
			const { scrollWidth, clientWidth } = document.documentElement;
			const turned = /[\u202a-\u202e]/.test(document.body.innerText);
			return [scrollWidth > clientWidth ? `${scrollWidth} px wide` : '', turned ? 'turned' : ''].join('');
		});
		if (found) faults.push(`${screen}: ${found}`);
	};
	await settled(ana);
	await page.locator('details', { hasText: 'People' }).first().locator('summary').first().click();
	await look('home');
	await openPeople(ana);
	await look('people');
	for (const person of await page.locator('details[name="person"] > summary').all()) await person.click();
	await look('people, opened');
	await page.getByRole('link', { name: 'Invite someone' }).click();
	await look('invite');
	await goTo(ana, 'Talk');
	await page.getByRole('button', { name: 'Start a conversation' }).click();
	await page.getByLabel('What is it about?').fill(`${LONG}${LONG}`);
	await look('a new conversation');
	await page.getByRole('button', { name: 'Start', exact: true }).click();
	await page.getByLabel('Write to the circle').waitFor();
	await look('an empty conversation');
	await send(ana, 'W'.repeat(400));
	await look('a conversation');
	await beginTalk([ben, ana]);
	await look('a conversation with another');
	await goTo(ana, 'Talk');
	await look('conversations');
	await openTodaysNote(ana);
	await setTitle(ana, 'W'.repeat(200));
	await addToAgenda(ana, 'W'.repeat(300));
	await markHere(ana, LONG.slice(0, 20));
	const said = page.locator('details', {
		hasText: 'What we said we would do',
	});
	await said.locator('summary').click();
	await said.getByRole('button', { name: 'Add' }).click();
	await page.getByLabel('Who?').selectOption({ index: 1 });
	await page.getByLabel('What will be done?').fill('W'.repeat(300));
	await said.getByRole('button', { name: 'Add' }).click();
	await said.getByRole('button', { name: 'Not yet' }).waitFor();
	await look('a note');
	await goTo(ana, 'Sessions');
	await look('sessions');
	await page.locator('a.reach').click();
	await page.getByLabel('Which day?').waitFor();
	await look('a new session');
	await goTo(ana, 'Saved');
	await look('saved');
	await openPhone(ana);
	await look('phone');
	await openTalk(ben, LONG.slice(0, 20));
	await page.setViewportSize(ana.looks.viewport ?? SMALL);
	assert.deepEqual(faults, []);
});
