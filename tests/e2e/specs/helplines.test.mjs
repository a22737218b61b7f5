// @ts-check
/** Whom to call: facilitators and the organisation enter it, and every member has it, with no network, on real phones. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectPeople, goTo, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const TITLE = 'Whom to call';
const FROM_ORGANISATION = `[[helpline]]
name = "Example: clinic desk"
sms = "202 555 0150"
hours = "Weekdays"
checked = 2026-11-23
`;

/** From the circle's screen, one tap. @param {Phone} phone */
async function openHelplines(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: TITLE }).tap();
	await phone.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
}

/** @param {Phone} phone @param {string} name */
function line({ page }, name) {
	return page.locator('li[data-line]').filter({ hasText: name });
}

scene('a facilitator enters a number, and a member without a network has it at hand', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openHelplines(ana);
	await expectText(ana.page.locator('main'), /Nobody has entered.*Ask Ruth: they can enter one/);
	await expectCount(ana.page.getByRole('link', { name: 'Enter a number to call' }), 0, 'ways to enter one');
	await gallery.show(ana, 'helplines-none');

	await openHelplines(ruth);
	await ruth.page.getByRole('link', { name: 'Enter a number to call' }).tap();
	const save = ruth.page.getByRole('button', { name: 'Save it for the circle' });
	await ruth.page.getByLabel('Who answers?').fill('Example: night line');
	await save.tap();
	await ruth.page.getByText('Enter a number to call, or one to text.').waitFor();
	await ruth.page.getByLabel('Number to call').fill('call us');
	await save.tap();
	await ruth.page.getByText('That isn’t a number.').waitFor();
	await gallery.show(ruth, 'helpline-refused');
	// What was begun outlives the page.
	await ruth.page.reload();
	const name = ruth.page.getByLabel('Who answers?');
	await until('what was begun stands there again', async () => (await name.inputValue()) === 'Example: night line');
	await ruth.loseNetwork();
	await ruth.page.getByLabel('Number to call').fill('+1 (202) 555\u20110142');
	await ruth.page.getByLabel('Where is it for?').fill('Everywhere');
	await ruth.page.getByLabel('When does somebody answer?').fill('Day and night');
	await save.tap();
	await expectText(line(ruth, 'night line'), /Everywhere.*Day and night.*Call \+1 \(202\) 555-0142.*Not checked yet/);
	await gallery.show(ruth, 'helplines-of-a-facilitator');
	await line(ruth, 'night line').getByRole('button', { name: 'I made sure today' }).tap();
	await expectText(line(ruth, 'night line'), 'Checked on');
	await ruth.findNetwork();
	await settled(ruth);

	await line(ana, 'night line').waitFor();
	await ana.loseNetwork();
	await ana.page.reload();
	await ana.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
	const call = line(ana, 'night line').getByRole('link', { name: 'Call +1 (202) 555-0142' });
	assert.equal(await call.getAttribute('href'), 'tel:+12025550142');
	const box = await call.boundingBox();
	assert.ok(box && box.height >= 56, 'it is a big target');
	await expectCount(line(ana, 'night line').getByRole('link', { name: 'Change' }), 0, 'ways to change it');
	await gallery.show(ana, 'helplines');
	assert.deepEqual(gallery.faults, []);
});

scene('what is changed is what was typed, the organisation’s stands beside it, and who follows up is said', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await expectPeople(ruth, ['Ruth', 'Ana']);
	await openHelplines(ruth);
	await ruth.page.getByRole('link', { name: 'Enter a number to call' }).tap();
	await ruth.page.getByLabel('Who answers?').fill('Example: night line');
	await ruth.page.getByLabel('Number to call').fill('202 555 0142');
	await ruth.page.getByRole('button', { name: 'Save it for the circle' }).tap();
	await line(ruth, 'night line').getByRole('link', { name: 'Change' }).tap();
	await ruth.page.getByLabel('Number to text').fill('202 555 0143');
	await gallery.show(ruth, 'helpline-changed');
	await ruth.page.getByRole('button', { name: 'Save it for the circle' }).tap();
	await expectText(line(ruth, 'night line'), /Call 202 555 0142.*Text 202 555 0143/);

	await ruth.page.getByRole('button', { name: 'Say who follows up' }).tap();
	await ruth.page.getByLabel('Who follows up?').fill('Ruth, nurse');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await ruth.page.getByLabel('By when?').fill('by the next day');
	await gallery.show(ruth, 'follow-up');
	await ruth.page.getByRole('button', { name: 'Save', exact: true }).tap();
	await expectText(ruth.page.locator('main'), /Ruth, nurse.*by the next day/);
	await ruth.page.getByRole('radio', { name: 'Yes, about alcohol' }).check();
	await settled(ruth);

	const file = join(world.folder, 'helplines.toml');
	await writeFile(file, FROM_ORGANISATION);
	const printed = await world.server.command('circle', 'helplines', '--all', '--from', file);
	assert.match(printed, /says 1 of the organisation's helplines/);
	await openHelplines(ana);
	const clinic = line(ana, 'clinic desk');
	await clinic.waitFor();
	await expectText(clinic, /Weekdays.*Text 202 555 0150.*Checked on .*23.*From the organisation/);
	assert.equal(await clinic.getByRole('link').getAttribute('href'), 'sms:2025550150');
	await expectCount(ana.page.locator('li[data-line]'), 2, 'helplines');
	await gallery.show(ana, 'helplines-of-both');

	await openHelplines(ruth);
	await line(ruth, 'clinic desk').waitFor();
	await expectCount(line(ruth, 'clinic desk').getByRole('link', { name: 'Change' }), 0, 'ways to change the organisation’s');
	await line(ruth, 'night line').getByRole('link', { name: 'Change' }).tap();
	await ruth.page.getByRole('button', { name: 'Remove this number' }).tap();
	await ruth.page.getByRole('button', { name: 'Yes, remove it for everyone' }).tap();
	await ruth.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
	await expectCount(line(ruth, 'night line'), 0, 'helplines that were removed');
	await until('it is gone there too', async () => (await line(ana, 'night line').count()) === 0);
	assert.deepEqual(gallery.faults, []);
});
