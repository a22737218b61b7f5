/** An own record as data: docs/RECORD.md says what is in it. Changing it means another version. */
import type { Circle, DayNumber, RecordItem } from '$bridge';
import { isoDay } from '../words/dates';
import type { Collected } from './collect';
import { formOf, type Forms } from './forms';

export const FORMAT = 'kith-own-record';
export const VERSION = 1;

/** The record as text, in pieces; `now`: when it is made, in milliseconds. */
export function* jsonOf(circle: Circle, collected: Collected, forms: Forms, now: number): Generator<string> {
	const head = {
		format: FORMAT,
		version: VERSION,
		madeAt: time(now),
		circle: { id: circle.circle, name: circle.name },
		person: { id: circle.me.member, name: circle.ownName },
		closedDocuments: collected.closed,
		itemsWithoutWords: collected.missing,
	};
	yield `${JSON.stringify(head, null, '\t').slice(0, -2)},\n\t"items": [`;
	let before = '\n';
	for (const item of collected.items) {
		yield `${before}\t\t${JSON.stringify(itemOf(item, collected.items, circle, forms))}`;
		before = ',\n';
	}
	yield collected.items.length > 0 ? '\n\t]\n}\n' : ']\n}\n';
}

const time = (ms: number): string => new Date(ms).toISOString();
const day = (number: DayNumber | null): string | null => (number === null ? null : isoDay(number));

function itemOf(item: RecordItem, all: readonly RecordItem[], circle: Circle, forms: Forms): object {
	const { key, kind, audience, place, madeMs, body } = item;
	return {
		id: key,
		kind,
		seenBy: audience,
		place: place || null,
		writtenAt: madeMs > 0 ? time(madeMs) : null,
		day: day(item.day),
		state: body === 'here' ? 'here' : body === 'gone' ? 'takenBack' : 'missing',
		text: item.text || null,
		of: body === 'here' ? partOf(item, circle, forms) : null,
		other: item.other === null ? null : { id: item.other, text: textOf(item.other, all) },
	};
}

/** The words of an item of the record itself; null for another's. */
export function textOf(key: string, all: readonly RecordItem[]): string | null {
	return all.find((item) => item.key === key)?.text || null;
}

/** What only items of this kind have. */
function partOf(item: RecordItem, circle: Circle, forms: Forms): object | null {
	const { entry, choice } = item;
	if (entry?.kind === 'filled') {
		const { name, asked, result } = formOf(entry, forms);
		const { instrument, version } = entry;
		return { entry: 'questionnaire', instrument, version, name, asked, result };
	}
	if (entry?.kind === 'checkIn') {
		const { mood, craving, sleep, energy, note } = entry;
		return { entry: 'checkIn', mood, craving, sleep, energy, note };
	}
	if (entry) return { entry: 'text', text: entry.text };
	if (item.part) return { part: item.part, phone: item.phone || null };
	if (choice)
		return {
			choice: choice.kind,
			about: {
				id: choice.member,
				name: circle.members.find(({ member }) => member === choice.member)?.name ?? null,
			},
		};
	if (item.title) return { title: item.title, moments: item.moments };
	if (item.passages.length > 0 || item.commitments.length > 0)
		return {
			passages: item.passages,
			tookOn: item.commitments.map(({ text, due, state }) => ({ text, due: day(due), state })),
		};
	return null;
}
