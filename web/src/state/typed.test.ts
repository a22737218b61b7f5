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
