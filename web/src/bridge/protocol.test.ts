import { expect, test } from 'vitest';
import { sampleNote } from '../testing/sample';
import type { Command } from './contract';
import { closed, opened, type AnyReply } from './protocol';

const [circle, document] = ['c1a0', 'n1'];
const value = sampleNote(document, 20_000);

test.each<Command>([
	{ cmd: 'openNote', document },
	{ cmd: 'createNote', circle, day: 20_000, ordinal: 0, title: '' },
	{ cmd: 'openSealed', circle, kind: 'facilitatorNote', member: null, day: 20_000 },
])('$cmd opens the document that its reply tells, and closes none', (command) => {
	expect(opened(command, { ok: true, value })).toBe(document);
	expect(closed(command)).toBeNull();
	const refused: AnyReply = { ok: false, problem: { code: 'unknown-document', retry: false } };
	expect(opened(command, refused)).toBeNull();
});

test('what is closed is told by the command, and what only reads a document opens none', () => {
	expect(closed({ cmd: 'close', document })).toBe(document);
	expect(closed({ cmd: 'passages', document })).toBeNull();
	expect(opened({ cmd: 'close', document }, { ok: true, value: null })).toBeNull();
	expect(opened({ cmd: 'passages', document }, { ok: true, value: [] })).toBeNull();
});
