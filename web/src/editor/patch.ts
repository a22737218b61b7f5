/** Brings the editor to a body that came from elsewhere, touching only what differs, so the caret stays. */
import type { EditorState, Transaction } from 'prosemirror-state';
import { diff } from './diff';
import { blockEnd, docTokens, gapPlace, textNodes, tokensDoc } from './mapping';
import { blockAttrs, schema } from './schema';
import { hasMark, isBlock, MARKS, sameTokens, tokenBlock, type Token } from './tokens';

/** A transaction after which the editor holds exactly `target`. */
export function patch(state: EditorState, target: readonly Token[]): Transaction {
	const tr = state.tr.setMeta(REMOTE, true);
	const hunks = diff(docTokens(state.doc), target);
	let shift = 0;
	for (const hunk of hunks) {
		const at = hunk.from + shift;
		removeTokens(tr, at, hunk.to - hunk.from);
		insertTokens(tr, at, target.slice(hunk.start, hunk.end));
		shift += hunk.end - hunk.start - (hunk.to - hunk.from);
	}
	retouch(tr, target);
	if (!sameTokens(docTokens(tr.doc), target)) {
		// Not reached by the random edits of the tests; right text matters more than the caret.
		tr.replaceWith(0, tr.doc.content.size, tokensDoc(target).content);
	}
	return tr;
}

/** Marks transactions that came from elsewhere. */
export const REMOTE = 'kith-remote';

function removeTokens(tr: Transaction, at: number, count: number): void {
	let left = count;
	while (left > 0) {
		const tokens = docTokens(tr.doc);
		if (isBlock(tokens[at] as Token)) {
			removeMarker(tr, tokens, at);
			left--;
		} else {
			const end = Math.min(blockEnd(tokens, at), at + left);
			removeText(tr, tokens, at, end);
			left -= end - at;
		}
	}
}

function removeText(tr: Transaction, tokens: readonly Token[], at: number, end: number): void {
	// With a lead paragraph's last character the paragraph itself goes: nothing stands before the marker.
	const from = gapPlace(tr.doc, tokens, at);
	const emptied = at === 0 && end < tokens.length && isBlock(tokens[end] as Token);
	if (emptied && from.block === 0) tr.delete(0, tr.doc.child(0).nodeSize);
	else tr.delete(from.pos, gapPlace(tr.doc, tokens, end).pos);
}

function removeMarker(tr: Transaction, tokens: readonly Token[], at: number): void {
	if (at > 0) {
		tr.join(gapPlace(tr.doc, tokens, at + 1).nodePos);
		return;
	}
	const next = tokens[1];
	if (next !== undefined && isBlock(next)) tr.delete(0, tr.doc.child(0).nodeSize);
	else tr.setNodeMarkup(0, schema.nodes.paragraph, { lead: true });
}

function insertTokens(tr: Transaction, at: number, fresh: readonly Token[]): void {
	let start = 0;
	while (start < fresh.length) {
		const token = fresh[start] as Token;
		const tokens = docTokens(tr.doc);
		if (isBlock(token)) {
			insertMarker(tr, tokens, at + start, token);
			start++;
		} else {
			const end = blockEnd(fresh, start);
			insertText(tr, tokens, at + start, fresh.slice(start, end));
			start = end;
		}
	}
}

function insertText(tr: Transaction, tokens: readonly Token[], at: number, text: readonly Token[]): void {
	const place = gapPlace(tr.doc, tokens, at);
	if (place.block < 0) tr.insert(0, schema.node('paragraph', { lead: true }, textNodes(text)));
	else tr.insert(place.pos, textNodes(text));
}

function insertMarker(tr: Transaction, tokens: readonly Token[], at: number, token: Token): void {
	const block = tokenBlock(token);
	const type = schema.nodes[block.kind];
	const attrs = blockAttrs(block);
	if (at > 0) {
		tr.split(gapPlace(tr.doc, tokens, at).pos, 1, [{ type, attrs }]);
	} else if (tokens.length > 0 && isBlock(tokens[0] as Token)) {
		tr.insert(0, type.create(attrs));
	} else {
		tr.setNodeMarkup(0, type, attrs);
	}
}

/** Marks and block attributes, once characters and markers are in place. */
function retouch(tr: Transaction, target: readonly Token[]): void {
	const now = docTokens(tr.doc);
	if (now.length !== target.length) return;
	target.forEach((token, at) => {
		if (!isBlock(token) || now[at] === token) return;
		const block = tokenBlock(token);
		tr.setNodeMarkup(gapPlace(tr.doc, target, at + 1).nodePos, schema.nodes[block.kind], blockAttrs(block));
	});
	for (const name of MARKS) {
		let at = 0;
		while (at < target.length) {
			const on = hasMark(target[at] as Token, name);
			const differs = (place: number): boolean =>
				!isBlock(target[place] ?? 0) &&
				hasMark(target[place] ?? 0, name) === on &&
				hasMark(now[place] ?? 0, name) !== on;
			let end = at;
			while (end < target.length && differs(end)) end++;
			if (end > at) {
				const from = gapPlace(tr.doc, target, at).pos;
				const to = gapPlace(tr.doc, target, end).pos;
				if (on) tr.addMark(from, to, schema.mark(name));
				else tr.removeMark(from, to, schema.marks[name]);
			}
			at = Math.max(end, at + 1);
		}
	}
}
