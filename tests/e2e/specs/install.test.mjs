// @ts-check
/** What makes it an app of its own: installable, offline, and with nobody else's eyes on it. */
import assert from 'node:assert/strict';
import { body, message, openTalk, openTodaysNote, send, settled, writeBlock } from '../harness/acts.mjs';
import { expectText } from '../harness/see.mjs';
import { scene } from '../harness/world.mjs';

scene('the app can be installed, and starts with no network', async (world) => {
	const ana = await world.member('Ana');
	await settled(ana);
	const { page, context, proxy } = ana;
	const session = await context.newCDPSession(page);
	const found = await session.send('Page.getAppManifest');
	assert.deepEqual(found.errors, []);
	assert.equal(new URL(found.url).origin, proxy.origin);
	const manifest = JSON.parse(found.data ?? '{}');
	for (const key of ['name', 'short_name', 'start_url', 'display', 'icons']) assert.ok(manifest[key], key);
	for (const { src } of manifest.icons) {
		const icon = await page.request.get(new URL(src, found.url).href);
		assert.equal(icon.status(), 200, src);
		assert.match(icon.headers()['content-type'] ?? '', /^image\//);
	}
	await page.reload();
	await settled(ana);
	assert.equal(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL), `${proxy.origin}/sw.js`);
	const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
	// A profile without windows can't install, whatever the app is.
	const ours = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
	assert.deepEqual(ours, []);

	await ana.turnOff();
	await ana.turnOn();
	await ana.loseNetwork();
	await ana.open('/');
	await openTodaysNote(ana);
	await ana.open('/some/deep/address');
	await expectText(ana.page.locator('[data-sync]'), 'on this phone');
});

scene('every screen stands when it is opened anew, also before the phone is found to be open', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	await settled(ruth);
	const { page } = ruth;
	const circle = new URL(page.url()).hash;
	assert.match(circle, /^#\/c\/[0-9a-f]+$/);
	const phones = ['#/phone', '#/phone/pin', '#/phone/leave', '#/in', '#/back', '#/found', '#/welcome'];
	const circles = ['', '/sessions', '/sessions/new', '/talk', '/safe', '/people', '/paper', '/invite', '/letin', '/who', '/toolkit', '/plan', '/plan/all', '/plan/ask'];
	for (const address of [...phones, ...circles.map((place) => circle + place)]) {
		await ruth.open(`/${address}`);
		await page.reload();
		await page.locator('h1').first().waitFor();
	}
	assert.deepEqual(ruth.witness.complaints, []);
});

scene('no request leaves the origin, and nothing breaks the security policy', async (world) => {
	const ruth = await world.member('Ruth', 'facilitator');
	const ana = await world.member('Ana');
	await openTalk(ana);
	await send(ana, 'https://example.org/a-link <img src="https://example.org/x.png"> <b>bold</b>');
	await openTalk(ruth);
	await message(ruth, 'a-link').waitFor();
	await openTodaysNote(ana);
	await writeBlock(ana, '<img src="https://example.org/y.png" onerror="alert(1)">');
	await openTodaysNote(ruth);
	await expectText(body(ruth), '<img src=');
	for (const phone of [ana, ruth]) {
		await phone.page.reload();
		await settled(phone);
		assert.deepEqual(phone.witness.origins, [phone.proxy.origin]);
		assert.deepEqual(phone.witness.complaints, []);
		// The witness saw pages, the engine's worker and the service worker.
		const asked = [...phone.witness.addresses].map((address) => new URL(address).pathname);
		for (const path of ['/', '/v1/sync', '/v1/live', '/sw.js']) assert.ok(asked.includes(path), `${path} was asked for`);
		assert.ok(asked.some((path) => path.endsWith('.wasm')), 'the engine was asked for');
	}
	const answer = await ana.page.request.get(ana.proxy.origin);
	const policy = answer.headers()['content-security-policy'] ?? '';
	assert.match(policy, /default-src 'none'/);
	assert.match(policy, /require-trusted-types-for 'script'/);
	assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
	const refused = await ana.page.evaluate(() => {
		try {
			document.createElement('div').innerHTML = '<b>markup</b>';
			return null;
		} catch (error) {
			return error instanceof Error ? error.name : String(error);
		}
	});
	assert.equal(refused, 'TypeError', 'markup from a plain string is refused');
});
