/** An open session note: everything but its body's text, which the editor keeps in step by itself. */
import type {
	AgendaItem,
	Bridge,
	Commitment,
	DocumentId,
	KithProblem,
	Note,
	NoteEdit,
	NoteOp,
} from '$bridge';

/** A note without its body. */
export type NoteMeta = Omit<Note, 'spans'>;

/** One open note. Edits show at once; the engine's word follows and stands. */
export class NoteState {
	meta = $state.raw<NoteMeta | null>(null);
	/** Why it could not be opened, or the last edit could not be taken. */
	problem = $state.raw<KithProblem | null>(null);
	/** The body as it was opened; the editor starts from it. */
	opened = $state.raw<Note | null>(null);
	#stop: (() => void) | null = null;
	/** Body edits from elsewhere that came before the editor listened, then straight to it. */
	#early: { version: number; ops: NoteOp[] }[] = [];
	#body: ((version: number, ops: NoteOp[]) => void) | null = null;
	#engineBack: (() => void) | null = null;

	constructor(
		private readonly bridge: Bridge,
		private readonly document: DocumentId,
	) {}

	/** Opens the note and listens for what changes in it. */
	async open(): Promise<void> {
		this.#stop ??= this.bridge.listen((notice) => {
			if (notice.notice === 'note' && notice.note.document === this.document) this.meta = notice.note;
			else if (notice.notice === 'noteBody' && notice.document === this.document) {
				if (this.#body) this.#body(notice.version, notice.ops);
				else this.#early.push({ version: notice.version, ops: notice.ops });
			} else if (notice.notice === 'engine' && notice.state === 'ready') {
				if (this.opened) this.#engineBack?.();
				else void this.open();
			}
		});
		const reply = await this.bridge.ask<'openNote'>({ cmd: 'openNote', document: this.document });
		if (!reply.ok) {
			this.problem = reply.problem;
			return;
		}
		this.problem = null;
		this.opened ??= reply.value;
		this.meta ??= reply.value;
	}

	/** The editor takes over body edits from elsewhere, and is told when the engine came back. */
	attachBody(receive: (version: number, ops: NoteOp[]) => void, engineBack: () => void): void {
		this.#body = receive;
		this.#engineBack = engineBack;
		for (const { version, ops } of this.#early.splice(0)) receive(version, ops);
	}

	/** Edits anything but the body: shown at once, taken back when the engine can't take it. */
	async edit(edit: Exclude<NoteEdit, { edit: 'body' }>): Promise<boolean> {
		// A field may save as its screen is taken down: state changes once that is over.
		await Promise.resolve();
		if (this.meta) this.meta = afterEdit(this.meta, edit);
		const reply = await this.bridge.ask<'editNote'>({ cmd: 'editNote', document: this.document, edit });
		this.problem = reply.ok ? null : reply.problem;
		if (!reply.ok) await this.#reread();
		return reply.ok;
	}

	async #reread(): Promise<void> {
		const reply = await this.bridge.ask<'openNote'>({ cmd: 'openNote', document: this.document });
		if (reply.ok) this.meta = reply.value;
	}

	/** Leaves the note; the editor has flushed by now. */
	async close(): Promise<void> {
		this.#stop?.();
		this.#stop = null;
		await this.bridge.ask<'flush'>({ cmd: 'flush' });
		await this.bridge.ask<'close'>({ cmd: 'close', document: this.document });
	}
}

/** The note as it will be once the engine took an edit; what only the engine can know is left as it is. */
export function afterEdit(note: NoteMeta, edit: Exclude<NoteEdit, { edit: 'body' }>): NoteMeta {
	const safety = 'phone' as const;
	switch (edit.edit) {
		case 'field':
			return { ...note, safety, [edit.field]: { value: edit.value, candidates: [] } };
		case 'day':
			return { ...note, safety, day: edit.day, days: [] };
		case 'attendance':
			return {
				...note,
				safety,
				attendance: [...note.attendance, ...note.later.filter((one) => one.member === edit.member)].map(
					(one) => (one.member === edit.member ? { ...one, presence: edit.presence, others: [] } : one),
				),
				later: note.later.filter((one) => one.member !== edit.member),
			};
		case 'agendaSet':
			return {
				...note,
				safety,
				agenda: note.agenda.map((one) => (one.item === edit.item ? written(one, edit) : one)),
			};
		case 'agendaRemove':
			return { ...note, safety, agenda: note.agenda.filter(({ item }) => item !== edit.item) };
		case 'commitmentSet':
			return {
				...note,
				safety,
				commitments: note.commitments.map((one) => (one.item === edit.item ? written(one, edit) : one)),
			};
		case 'commitmentRemove':
			return { ...note, safety, commitments: note.commitments.filter(({ item }) => item !== edit.item) };
		default:
			return note;
	}
}

/** An item with what an edit gives of it; of a field that it writes nothing is contested any more. */
function written<T extends AgendaItem | Commitment>(
	one: T,
	edit: Extract<NoteEdit, { edit: 'agendaSet' | 'commitmentSet' }>,
): T {
	const given = Object.fromEntries(
		Object.entries(edit).filter(([key, value]) => key !== 'edit' && value !== undefined),
	);
	return { ...one, ...given, contested: one.contested.filter(({ field }) => !(field in given)) };
}
