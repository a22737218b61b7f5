// @ts-check
/** Who is new here is told how Kith works, once, in three short screens. */
import assert from 'node:assert/strict';
import { goTo, openPhone } from '../harness/acts.mjs';
import { Gallery } from '../harness/gallery.mjs';
import { expectCount } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

const TITLE = 'How Kith works';

scene('the guide is three short screens on the first home, with no network, and is not offered again', async (world) => {
	const gallery = new Gallery();
	const ana = await world.member('Ana');
	const { page } = ana;
	const guide = page.getByRole('region', { name: TITLE });
	await guide.waitFor();
	await ana.loseNetwork();
	await guide.getByRole('button', { name: 'Not now' }).waitFor();
	await gallery.show(ana, 'guide-1');
	for (const [at, title] of ['Who can read what', 'When it is hard'].entries()) {
		await guide.getByRole('button', { name: 'Next' }).tap();
		await guide.getByRole('heading', { level: 3, name: title }).waitFor();
		const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
		assert.ok(focused.includes(title), `the focus is on ${focused}`);
		await gallery.show(ana, `guide-${at + 2}`);
	}
	await guide.getByRole('button', { name: 'Back' }).tap();
	await guide.getByRole('heading', { level: 3, name: 'Who can read what' }).waitFor();
	await guide.getByRole('button', { name: 'Next' }).tap();
	await guide.getByRole('button', { name: 'Good, I know' }).tap();
	await expectCount(guide, 0, 'guides');
	await ana.closePage();
	const again = await ana.open('/');
	await again.getByRole('link', { name: 'How I am' }).waitFor();
	await again.getByRole('heading', { level: 2, name: 'This week' }).waitFor();
	await expectCount(again.getByRole('region', { name: TITLE }), 0, 'guides');
	await openPhone(ana);
	await again.locator('summary').filter({ hasText: TITLE }).tap();
	await again.getByRole('heading', { level: 3, name: 'With or without a network' }).waitFor();
	await expectCount(again.getByRole('button', { name: 'Not now' }), 0, 'ways not to read it');
	await goTo(ana, 'Circle');
	assert.deepEqual(gallery.faults, []);
});
