/** What is asked of both engines about journals. */
import type { Command, OwnEntry } from '../bridge/contract';
import { isOnItsWay, same } from './same';
import type { Part } from './suite';

type Name = 'journal' | 'addEntry' | 'removeEntry';

const DAY = 20_000;

const checkIn = (
	steps: Partial<Record<'mood' | 'craving' | 'sleep' | 'energy', number>>,
	note = '',
): OwnEntry => ({
	kind: 'checkIn',
	mood: null,
	craving: null,
	sleep: null,
	energy: null,
	note,
	...steps,
});

const filled = (answers: (number | null)[], instrument = 'phq-4'): OwnEntry => ({
	kind: 'filled',
	instrument,
	version: 1,
	answers,
});

/** A part for each command. */
export const journalParts: { readonly [C in Name]: Part } = {
	async journal(at) {
		const { circle } = at;
		const add = { cmd: 'addEntry', circle, replaces: null } as const;
		await at.must<'addEntry'>({ ...add, day: DAY - 2, entry: { kind: 'text', text: 'Before' } });
		await at.must<'addEntry'>({ ...add, day: DAY - 1, entry: { kind: 'text', text: 'After' } });
		const { entries, more } = await at.must<'journal'>({ cmd: 'journal', circle, months: 1 });
		const days = entries.map(({ day }) => day);
		same([days.indexOf(DAY - 1) < days.indexOf(DAY - 2), more], [true, false], 'journal');
	},
	async addEntry(at) {
		const { circle } = at;
		const add = { cmd: 'addEntry', circle, day: DAY, replaces: null } as const;
		const refused = (entry: OwnEntry, code: 'empty' | 'bad-input' | 'too-long'): Promise<void> =>
			at.refused<'addEntry'>({ ...add, entry }, code);
		await refused(checkIn({}, ' '), 'empty');
		await refused(checkIn({ mood: 5 }), 'bad-input');
		await refused(filled([]), 'empty');
		await refused(filled([null]), 'empty');
		await refused(filled([101]), 'bad-input');
		await refused(filled([1], 'PHQ 4'), 'bad-input');
		await refused(filled(Array.from({ length: 41 }, () => 1)), 'too-long');
		await refused({ kind: 'text', text: ' ' }, 'empty');
		const late = { ...add, entry: checkIn({ mood: 1 }), day: 80_000 } satisfies Command;
		await at.refused<'addEntry'>(late, 'bad-input', 'day-to-come');
		await at.refused<'addEntry'>({ ...late, day: 1 }, 'bad-input', 'day');
		const first = await at.must<'addEntry'>({ ...add, entry: checkIn({ mood: 2, energy: 0 }, ' Rain. ') });
		const { day, entry, body, replaces, safety } = first;
		const wanted = checkIn({ mood: 2, energy: 0 }, 'Rain.');
		const of = (one: OwnEntry | null): unknown[] => Object.entries(one ?? {}).sort();
		same(
			[day, of(entry), body, replaces, isOnItsWay(safety)],
			[DAY, of(wanted), 'here', null, true],
			'addEntry',
		);
		const second = await at.must<'addEntry'>({ ...add, entry: filled([3, null, 0, 1]), replaces: first.key });
		const { entries } = await at.must<'journal'>({ cmd: 'journal', circle, months: 1 });
		const keys = entries.map(({ key }) => key);
		same([keys.includes(first.key), keys.includes(second.key)], [false, true], 'addEntry');
	},
	async removeEntry(at) {
		const { circle } = at;
		const entry: OwnEntry = { kind: 'text', text: 'Removed' };
		const { key } = await at.must<'addEntry'>({ cmd: 'addEntry', circle, day: DAY, entry, replaces: null });
		const remove = { cmd: 'removeEntry', circle, key } as const;
		await at.refused<'removeEntry'>({ ...remove, key: 'nothing' }, 'unknown-document');
		same(await at.must<'removeEntry'>(remove), null, 'removeEntry');
		const { entries } = await at.must<'journal'>({ cmd: 'journal', circle, months: 1 });
		same(
			entries.some((one) => one.key === key),
			false,
			'removeEntry',
		);
	},
};
