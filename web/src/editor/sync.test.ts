import type { Bridge, Command, NoteOp, Reply } from '$bridge';
import { expect, test } from 'vitest';
import { random, type Random } from '../testing/random';
import { redo, undo, edited, joined, openBody, type Body, type Command as Edit } from './body';
import {
	backspace,
	cycleHeading,
	deleteForward,
	enter,
	insert,
	tick,
	toggleBlock,
	toggleMark,
} from './commands';
import { validGap } from './blocks';
import { applyOps, opsBetween } from './ops';
import { BodySync } from './sync';
import { blockToken, isBlock, textTokens, toSpans, tokensText, type Token } from './tokens';

/** The worker, as the contract has it: one body, versions, stale edits refused, others told. */
class Authority {
	tokens: Token[];
	version = 1;
	readonly phones: Phone[] = [];
	constructor(tokens: Token[]) {
		this.tokens = tokens;
	}
	edit(from: Phone | null, version: number, ops: NoteOp[]): Reply<'editNote'> {
		if (version !== this.version) {
			return { ok: false, problem: { code: 'stale', retry: true } };
		}
		this.tokens = applyOps(this.tokens, ops);
		this.version++;
		const told = this.version;
		for (const phone of this.phones) {
			if (phone !== from) phone.down.push(() => phone.sync.receive(told, ops));
		}
		return { ok: true, value: { version: this.version } };
	}
}

class Phone {
	body: Body;
	composing = false;
	readonly up: (() => void)[] = [];
	readonly down: (() => void)[] = [];
	readonly sync: BodySync;
	constructor(readonly authority: Authority) {
		this.body = openBody(authority.tokens);
		const ask = (command: Command): Promise<unknown> =>
			new Promise((resolve) => {
				this.up.push(() => {
					const reply = this.#answer(command);
					this.down.push(() => resolve(reply));
				});
			});
		this.sync = new BodySync(
			{ ask } as Pick<Bridge, 'ask'>,
			'd',
			{ tokens: authority.tokens, version: authority.version },
			{
				tokens: () => this.body.tokens,
				raw: () => this.text,
				show: (target) => (this.body = joined(this.body, target)),
				busy: () => this.composing,
			},
		);
		authority.phones.push(this);
	}
	#answer(command: Command): unknown {
		if (command.cmd === 'editNote' && command.edit.edit === 'body') {
			return this.authority.edit(this, command.edit.version, command.edit.ops);
		}
		return {
			ok: true,
			value: { spans: toSpans(this.authority.tokens), version: this.authority.version },
		};
	}
	run(edit: Edit): void {
		this.body = edit(this.body) ?? this.body;
		void this.sync.flush();
	}
	/** Takes one character away before the caret, as the browser does inside a block. */
	rub(nowMs: number): void {
		const { head } = this.body.caret;
		const tokens = [...this.body.tokens.slice(0, head - 1), ...this.body.tokens.slice(head)];
		this.run((body) => edited(body, tokens, { anchor: head - 1, head: head - 1 }, nowMs));
	}
	get text(): string {
		return tokensText(this.body.tokens);
	}
}

const SCRIPTS = ['abc ', 'שלום', '😀👩‍👧', 'né'];

/** One thing that a person does; returns the characters that it took away. */
function act(phone: Phone, random: Random, fresh: () => string): string {
	const { tokens } = phone.body;
	const gap = (): number => validGap(tokens, random.below(tokens.length + 1));
	const anchor = gap();
	const head = random.below(3) === 0 ? validGap(tokens, anchor + random.below(8)) : anchor;
	phone.body = { ...phone.body, caret: { anchor, head } };
	const now = random.below(3) * 1000;
	const before = phone.text;
	const choice = random.below(13);
	if (choice < 5) phone.run(insert(textTokens(fresh())));
	else if (choice === 5) phone.run(enter);
	else if (choice === 6) {
		if (backspace(phone.body)) phone.run(backspace);
		else if (head > 0) phone.rub(now);
	} else if (choice === 7) phone.run(toggleBlock(random.pick(['todo', 'bullet'] as const)));
	else if (choice === 8) phone.run(cycleHeading);
	else if (choice === 9) phone.run(toggleMark(random.pick(['strong', 'em'] as const)));
	else if (choice === 10) phone.run(tick());
	else if (choice === 11) phone.run(deleteForward);
	else phone.run(random.below(3) === 0 ? redo : undo);
	const after = new Set(phone.text);
	return [...before].filter((character) => !after.has(character)).join('');
}

