// @ts-check
/** Whatever takes or shows something of a person says who sees it: before it is written, and where it stands. */
import { enrol, expectPeople, goTo, openTalk, openTodaysNote, settled } from '../harness/acts.mjs';
import {
	entry,
	keepCheckIn,
	kept,
	openKeep,
	openOwn,
	openQuestionnaire,
	openToolkit,
	picture,
	strategy,
	takeOn,
	unfoldTo,
	writeStrategy,
} from '../harness/life.mjs';
import { openPart, openPlan, writeLine } from '../harness/plan.mjs';
import { expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const ALL = /Everyone in the circle/;
const ME = /Only you/;
const NAME = /People in your circle see the name you choose/;

/**
 * What is on screen, or a part of it, says this.
 * @param {Phone} phone
 * @param {RegExp} who
 * @param {import('playwright-core').Locator} [part]
 */
async function says({ page }, who, part = page.locator('body')) {
	await expectText(part.locator('[data-sees]').filter({ hasText: who, visible: true }).first(), who);
}

/** From the circle's screen, one tap. @param {Phone} phone @param {string} title */
async function open(phone, title) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: title, exact: true }).tap();
	await phone.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** The first name, and another. @param {Phone} ana @param {string} link */
async function names(ana, link) {
	await ana.open(link);
	await ana.page.getByLabel('What should people call you?').waitFor();
	await says(ana, NAME);
	await enrol(ana, link);
	await goTo(ana, 'Settings');
	await ana.page.getByRole('button', { name: 'Change my name' }).tap();
	await says(ana, NAME);
	await ana.page.getByRole('button', { name: 'Cancel' }).tap();
}

/** What she notes for herself, and how she turns to somebody. @param {Phone} ana */
async function forHerself(ana) {
	const { page } = ana;
	await openOwn(ana);
	await says(ana, ME);
	await picture(ana, 'How is your mood?', 'Low').check();
	await keepCheckIn(ana);
	await says(ana, ME, entry(ana, 'Low'));
	await page.getByRole('button', { name: 'I could use a word today' }).tap();
	await page.locator('main section').first().getByRole('button', { name: /Ruth/ }).tap();
	await says(ana, /Only you and .*Ruth/);
	await openQuestionnaire(ana, /PHQ-4/);
	await page.getByText('Question 1 of 4').waitFor();
	await says(ana, ME);
	await openPart(ana, 'How I notice it starting');
	await says(ana, ME);
	await writeLine(ana, 'How I notice it starting', 'I stop answering');
	await openPlan(ana);
	await says(ana, ME);
}

/** What she takes on, alone and with somebody, and how it went. @param {Phone} ana */
async function commitments(ana) {
	const { page } = ana;
	await openKeep(ana);
	await page.getByRole('link', { name: 'Take something on' }).tap();
	await says(ana, ME);
	await page.getByRole('radio', { name: 'Ruth' }).check();
	await says(ana, /Ruth.* is asked and can read this/);
	await page.getByRole('radio', { name: 'By myself' }).check();
	await says(ana, ME);
	await openKeep(ana);
	await takeOn(ana, 'Eat at noon');
	await takeOn(ana, 'Walk to the river', 'Ruth');
	await says(ana, ME, kept(page, 'Eat at noon'));
	await says(ana, /You and .*Ruth/, kept(page, 'Walk to the river'));
	await kept(page, 'Walk to the river').getByRole('link').first().tap();
	const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Note it' }) });
	await says(ana, /You and .*Ruth/, form);
	await page.getByRole('button', { name: 'Tried', exact: true }).tap();
	await page.getByRole('button', { name: 'Note it' }).tap();
	await says(ana, /You and .*Ruth/, page.locator('[data-attempt]'));
}

/** What she tells the circle, or some of it. @param {Phone} ana */
async function told(ana) {
	const { page } = ana;
	await open(ana, 'Stories and milestones');
	await page.getByRole('link', { name: 'Tell a story' }).tap();
	await says(ana, /Everyone who is in the circle/);
	await page.getByLabel('What it is called').fill('The bus');
	await page.getByLabel('Your story').fill('I stayed sitting.');
	await page.getByRole('button', { name: 'Share it' }).tap();
	await says(ana, ALL, page.locator('[data-story]').filter({ hasText: 'The bus' }));
	await page.getByRole('link', { name: 'Mark a milestone' }).tap();
	await says(ana, /Nobody else will see it/);
}

/** What is said: between two, to all, in a note, in the toolkit. @param {Phone} ana */
async function said(ana) {
	await goTo(ana, 'Talk');
	const ruth = ana.page.getByRole('link', { name: /^Ruth/ });
	await unfoldTo(ana, ruth);
	await ruth.tap();
	await ana.page.getByRole('heading', { level: 1, name: 'Ruth' }).waitFor();
	await says(ana, /Only you and .*Ruth/);
	await openTalk(ana);
	await says(ana, ALL);
	await openTodaysNote(ana);
	await says(ana, ALL);
	await openToolkit(ana);
	await ana.page.getByRole('link', { name: 'Write down what helps you' }).tap();
	await says(ana, ALL);
	await writeStrategy(ana, { title: 'Radio', text: 'Low, all night.' });
	await says(ana, ALL, ana.page.locator('article'));
	await openToolkit(ana);
	await strategy(ana, 'Radio').waitFor();
}

scene('whatever takes or shows something of a person says who sees it', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await open(ruth, 'How we are together');
	await ruth.page.getByRole('button', { name: 'Add a line' }).tap();
	await says(ruth, ALL);
	await ruth.page.getByLabel('A line, in plain words').fill('Anyone may pass.');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await settled(ruth);

	const ana = await world.phone('Ana');
	await names(ana, world.server.links.member);
	await expectPeople(ana, ['Ruth', 'Ana']);
	await open(ana, 'How we are together');
	await says(ana, /If you agree, everyone in the circle sees your name/);
	await ana.page.getByRole('button', { name: 'I agree to this' }).tap();
	await says(ana, /Agreed to these words:.*Ana/);
	await forHerself(ana);
	await commitments(ana);
	await told(ana);
	await said(ana);
});
