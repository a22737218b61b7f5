import type { NoteOp } from '$bridge';
import { expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake';
import { NoteState } from './note.svelte';

const open = async (): Promise<{ fake: FakeBridge; note: NoteState }> => {
	const fake = new FakeBridge();
	const note = new NoteState(fake, 'n0');
	await note.open();
	return { fake, note };
};
const presence = (note: NoteState, member: string): unknown =>
	note.meta?.attendance.find((one) => one.member === member)?.presence;

test('whoever came to the circle later is counted once they are put down', async () => {
	const { fake, note: before } = await open();
	const [someone] = before.meta?.attendance ?? [];
	const body = fake.bodies.get('n0');
	if (!someone || !body) throw new Error('the sample has notes with people');
	body.later = [{ ...someone, member: 'm99', presence: null, others: [] }];
	const note = new NoteState(fake, 'n0');
	await note.open();
	const count = note.meta?.attendance.length ?? 0;
	fake.delayMs = 5;
	const edit = note.edit({ edit: 'attendance', member: 'm99', presence: 'present' });
	await Promise.resolve();
	await Promise.resolve();
	expect([presence(note, 'm99'), note.meta?.later]).toEqual(['present', []]);
	await edit;
	expect(fake.bodies.get('n0')?.attendance.length).toBe(count + 1);
});

test('one tap takes attendance, at once', async () => {
	const { fake, note } = await open();
	fake.delayMs = 5;
	const edit = note.edit({ edit: 'attendance', member: 'm3', presence: 'present' });
	await Promise.resolve();
	await Promise.resolve();
	expect(presence(note, 'm3')).toBe('present');
	expect(note.meta?.safety).toBe('phone');
	expect(await edit).toBe(true);
});

test('what the engine can’t take is not shown as taken', async () => {
	const { fake, note } = await open();
	fake.fails.set('editNote', 'storage-full');
	expect(await note.edit({ edit: 'attendance', member: 'm7', presence: 'present' })).toBe(false);
	expect(presence(note, 'm7')).toBeNull();
	expect(note.problem?.code).toBe('storage-full');
});

test('p04 both values of a field stay in sight until one is chosen', async () => {
	const { fake, note } = await open();
	if (!note.opened) throw new Error('not open');
	const candidates = [
		{ value: 'Evenings', author: 'm0', authorName: 'Ana' },
		{ value: 'Long evenings', author: 'm1', authorName: 'Baraka' },
	];
	fake.tell({ notice: 'note', note: { ...note.opened, title: { value: 'Evenings', candidates } } });
	expect(note.meta?.title.candidates).toHaveLength(2);
	await note.edit({ edit: 'field', field: 'title', value: 'Long evenings' });
	expect(note.meta?.title).toEqual({ value: 'Long evenings', candidates: [] });
});

test('body edits that come before the editor listens reach it in order', async () => {
	const { fake, note } = await open();
	fake.writeElsewhere('n0', (tokens) => [65, ...tokens]);
	fake.writeElsewhere('n0', (tokens) => [66, ...tokens]);
	const got: [number, NoteOp[]][] = [];
	note.attachBody(
		(version, ops) => got.push([version, ops]),
		() => {},
	);
	expect(got.map(([version]) => version)).toEqual([8, 9]);
});
