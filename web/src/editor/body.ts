/** A body in an editor: its tokens, the caret, and what one's own last edits were. All of it values. */
import type { MarkName } from '$bridge';
import { mapGap, validGap, type Caret } from './blocks';
import { diff } from './diff';
import { mergeLetters } from './merge';
import { sameTokens, type Token } from './tokens';

/** One edit of this person's, to be taken back as a whole. */
export interface Edit {
	before: Token[];
	after: Token[];
	/** When it was last typed in; null for what a command did, which nothing joins. */
	typedAtMs: number | null;
}

/** What the editor shows and knows. */
export interface Body {
	tokens: Token[];
	caret: Caret;
	/** Marks that the next characters get, when a button said so; null: as the text beside. */
	marks: MarkName[] | null;
	done: readonly Edit[];
	undone: readonly Edit[];
}

/** Something that a key or button does; null when it does nothing here. */
export type Command = (body: Body) => Body | null;

const EDITS_MAX = 60;
/** Typing without a longer pause is one edit. */
const PAUSE_MS = 700;

/** A body as it is opened. */
export function openBody(tokens: Token[]): Body {
	const gap = validGap(tokens, 0);
	return { tokens, caret: { anchor: gap, head: gap }, marks: null, done: [], undone: [] };
}

/** The body after this person's own edit; `typedAtMs` for characters typed, which join in one edit. */
export function edited(body: Body, tokens: Token[], caret: Caret, typedAtMs: number | null = null): Body {
	const last = body.done[body.done.length - 1];
	const edit: Edit = { before: body.tokens, after: tokens, typedAtMs };
	const since =
		last === undefined || last.typedAtMs === null || typedAtMs === null
			? Infinity
			: typedAtMs - last.typedAtMs;
	const goesOn = last && since < PAUSE_MS && sameTokens(last.after, body.tokens);
	const done = goesOn
		? [...body.done.slice(0, -1), { ...edit, before: last.before }]
		: [...body.done, edit].slice(-EDITS_MAX);
	return { tokens, caret: valid(tokens, caret), marks: null, done, undone: [] };
}

/** The body after edits from elsewhere: the caret stays with its words. */
export function joined(body: Body, tokens: Token[]): Body {
	const hunks = diff(body.tokens, tokens);
	const { anchor, head } = body.caret;
	return {
		...body,
		tokens,
		done: carried(body, tokens),
		caret: valid(tokens, { anchor: mapGap(hunks, anchor), head: mapGap(hunks, head) }),
	};
}

/** The edits with the last one moved onto new tokens, so that typing through others' edits stays one edit. */
function carried(body: Body, tokens: Token[]): readonly Edit[] {
	const last = body.done[body.done.length - 1];
	if (!last || !sameTokens(last.after, body.tokens)) return body.done;
	return [
		...body.done.slice(0, -1),
		{ ...last, before: mergeLetters(last.after, tokens, last.before), after: tokens },
	];
}

/**
 * Takes back this person's last edit. It is a merge: what the edit did is reverted on top of what stands now, so
 * words that others wrote meanwhile, even inside one's own, stay.
 */
export const undo: Command = (body) => {
	const last = body.done[body.done.length - 1];
	if (!last) return null;
	const tokens = mergeLetters(last.after, body.tokens, last.before);
	const back: Edit = { before: tokens, after: body.tokens, typedAtMs: null };
	return step(body, tokens, { done: body.done.slice(0, -1), undone: [...body.undone, back] });
};

/** Puts back what {@link undo} took. */
export const redo: Command = (body) => {
	const last = body.undone[body.undone.length - 1];
	if (!last) return null;
	const tokens = mergeLetters(last.before, body.tokens, last.after);
	const again: Edit = { before: body.tokens, after: tokens, typedAtMs: null };
	return step(body, tokens, { done: [...body.done, again], undone: body.undone.slice(0, -1) });
};

function step(body: Body, tokens: Token[], past: Pick<Body, 'done' | 'undone'>): Body {
	const hunks = diff(body.tokens, tokens);
	const gap = validGap(tokens, hunks[hunks.length - 1]?.end ?? body.caret.head);
	return { tokens, caret: { anchor: gap, head: gap }, marks: null, ...past };
}

function valid(tokens: readonly Token[], { anchor, head }: Caret): Caret {
	return { anchor: validGap(tokens, anchor), head: validGap(tokens, head) };
}