function remoteEdit(authority: Authority, random: Random, fresh: () => string): string {
	const target = [...authority.tokens];
	const at = random.below(target.length + 1);
	let gone: Token[] = [];
	const choice = random.below(4);
	if (choice === 0) gone = target.splice(at, random.below(4));
	else if (choice === 1)
		target.splice(at, 0, blockToken({ kind: 'heading', level: 1 + random.below(3), checked: false }));
	else if (choice === 2)
		target.splice(at, 0, blockToken({ kind: 'todo', level: 0, checked: random.below(2) > 0 }));
	else target.splice(at, 0, ...[...fresh()].map((c) => c.codePointAt(0) as number));
	authority.edit(null, authority.version, opsBetween(authority.tokens, target));
	return tokensText(gone);
}

test.each(Array.from({ length: Number(import.meta.env['VITE_SEEDS'] ?? 150) }, (_, seed) => [seed]))(
	'edits here and elsewhere converge and lose no character (seed %i)',
	async (seed) => {
		const dice = random(seed);
		const authority = new Authority(
			dice.below(2) ? [] : [blockToken({ kind: 'heading', level: 1, checked: false })],
		);
		const phones = [new Phone(authority), new Phone(authority)];
		let next = 0x4e00;
		const written = new Set<string>();
		const removed = new Set<string>();
		const fresh = (): string => {
			// Characters of which each is written once, some beyond the first plane.
			let text = '';
			for (let n = dice.below(4) + 1; n > 0; n--) {
				next++;
				text += String.fromCodePoint(dice.below(4) === 0 ? next + 0x10000 : next);
			}
			for (const character of text) written.add(character);
			return text;
		};
		for (let step = 0; step < 120; step++) {
			const phone = dice.pick(phones);
			const choice = dice.below(10);
			let gone = '';
			if (choice < 4) gone = act(phone, dice, fresh);
			else if (choice < 5) gone = remoteEdit(authority, dice, fresh);
			else if (choice < 6) phone.composing = !phone.composing;
			else if (choice < 8) phone.up.shift()?.();
			else phone.down.shift()?.();
			for (const character of gone) removed.add(character);
			await Promise.resolve();
		}
		for (const phone of phones) phone.composing = false;
		for (let quiet = 0; quiet < 30;) {
			let moved = false;
			for (const phone of phones) {
				const up = phone.up.shift();
				const down = up ? undefined : phone.down.shift();
				(up ?? down)?.();
				moved ||= Boolean(up ?? down);
			}
			for (let tick = 0; tick < 6; tick++) await Promise.resolve();
			if (!moved) for (const phone of phones) void phone.sync.flush();
			quiet = moved ? 0 : quiet + 1;
		}
		for (const phone of phones) {
			expect(toSpans(phone.body.tokens)).toEqual(toSpans(authority.tokens));
			phone.sync.stop();
		}
		const kept = new Set(tokensText(authority.tokens));
		for (const character of written) {
			if (!removed.has(character)) expect(kept.has(character), `lost ${character}`).toBe(true);
		}
	},
);

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

test('an edit whose answer was lost is not written twice', async () => {
	const authority = new Authority([]);
	const phone = new Phone(authority);
	phone.run(insert(textTokens('Ana came late')));
	await settled();
	phone.up.shift()?.();
	phone.down.length = 0;
	authority.edit(null, authority.version, [{ op: 'splice', index: 13, remove: 0, text: '!' }]);
	phone.down.length = 0;
	const resumed = phone.sync.resume();
	phone.up.shift()?.();
	phone.down.shift()?.();
	await Promise.race([resumed, new Promise((resolve) => setTimeout(resolve, 20))]);
	expect(tokensText(phone.body.tokens)).toBe('Ana came late!');
	phone.sync.stop();
});

test('undo takes back only what was written here', async () => {
	const authority = new Authority([]);
	const phone = new Phone(authority);
	phone.run(insert(textTokens('mine')));
	await settled();
	phone.up.shift()?.();
	phone.down.shift()?.();
	await new Promise((resolve) => setTimeout(resolve, 5));
	authority.edit(null, authority.version, [{ op: 'splice', index: 2, remove: 0, text: 'THEIRS' }]);
	phone.down.shift()?.();
	expect(tokensText(phone.body.tokens)).toBe('miTHEIRSne');
	phone.run(undo);
	expect(tokensText(phone.body.tokens)).toBe('THEIRS');
	phone.sync.stop();
});

test.each(SCRIPTS)('the caret stays with its words when others come in ahead of it: %s', (script) => {
	const body = insert(textTokens(script))(openBody([])) as Body;
	const heading = blockToken({ kind: 'heading', level: 1, checked: false });
	const now = joined(body, [heading, ...textTokens('A'), ...body.tokens]);
	expect(now.caret.head).toBe(now.tokens.length);
	expect(now.tokens.some(isBlock)).toBe(true);
});
