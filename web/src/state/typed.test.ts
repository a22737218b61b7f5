import { expect, test, vi } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { random } from '../testing/random';
import { limits } from '../words/graphemes';
import { Begun } from './begun.svelte';
import { Drafts } from './drafts';
import { joined } from './joined';
import { Typed } from './typed.svelte';

/** A field, its store, and the drafts behind it. */
function field(fake = new FakeBridge()) {
	const store = { value: 'the long week', contested: false, saved: [] as string[], takes: true };
	const make = (): Typed =>
		new Typed({
			key: 'd.title',
			limit: limits.field,
			needed: false,
			drafts: new Drafts(fake),
			stored: () => store,
			save: (value) => {
				if (store.takes) {
					store.saved.push(value);
					store.value = value;
					store.contested = false;
				}
				return Promise.resolve(store.takes);
			},
		});
	return { fake, store, make };
}

test('p04 what one is typing is joined with what came from elsewhere, never replaced by it', async () => {
	const { store, make } = field();
	const typed = make();
	typed.text = 'the long week of rain';
	typed.typed();
	store.value = 'the very long week';
	typed.reconcile();
	expect(typed.text).toBe('the very long week of rain');
	await typed.commit();
	expect(store.saved).toEqual(['the very long week of rain']);
	store.value = 'Rain';
	typed.reconcile();
	expect(typed.text).toBe('Rain');
});

test('p04 whatever both type, each new word of both is there afterwards', () => {
	const { below, pick } = random(9);
	const some = (from: string[]): string[] => Array.from({ length: below(7) }, () => pick(from));
	for (let turn = 0; turn < 500; turn++) {
		const base = some(['we', 'walk', 'to', 'the', 'river']);
		const change = (name: string): string[] => {
			const words = base.filter(() => below(4) > 0);
			words.splice(below(words.length + 1), 0, ...some([`${name}1`, `${name}2`, 'we']));
			return words;
		};
		const [mine, theirs] = [change('m'), change('t')];
		const all = joined(base.join(' '), mine.join(' '), theirs.join(' ')).split(' ');
		const fresh = [...mine, ...theirs].filter((word) => /\d/.test(word));
		expect(fresh.filter((word) => !all.includes(word))).toEqual([]);
		expect(joined(base.join(' '), mine.join(' '), base.join(' '))).toBe(mine.join(' '));
		expect(joined(base.join(' '), base.join(' '), theirs.join(' '))).toBe(theirs.join(' '));
	}
});

test('p04 while several values stand, nothing that is typed is saved over them before someone chooses', async () => {
	const { store, make } = field();
	const typed = make();
	typed.text = 'the dry week';
	typed.typed();
	Object.assign(store, { value: 'After the flood', contested: true });
	typed.reconcile();
	await typed.commit();
	expect([typed.text, store.saved]).toEqual(['the dry week', []]);
	await typed.keepMine();
	expect([typed.text, store.saved, typed.writing]).toEqual(['the dry week', ['the dry week'], false]);
});

test('p04 what is typed beside several values is a draft like any other, and is there again on a new page', async () => {
	const { fake, store, make } = field();
	Object.assign(store, { value: 'After the flood', contested: true });
	const dying = make();
	dying.text = 'the dry week';
	dying.typed();
	await vi.waitFor(() => expect(fake.drafts.get('d.title')).toContain('the dry week'), 1_000);
	const typed = make();
	await typed.open();
	expect([typed.text, store.saved]).toEqual(['the dry week', []]);
});

test('p04 once somebody chose, what was typed beside it is joined with it and saved by itself', async () => {
	vi.useFakeTimers();
	const { store, make } = field();
	Object.assign(store, { value: 'After the flood', contested: true });
	const typed = make();
	typed.reconcile();
	typed.text = 'After the flood, again';
	typed.typed();
	await vi.advanceTimersByTimeAsync(5_000);
	expect(store.saved).toEqual([]);
	// What was shown first is what was chosen: nothing but the choice tells of it.
	store.contested = false;
	typed.reconcile();
	await vi.advanceTimersByTimeAsync(1_000);
	vi.useRealTimers();
	expect(store.saved).toEqual(['After the flood, again']);
});

