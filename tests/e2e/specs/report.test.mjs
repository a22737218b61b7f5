// @ts-check
/** Reports, on real phones: with no network, to facilitators and never to the one reported, proven, dealt with, taken back. */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expectPeople, goTo, message, openTalk, promote, send, settled } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount, expectText } from '../harness/see.mjs';
import { until } from '../harness/until.mjs';
import { scene } from '../harness/world.mjs';

/** @typedef {import('../harness/phone.mjs').Phone} Phone */

const RASH = 'You are all liars.';
const THREAT = 'I know where you live.';

/** Opens what can be done with a message, and the way to report it. @param {Phone} phone @param {string} text */
async function toReport({ page }, text) {
	await page.locator('li.message').filter({ hasText: text }).locator('.more').tap();
	await page.getByRole('link', { name: 'Report' }).tap();
	await page.getByRole('heading', { level: 1, name: 'Report something' }).waitFor();
}

/** The reports that a facilitator finds at home. @param {Phone} phone */
async function openReports(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: /reported something to you/ }).first().tap();
	await phone.page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor();
}

/** One's own reports. @param {Phone} phone */
async function ownReports(phone) {
	await goTo(phone, 'Circle');
	await phone.page.getByRole('link', { name: 'How we are together' }).tap();
	await phone.page.getByRole('link', { name: 'Reports' }).tap();
	await phone.page.getByRole('heading', { level: 2, name: 'Reported by you' }).waitFor();
}

/** Writes to somebody alone. @param {Phone} phone @param {string} name @param {string} text */
async function writeTo(phone, name, text) {
	await goTo(phone, 'Talk');
	const { page } = phone;
	const link = page.getByRole('link', { name, exact: true });
	const fold = page.locator('details', { hasText: 'Write to one person' });
	await until('it is unfolded', async () => {
		if ((await fold.getAttribute('open')) === null) await fold.locator('summary').tap();
		return link.isVisible();
	});
	await link.tap();
	await page.getByRole('textbox', { name: 'Write to' }).fill(text);
	await page.getByRole('button', { name: 'Send' }).tap();
	await page.locator('[data-key]').filter({ hasText: text }).waitFor();
}

scene('what was said is reported with no network to those who lead, who see that it is proven, hide it and say that it is dealt with', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const [ana, kofi] = [await world.member('Ana'), await world.member('Kofi')];
	for (const phone of [ruth, ana, kofi]) {
		await expectPeople(phone, ['Ruth', 'Ana', 'Kofi']);
		await openTalk(phone);
	}
	await send(kofi, RASH);
	await message(ana, RASH).waitFor();
	await ana.loseNetwork();
	await toReport(ana, RASH);
	const goes = ana.page.locator('[data-goes]');
	await expectText(goes, /It goes to .*Ruth.*, sealed to them.*Kofi.* does not get it/s);
	await gallery.show(ana, 'report');
	await ana.page.getByRole('textbox', { name: 'Why do you report it?' }).fill('It hurt.');
	await ana.page.getByRole('button', { name: 'Send the report' }).tap();
	await expectText(ana.page.locator('[data-report]'), /Sent to.*Ruth.*On this phone/s);
	await ana.findNetwork();
	await settled(ana);
	await ownReports(ana);
	await expectText(ana.page.locator('[data-report]'), /Safe on the server/);
	await gallery.show(ana, 'report-mine');

	await openReports(ruth);
	const report = ruth.page.locator('[data-report]');
	await expectText(report, /Ana.* reported it.*A message by .*Kofi.*It hurt\..*You are all liars\..*Proven/s);
	await gallery.show(ruth, 'reports');
	await report.getByRole('button', { name: 'Hide from the others' }).tap();
	await report.getByRole('button', { name: 'It is dealt with' }).tap();
	await expectText(report, /You dealt with it/);
	await gallery.show(ruth, 'reports-done');
	await expectText(ana.page.locator('[data-report]'), /Ruth.* dealt with it/s);
	await openTalk(ana);
	await expectText(ana.page.locator('li.message').last(), 'Hidden by Ruth');
	await goTo(kofi, 'Circle');
	await expectCount(kofi.page.getByText('reported something'), 0, 'reports at the one reported');
	assert.deepEqual(gallery.faults, []);
});

