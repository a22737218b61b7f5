/** Between bodies and the edits that the engine speaks: {@link NoteOp}s with UTF-16 indices. */
import type { MarkName, NoteOp } from '$bridge';
import { diff } from './diff';
import {
	blockToken,
	freshly,
	hasMark,
	isBlock,
	MARKS,
	sameToken,
	textTokens,
	tokenBlock,
	tokensText,
	type Token,
	width,
	widthOf,
	withMark,
	withStampOf,
} from './tokens';

/** An edit that does not fit the body it is for: the two sides disagree, ask for the whole note again. */
export class MisfitError extends Error {
	constructor(op: NoteOp) {
		super(`the edit ${op.op} does not fit the note`);
	}
}

/**
 * The edits that turn `before` into `after`. A removal never mixes text and markers. Marks of new text are
 * said in full wherever the text beside it could lend it others.
 */
export function opsBetween(before: readonly Token[], after: readonly Token[]): NoteOp[] {
	const ops: NoteOp[] = [];
	const hunks = diff(before, after);
	/** What the engine has after the edits so far, as far as marks can be known: null is not known. */
	const marked: (Token | null)[] = [];
	let index = 0;
	let at = 0;
	const keep = (until: number): void => {
		while (at < until) {
			const token = before[at++] as Token;
			marked.push(token);
			index += width(token);
		}
	};
	for (const hunk of hunks) {
		keep(hunk.from);
		removeRuns(ops, index, before.slice(hunk.from, hunk.to));
		at = hunk.to;
		const fresh = after.slice(hunk.start, hunk.end);
		insertRuns(ops, index, fresh);
		for (const token of fresh) {
			marked.push(isBlock(token) ? token : null);
			index += width(token);
		}
	}
	keep(before.length);
	attributeOps(ops, marked, after);
	return ops;
}

function removeRuns(ops: NoteOp[], index: number, gone: readonly Token[]): void {
	let start = 0;
	while (start < gone.length) {
		let end = start + 1;
		if (!isBlock(gone[start] as Token)) while (end < gone.length && !isBlock(gone[end] as Token)) end++;
		ops.push({ op: 'splice', index, remove: widthOf(gone.slice(start, end)), text: '' });
		start = end;
	}
}

function insertRuns(ops: NoteOp[], index: number, fresh: readonly Token[]): void {
	let at = index;
	let start = 0;
	while (start < fresh.length) {
		const token = fresh[start] as Token;
		let end = start + 1;
		if (isBlock(token)) {
			ops.push({ op: 'block', index: at, block: tokenBlock(token) });
		} else {
			while (end < fresh.length && !isBlock(fresh[end] as Token)) end++;
			const last = ops[ops.length - 1];
			const text = tokensText(fresh.slice(start, end));
			// One edit for "replace these characters", as people and keyboards do it.
			if (start === 0 && last?.op === 'splice' && last.index === at && last.text === '') last.text = text;
			else ops.push({ op: 'splice', index: at, remove: 0, text });
		}
		at += widthOf(fresh.slice(start, end));
		start = end;
	}
}

function attributeOps(ops: NoteOp[], have: readonly (Token | null)[], want: readonly Token[]): void {
	let index = 0;
	want.forEach((token, at) => {
		if (isBlock(token) && !sameToken(have[at], token))
			ops.push({ op: 'setBlock', index, block: tokenBlock(token) });
		index += width(token);
	});
	for (const name of MARKS) markOps(ops, name, have, want);
}

function markOps(
	ops: NoteOp[],
	name: MarkName,
	have: readonly (Token | null)[],
	want: readonly Token[],
): void {
	const lent = lendable(name, have);
	let index = 0;
	let open: Extract<NoteOp, { op: 'mark' }> | null = null;
	want.forEach((token, at) => {
		const now = have[at];
		const on = hasMark(token, name);
		const say =
			!isBlock(token) && (now === null || now === undefined ? on || lent[at] : hasMark(now, name) !== on);
		const end = index + width(token);
		if (say && open?.on === on && open.to === index) open.to = end;
		else if (say) ops.push((open = { op: 'mark', from: index, to: end, name, on }));
		else open = null;
		index = end;
	});
}

/** For each place, whether the nearest known text on either side could lend new text this mark. */
function lendable(name: MarkName, have: readonly (Token | null)[]): boolean[] {
	const lent = have.map(() => false);
	const sweep = (order: number[]): void => {
		let near = false;
		for (const at of order) {
			const token = have[at];
			if (token === null || token === undefined) lent[at] ||= near;
			else if (!isBlock(token)) near = hasMark(token, name);
		}
	};
	const order = [...have.keys()];
	sweep(order);
	sweep(order.reverse());
	return lent;
}

/** Applies edits in order to a copy. What they bring is new, whatever it looks like; text has no marks until a mark edit gives it some. */
export function applyOps(tokens: readonly Token[], ops: readonly NoteOp[]): Token[] {
	let now = [...tokens];
	for (const op of ops) {
		if (op.op === 'splice') {
			const start = place(now, op.index, op);
			const end = op.remove === 0 ? start : place(now, op.index + op.remove, op);
			const fresh = freshly(textTokens(op.text));
			now = now.slice(0, start).concat(fresh, now.slice(end));
		} else if (op.op === 'block') {
			now.splice(place(now, op.index, op), 0, ...freshly([blockToken(op.block)]));
		} else if (op.op === 'setBlock') {
			const at = place(now, op.index, op);
			const old = now[at] ?? 0;
			if (!isBlock(old)) throw new MisfitError(op);
			now[at] = withStampOf(blockToken(op.block), old);
		} else {
			const end = place(now, op.to, op);
			for (let at = place(now, op.from, op); at < end; at++) {
				now[at] = withMark(now[at] as Token, op.name, op.on);
			}
		}
	}
	return now;
}

function place(tokens: readonly Token[], index: number, op: NoteOp): number {
	let sum = 0;
	let at = 0;
	while (sum < index && at < tokens.length) sum += width(tokens[at++] as Token);
	if (sum !== index) throw new MisfitError(op);
	return at;
}
