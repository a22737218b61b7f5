import { expect, test } from 'vitest';
import type { Bridge, Command, KithProblem } from '$bridge';
import { HOUR_MS, Later, laterKey, readWaiting } from './later.svelte';

const OFF: KithProblem = { code: 'storage-full', retry: true };

/** A phone that keeps drafts and messages, and can die at any ask. */
class Phone {
	now = 1_000;
	drafts = new Map<string, string>();
	sent: string[] = [];
	/** After so many more asks nothing answers any more. */
	left = Infinity;
	refuses = false;
	/** What is asked is done, and then the phone is gone. */
	diesAfterSending = false;

	readonly ask = (async (command: Command) => {
		if (this.left-- <= 0) throw new Error('gone');
		await Promise.resolve();
		switch (command.cmd) {
			case 'readDraft':
				return { ok: true, value: { text: this.drafts.get(command.key) ?? '' } };
			case 'writeDraft':
				this.drafts.set(command.key, command.text);
				return { ok: true, value: null };
			case 'send':
				if (this.refuses) return { ok: false, problem: OFF };
				this.sent.push(command.text);
				if (this.diesAfterSending) throw new Error('gone');
				return { ok: true, value: {} };
			default:
				return {
					ok: true,
					value: { messages: this.sent.map((text) => ({ mine: true, text, sentMs: this.now })) },
				};
		}
	}) as unknown as Bridge['ask'];

	/** The app, opened anew. */
	open(): Later {
		this.left = Infinity;
		return new Later(
			{ ask: this.ask },
			'c1',
			() => this.now,
			(act) => act(),
		);
	}
}

test('words wait an hour, outlive the app, and go once it is open after that', async () => {
	const phone = new Phone();
	expect(await phone.open().add('t1', 'Are you well?', null)).toBe(true);
	phone.now += HOUR_MS - 1;
	await phone.open().look();
	expect(phone.sent).toEqual([]);
	phone.now += 1;
	const later = phone.open();
	await later.look();
	await later.look();
	expect([phone.sent, later.waiting, phone.drafts.get(laterKey('c1'))]).toEqual([['Are you well?'], [], '']);
});

test('until then they are taken out, and what was taken out goes never', async () => {
	const phone = new Phone();
	const later = phone.open();
	await later.add('t1', 'In anger', 'k1');
	const [first] = later.waiting;
	expect((await later.takeOut(first?.id ?? ''))?.text).toBe('In anger');
	expect(await later.takeOut(first?.id ?? '')).toBeNull();
	phone.now += 2 * HOUR_MS;
	await phone.open().look();
	expect(phone.sent).toEqual([]);
});

test('whoever can wait no longer sends now', async () => {
	const phone = new Phone();
	const later = phone.open();
	await later.add('t1', 'Come by', null);
	await later.sendNow(later.waiting[0]?.id ?? '');
	expect(phone.sent).toEqual(['Come by']);
});

test('p02 a phone that dies at any ask sends what waited once, and loses none of it', async () => {
	for (let left = 0; left < 12; left++) {
		for (const diesAfterSending of [false, true]) {
			const phone = new Phone();
			await phone.open().add('t1', 'Once', null);
			phone.now += HOUR_MS;
			const dying = phone.open();
			Object.assign(phone, { left, diesAfterSending });
			await dying.look().catch(() => undefined);
			phone.diesAfterSending = false;
			await phone.open().look();
			await phone.open().look();
			expect(phone.sent, `${left} ${diesAfterSending}`).toEqual(['Once']);
		}
	}
});

test('what can’t be sent waits on, and can be taken out again', async () => {
	const phone = new Phone();
	await phone.open().add('t1', 'Soon', null);
	phone.now += HOUR_MS;
	phone.refuses = true;
	const later = phone.open();
	await later.look();
	expect(later.waiting.map(({ text, begun }) => [text, begun])).toEqual([['Soon', false]]);
	phone.refuses = false;
	await later.look();
	expect(phone.sent).toEqual(['Soon']);
});

test('what was kept and can’t be read is nothing', () => {
	for (const kept of ['', '{', '{}', '[{}]', '[{"id":"1","thread":"t","text":"x"}]'])
		expect(readWaiting(kept)).toEqual([]);
});