scene('what was said between two is reported to the facilitator who is not the one reported, and taken back', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const [ana, kofi] = [await world.member('Ana'), await world.member('Kofi')];
	for (const phone of [ruth, ana, kofi]) await expectPeople(phone, ['Ruth', 'Ana', 'Kofi']);
	// Whoever leads alone can't be reported to themself.
	await writeTo(ruth, 'Ana', 'Do as I say.');
	await goTo(ana, 'Talk');
	await ana.page.locator('a.item').filter({ hasText: 'Do as I say.' }).tap();
	await toReport(ana, 'Do as I say.');
	await expectText(ana.page.locator('[data-nobody]'), /Ruth.* is the only facilitator here/s);
	await expectCount(ana.page.getByRole('button', { name: 'Send the report' }), 0, 'ways to send it nowhere');
	await gallery.show(ana, 'report-nobody');

	await writeTo(kofi, 'Ana', THREAT);
	await goTo(ana, 'Talk');
	await ana.page.locator('a.item').filter({ hasText: THREAT }).tap();
	await toReport(ana, THREAT);
	await ana.page.getByRole('button', { name: 'Send the report' }).tap();
	await expectText(ana.page.locator('[data-report]'), /Safe/);
	await openReports(ruth);
	await expectText(ruth.page.locator('[data-report]'), /I know where you live\..*Proven/s);
	await expectCount(ruth.page.getByRole('button', { name: 'Hide from the others' }), 0, 'ways to hide words of two');
	await ana.page.getByRole('button', { name: 'Take the report back' }).tap();
	await ana.page.getByRole('button', { name: 'Yes, take it back' }).tap();
	await expectCount(ruth.page.locator('[data-report]'), 0, 'reports that were taken back');

	// With a second facilitator, the first can be reported, to that one alone.
	await promote(ruth, 'Kofi');
	await goTo(ana, 'Talk');
	await ana.page.locator('a.item').filter({ hasText: 'Do as I say.' }).tap();
	await until('the other facilitator is known', async () => {
		await toReport(ana, 'Do as I say.');
		if (await ana.page.locator('[data-goes]').isVisible()) return true;
		await ana.page.goBack();
		return false;
	});
	await expectText(ana.page.locator('[data-goes]'), /It goes to .*Kofi.*Ruth.* is a facilitator. This goes to the others/s);
	await gallery.show(ana, 'report-facilitator');
	assert.deepEqual(gallery.faults, []);
});

scene('what the only facilitator wrote goes to the organisation, which opens it with its key and sees that it is proven', async (world) => {
	const gallery = new Gallery();
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	for (const phone of [ruth, ana]) {
		await expectPeople(phone, ['Ruth', 'Ana']);
		await openTalk(phone);
	}
	await send(ruth, RASH);
	await message(ana, RASH).waitFor();
	const id = /\b[0-9a-f]{32}\b/.exec(await world.server.command('circle', 'list'))?.[0] ?? '';
	const file = join(world.folder, 'reports.key');
	const said = await world.server.command('circle', 'report-key', id, '--out', file);
	assert.match(said, /sealed to the organisation now/);
	assert.equal((await stat(file)).mode & 0o777, 0o600);
	await assert.rejects(world.server.command('circle', 'report-key', id, '--out', file), /is there already/);
	await world.server.start();
	const none = await world.server.command('circle', 'reports', id, '--key', file);
	assert.match(none, /there is no report to the organisation/);

	await until('the phone has heard of the key', async () => {
		await toReport(ana, RASH);
		if (await ana.page.locator('[data-goes]').isVisible()) return true;
		await ana.page.goBack();
		return false;
	});
	const goes = ana.page.locator('[data-goes]');
	await expectText(goes, /It goes to the organisation that started this circle, sealed to it.*Ruth.* is the only facilitator/s);
	await gallery.show(ana, 'report-organisation');
	await ana.loseNetwork();
	await ana.page.getByRole('textbox', { name: 'Why do you report it?' }).fill('It hurt.');
	await ana.page.getByRole('button', { name: 'Send the report' }).tap();
	await expectText(ana.page.locator('[data-organisation]'), /the organisation that started this circle.*On this phone/s);
	await ana.findNetwork();
	await settled(ana);
	await ownReports(ana);
	await expectText(ana.page.locator('[data-organisation]'), /Safe on the server/);
	await gallery.show(ana, 'report-organisation-mine');

	const opened = await world.server.command('circle', 'reports', id, '--key', file);
	assert.match(opened, /message, proven[^]*reported by .*Ana[^]*written by .*Ruth[^]*It hurt\.[^]*You are all liars\.[^]*1 report/);
	const json = JSON.parse(await world.server.command('circle', 'reports', id, '--key', file, '--json'));
	const [report] = json.reports;
	assert.deepEqual([report.proof, report.words, report.text, json.closed], ['proven', 'It hurt.', RASH, 0]);
	const log = await world.server.command('audit', 'list');
	assert.equal(log.match(/export-read/g)?.length, 2, 'each time that they were opened, and none when there were none');
	const later = join(world.folder, 'later.key');
	await world.server.command('circle', 'report-key', id, '--out', later);
	const other = await world.server.command('circle', 'reports', id, '--key', later);
	assert.match(other, /opens none of 2 records of reports/);
	await goTo(ruth, 'Circle');
	await expectCount(ruth.page.getByText('reported something'), 0, 'reports at the one reported');

	await ana.page.getByRole('button', { name: 'Take the report back' }).tap();
	await ana.page.getByRole('button', { name: 'Yes, take it back' }).tap();
	await settled(ana);
	const gone = await world.server.command('circle', 'reports', id, '--key', file);
	assert.match(gone, /there is no report to the organisation\n1 report was taken back/);
	assert.deepEqual(gallery.faults, []);
});
