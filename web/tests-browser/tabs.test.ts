import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, engineWorker, heard, must, notices, refused } from './browser';
import { Scene, texts } from './scene';

let scene: Scene;

beforeEach(async () => {
	scene = await Scene.begin();
});
afterEach(() => scene.end());

/** Ends the engine as a trap does, and waits for what follows. */
async function crashAndWait(page: Page): Promise<void> {
	const before = (await notices(page)).length;
	const worker = await engineWorker(page);
	await worker.evaluate(
		() =>
			void setTimeout(() => {
				throw new WebAssembly.RuntimeError('unreachable');
			}, 0),
	);
	for (;;) {
		const since = (await notices(page)).slice(before).filter(({ notice }) => notice === 'engine');
		if (since.some((notice) => notice.notice === 'engine' && notice.problem?.retry === false)) return;
		if (since.some((notice) => notice.notice === 'engine' && notice.state === 'ready')) return;
		await page.waitForTimeout(20);
	}
}

test('two tabs share one engine, and each hears what the other wrote', async () => {
	const { page: first, circle } = await scene.enrolled();
	const second = await scene.tab();
	const note = await must<'createNote'>(first, {
		cmd: 'createNote',
		circle,
		day: 20_000,
		ordinal: 0,
		title: 'Tuesday',
	});
	const { document, version } = await must<'openNote'>(second, { cmd: 'openNote', document: note.document });
	const ops = [{ op: 'splice', index: 0, remove: 0, text: 'We began late.' } as const];
	const edit = { cmd: 'editNote', document, edit: { edit: 'body', version, ops } } as const;
	expect(await must<'editNote'>(first, edit)).toEqual({ version: version + 1 });
	expect(await heard(second, ({ notice }) => notice === 'noteBody')).toEqual({
		notice: 'noteBody',
		document,
		version: version + 1,
		ops,
	});
	expect((await notices(first)).some(({ notice }) => notice === 'noteBody')).toBe(false);
	expect((await refused<'editNote'>(second, edit)).code).toBe('stale');
});

test('a tab that closes a note does not close it for the other', async () => {
	const { page: first, circle } = await scene.enrolled();
	const second = await scene.tab();
	const note = await must<'createNote'>(first, {
		cmd: 'createNote',
		circle,
		day: 20_000,
		ordinal: 0,
		title: '',
	});
	const { document } = await must<'openNote'>(second, { cmd: 'openNote', document: note.document });
	await must<'close'>(first, { cmd: 'close', document });
	const edit = { edit: 'field', field: 'title', value: 'Late' } as const;
	await must<'editNote'>(first, { cmd: 'editNote', document, edit });
	const seen = await heard(second, (one) => one.notice === 'note' && one.note.title.value === 'Late');
	expect(seen.notice).toBe('note');
});

test('a sealed note is open to each tab from its reply on: its first edit is taken, and one that closes it closes it for itself', async () => {
	const { page: first, circle } = await scene.enrolled();
	const second = await scene.tab();
	const open = { cmd: 'openSealed', circle, kind: 'facilitatorNote', member: null, day: 20_000 } as const;
	const { document, version } = await must<'openSealed'>(first, open);
	await must<'openSealed'>(second, open);
	const ops = [{ op: 'splice', index: 0, remove: 0, text: 'Slept well.' } as const];
	const body = { edit: 'body', version, ops } as const;
	expect(await must<'editNote'>(first, { cmd: 'editNote', document, edit: body })).toEqual({
		version: version + 1,
	});
	await must<'close'>(first, { cmd: 'close', document });
	const edit = { edit: 'field', field: 'title', value: 'Late' } as const;
	await must<'editNote'>(first, { cmd: 'editNote', document, edit });
	const seen = await heard(second, (one) => one.notice === 'note' && one.note.title.value === 'Late');
	expect(seen.notice).toBe('note');
});

test('when the leading tab goes, the other takes over with all that was saved', async () => {
	const { page: first, circle, thread } = await scene.enrolled();
	const second = await scene.tab();
	await must<'send'>(first, { cmd: 'send', circle, thread, text: 'from the first', replyTo: null });
	const before = (await notices(second)).length;
	await first.close();
	await must<'send'>(second, { cmd: 'send', circle, thread, text: 'from the second', replyTo: null });
	expect(await texts(second, circle, thread)).toEqual(['from the first', 'from the second']);
	const since = (await notices(second)).slice(before);
	expect(since).toContainEqual({ notice: 'engine', state: 'ready', problem: null });
});

test('an edit of a note that another engine opened is stale, whatever its version', async () => {
	const { page, circle } = await scene.enrolled();
	const note = await must<'createNote'>(page, {
		cmd: 'createNote',
		circle,
		day: 20_000,
		ordinal: 0,
		title: '',
	});
	await crashAndWait(page);
	const ops = [{ op: 'splice', index: 0, remove: 0, text: 'x' } as const];
	const { document, version } = note;
	const edit = { cmd: 'editNote', document, edit: { edit: 'body', version, ops } } as const;
	expect((await refused<'editNote'>(page, edit)).code).toBe('stale');
	const opened = await must<'openNote'>(page, { cmd: 'openNote', document });
	await must<'editNote'>(page, { ...edit, edit: { ...edit.edit, version: opened.version } });
});

test('a reply that died with the engine: the message is there once, and answered', async () => {
	const { page, circle, thread } = await scene.enrolled();
	scene.offline();
	const worker = await engineWorker(page);
	await worker.evaluate(() => {
		const post = BroadcastChannel.prototype.postMessage;
		BroadcastChannel.prototype.postMessage = function (message: {
			kind: string;
			reply?: { value?: object };
		}) {
			const value = message.reply?.value;
			if (message.kind === 'reply' && value && 'sentMs' in value)
				throw new WebAssembly.RuntimeError('unreachable');
			post.call(this, message);
		};
	});
	const reply = await ask<'send'>(page, { cmd: 'send', circle, thread, text: 'once', replyTo: null });
	expect(reply).toMatchObject({ ok: true, value: { text: 'once', mine: true } });
	expect(await texts(page, circle, thread)).toEqual(['once']);
});

test('an engine that traps is started again, but not for ever', async () => {
	const page = await scene.tab();
	for (let times = 0; times < 3; times += 1) {
		await crashAndWait(page);
		expect(await must<'circles'>(page, { cmd: 'circles' })).toEqual([]);
	}
	await crashAndWait(page);
	expect((await refused<'circles'>(page, { cmd: 'circles' })).code).toBe('engine-stopped');
});

test('a leader that hangs is replaced, by the tab that noticed', async () => {
	const { page: first, circle, thread } = await scene.enrolled();
	const second = await scene.tab();
	await must<'sync'>(first, { cmd: 'sync' });
	const worker = await engineWorker(first);
	void worker
		.evaluate(
			() =>
				void setTimeout(() => {
					for (;;);
				}, 0),
		)
		.catch(() => {});
	await must<'send'>(second, { cmd: 'send', circle, thread, text: 'anybody there?', replyTo: null });
	expect(await texts(second, circle, thread)).toEqual(['anybody there?']);
	expect(await texts(first, circle, thread)).toEqual(['anybody there?']);
});
