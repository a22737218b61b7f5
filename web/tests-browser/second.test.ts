/** The engine's second module: nobody on the way in waits for it, and it is there when it is needed. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { engineWorker, must, refused } from './browser';
import { Scene, texts } from './scene';

const SECOND = /client_second/;

let scene: Scene;

beforeEach(async () => {
	scene = await Scene.begin();
});
afterEach(() => scene.end());

async function comeIn(page: Page) {
	const { circle } = await must<'enrol'>(page, { cmd: 'enrol', link: scene.server.link, name: 'Amina' });
	const [first] = await must<'threads'>(page, { cmd: 'threads', circle });
	if (!first) throw new Error('a circle has a thread for all');
	return { circle, thread: first.thread };
}

function isKept(page: Page): Promise<boolean> {
	return page.evaluate(async () => {
		const keys = await (await caches.open('kith-files-1')).keys();
		return keys.some(({ url }) => url.includes('client_second'));
	});
}

/** Has the engine's worker do what the first module does that needs the second; how that went. */
async function needNow(page: Page): Promise<string> {
	const worker = await engineWorker(page);
	return worker.evaluate(() => {
		try {
			(globalThis as { kithSecond?: () => void }).kithSecond?.();
			return 'joined';
		} catch (error) {
			return (error as { problem: { code: string } }).problem.code;
		}
	});
}

test('where it never comes, a person comes in, writes and reads; what needs it says why, and works once it came', async () => {
	scene.host.broken = SECOND;
	const page = await scene.tab();
	const { circle, thread } = await comeIn(page);
	await must<'send'>(page, { cmd: 'send', circle, thread, text: 'Here I am.', replyTo: null });
	const note = await must<'createNote'>(page, {
		cmd: 'createNote',
		circle,
		day: 20_000,
		ordinal: 0,
		title: 'Us',
	});
	const edit = {
		edit: 'body',
		version: note.version,
		ops: [{ op: 'splice', index: 0, remove: 0, text: 'We met.' }],
	} as const;
	await must<'editNote'>(page, { cmd: 'editNote', document: note.document, edit } as never);
	await must<'sync'>(page, { cmd: 'sync' });
	expect(await texts(page, circle, thread)).toEqual(['Here I am.']);
	expect((await refused<'toolkit'>(page, { cmd: 'toolkit', circle })).code).toBe('server-error');
	expect(scene.host.refused).toBeGreaterThan(0);
	scene.host.broken = null;
	expect(await must<'toolkit'>(page, { cmd: 'toolkit', circle })).toEqual([]);
});

test('it comes by itself once a person is in and nothing else happens, and is kept for a start with no network', async () => {
	const page = await scene.tab();
	const { circle } = await comeIn(page);
	await vi.waitFor(async () => expect(await isKept(page)).toBe(true), { timeout: 20_000, interval: 200 });
	await scene.phone.stop();
	scene.offline();
	scene.host.broken = SECOND;
	const again = await scene.tab();
	expect(await must<'toolkit'>(again, { cmd: 'toolkit', circle })).toEqual([]);
	expect(scene.host.refused).toBe(0);
});

test('needed in the midst of the engine, it comes at once, packed as it is; where it does not, the engine hears why', async () => {
	scene.host.broken = SECOND;
	const page = await scene.tab();
	const { circle } = await comeIn(page);
	expect(await needNow(page)).toBe('server-error');
	scene.host.broken = null;
	expect(await needNow(page)).toBe('joined');
	scene.host.broken = SECOND;
	expect(await must<'toolkit'>(page, { cmd: 'toolkit', circle })).toEqual([]);
});
