/** What the stand-in makes of an edit of a note. */
import type { KithProblem, Note, NoteEdit, ProblemCode, ProblemWhy } from '../bridge/contract';
import { applyOps } from '../editor/ops';
import { NOTE_UNITS_MAX } from '../editor/portion';
import { fromSpans, toSpans, widthOf } from '../editor/tokens';

/** Most body edits that the engine takes at once. */
const BODY_OPS_MAX = 1024;
/** Days from 2000 to 2199. */
const DAYS = [10_957, 84_005] as const;
/** Most characters of a title or place. */
const FIELD_MAX = 200;

/** A problem of a code, and of a case of it. */
export function problem(code: ProblemCode, why?: ProblemWhy): KithProblem {
	const retry = code === 'stale' || code === 'offline' || code === 'server-error';
	return why ? { code, retry, why } : { code, retry };
}

/** Whether a session may be on that day. */
export function isDay(day: number): boolean {
	return day >= DAYS[0] && day <= DAYS[1];
}

/** Whether there is nothing in a text. */
export function isBlank(text: string): boolean {
	return text.trim() === '';
}

/** Changes a note, and its version when its body changed; or says why not. `named` tells a new item's id. */
export function editNote(
	note: Note,
	edit: NoteEdit,
	named: () => string,
	nameOf: (member: string) => string,
): KithProblem | null {
	switch (edit.edit) {
		case 'body':
			return editBody(note, edit);
		case 'field':
			if (isBlank(edit.value) && edit.field === 'title') return problem('empty');
			if (edit.value.length > FIELD_MAX) return problem('too-long');
			note[edit.field] = { value: edit.value, candidates: [] };
			return null;
		case 'day':
			if (!isDay(edit.day)) return problem('bad-input');
			Object.assign(note, { day: edit.day, days: [] });
			return null;
		case 'hide':
			return edit.hidden && note.spans.length > 0 ? problem('bad-input') : null;
		case 'attendance':
			note.attendance.push(...note.later.filter(({ member }) => member === edit.member));
			note.later = note.later.filter(({ member }) => member !== edit.member);
			for (const one of note.attendance) {
				if (one.member === edit.member) Object.assign(one, { presence: edit.presence, others: [] });
			}
			return null;
		default:
			return editItems(note, edit, named, nameOf);
	}
}

function editBody(note: Note, edit: Extract<NoteEdit, { edit: 'body' }>): KithProblem | null {
	if (edit.version !== note.version) return problem('stale');
	if (edit.ops.length > BODY_OPS_MAX) return problem('too-long');
	const before = fromSpans(note.spans);
	for (const op of edit.ops) if ('index' in op && op.index > NOTE_UNITS_MAX) return problem('bad-input');
	const next = applyOps(before, edit.ops);
	if (widthOf(next) > NOTE_UNITS_MAX) return problem('too-long');
	note.spans = toSpans(next);
	note.version++;
	return null;
}

type ItemEdit = Exclude<NoteEdit, { edit: 'body' | 'field' | 'day' | 'hide' | 'attendance' }>;

function editItems(
	note: Note,
	edit: ItemEdit,
	named: () => string,
	nameOf: (member: string) => string,
): KithProblem | null {
	if ('text' in edit && edit.text !== undefined && isBlank(edit.text)) return problem('empty');
	const there: { item: string }[] = edit.edit.startsWith('agenda') ? note.agenda : note.commitments;
	const known = 'item' in edit ? there.find(({ item }) => item === edit.item) : undefined;
	const needs = edit.edit.endsWith('Set') || edit.edit.endsWith('Remove');
	if (needs && !known) return problem('unknown-document');
	switch (edit.edit) {
		case 'agendaAdd':
			note.agenda.push({ item: `a${named()}`, text: edit.text, done: false, contested: [] });
			break;
		case 'agendaBack':
			note.agenda.push({ item: edit.item, text: edit.text, done: edit.done, contested: [] });
			break;
		case 'agendaSet':
		case 'commitmentSet': {
			const given: Partial<typeof edit> = { ...edit };
			delete given.edit;
			Object.assign(known ?? {}, given, { contested: [] });
			break;
		}
		case 'agendaRemove':
			note.agenda = note.agenda.filter(({ item }) => item !== edit.item);
			break;
		case 'commitmentAdd':
		case 'commitmentBack': {
			const { member, text, due } = edit;
			const [item, state] =
				edit.edit === 'commitmentBack' ? [edit.item, edit.state] : [`k${named()}`, 'open' as const];
			note.commitments.push({ item, member, memberName: nameOf(member), text, due, state, contested: [] });
			break;
		}
		case 'commitmentRemove':
			note.commitments = note.commitments.filter(({ item }) => item !== edit.item);
	}
	return null;
}