test('p04 what was typed when another value was chosen is kept aside until it is used or let go', async () => {
	const { fake, store, make } = field();
	Object.assign(store, { value: 'After the flood', contested: true });
	const typed = make();
	typed.text = 'the dry week';
	typed.typed();
	await typed.choose('A week of rain');
	expect([typed.text, typed.writing, typed.aside]).toEqual(['A week of rain', false, 'the dry week']);
	await vi.waitFor(() => expect(fake.drafts.get('d.title')).toContain('the dry week'), 1_000);
	const again = make();
	await again.open();
	expect([again.text, again.writing, again.aside]).toEqual(['A week of rain', false, 'the dry week']);
	again.useAside();
	await again.commit();
	expect([again.aside, store.saved.at(-1)]).toEqual(['', 'the dry week']);
	await vi.waitFor(() => expect(fake.drafts.get('d.title')).toBe(''), 1_000);
});

test('p04 a slow phone doesn’t join what is typed with the value that is being chosen', async () => {
	const { store, make } = field();
	Object.assign(store, { value: 'After the flood', contested: true });
	const typed = make();
	typed.text = 'the dry week';
	typed.typed();
	const choosing = typed.choose('A week of rain');
	// It is shown before the phone has it.
	typed.reconcile();
	await choosing;
	expect([typed.text, typed.aside, store.saved]).toEqual([
		'A week of rain',
		'the dry week',
		['A week of rain'],
	]);
});

test('p04 whatever people write, choose and do with a field, no word that was typed in it is lost', async () => {
	vi.useFakeTimers();
	const { below, pick } = random(11);
	for (let turn = 0; turn < 150; turn++) {
		const { fake, store, make } = field();
		let typed = make();
		await typed.open();
		const wrote: string[] = [];
		for (let step = 0; step < 12; step++) {
			const word = `w${step}`;
			const act = below(7);
			if (act < 3) {
				typed.text = `${typed.text} ${word}`;
				typed.typed();
				wrote.push(word);
			} else if (act === 3)
				Object.assign(store, { value: `${pick(['A', 'B'])} ${store.value}`, contested: true });
			else if (act === 4) store.contested = false;
			else if (act === 5 && store.contested) await typed.choose(store.value);
			else {
				// The page dies; what it kept within a second is what there is.
				await vi.advanceTimersByTimeAsync(1_000);
				typed = make();
				await typed.open();
			}
			typed.reconcile();
			await vi.advanceTimersByTimeAsync(below(2) * 700);
		}
		const all = `${typed.text} ${typed.aside} ${fake.drafts.get('d.title') ?? ''} ${store.value}`;
		expect(wrote.filter((word) => !all.includes(word))).toEqual([]);
	}
	vi.useRealTimers();
});

test('what can’t be taken stays in the field with a sentence, and in the draft', async () => {
	const { fake, store, make } = field();
	const typed = make();
	typed.text = 'क्षि'.repeat(203);
	typed.typed();
	await typed.commit();
	expect(typed.refused).toContain('3 characters too many');
	expect(store.saved).toEqual([]);
	typed.text = 'Rain';
	typed.typed();
	store.takes = false;
	await typed.commit();
	expect([typed.text, typed.writing]).toEqual(['Rain', true]);
	typed.close();
	await vi.waitFor(() => expect(fake.drafts.get('d.title')).toContain('Rain'));
});

test('what was typed when the page died is in the field again, and what came meanwhile too', async () => {
	const { fake, store, make } = field();
	const dying = make();
	dying.text = 'the long week at last';
	dying.typed();
	await vi.waitFor(() => expect(fake.drafts.get('d.title')).toContain('at last'), 1_000);
	store.value = 'a long week';
	const typed = make();
	await typed.open();
	expect(typed.text).toBe('a long week at last');
});

test('what was begun in a form is offered again, and forgotten once it is done', async () => {
	const fake = new FakeBridge();
	const drafts = new Drafts(fake);
	const form = new Begun('d.new', { text: '', who: '' }, drafts);
	form.values.text = 'walk to the';
	form.keep();
	await vi.waitFor(() => expect(fake.drafts.get('d.new')).toContain('walk to the'), 1_000);
	const again = new Begun('d.new', { text: '', who: '' }, new Drafts(fake));
	await again.load();
	expect([again.values, again.found]).toEqual([{ text: 'walk to the', who: '' }, true]);
	again.done();
	await vi.waitFor(() => expect(fake.drafts.get('d.new')).toBe(''), 1_000);
});
