/** How a to-do is drawn: a box that a thumb can tick, beside its text. */
import type { Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';
import { tick } from './commands';

/** A to-do in the editor. `label` is what a screen reader calls its box. */
export class TodoView implements NodeView {
	readonly dom: HTMLElement;
	readonly contentDOM: HTMLElement;
	readonly #box: HTMLButtonElement;

	constructor(
		private node: Node,
		view: EditorView,
		position: () => number | undefined,
		label: string,
	) {
		this.dom = document.createElement('div');
		this.dom.className = 'todo';
		this.#box = this.dom.appendChild(document.createElement('button'));
		this.#box.type = 'button';
		this.#box.contentEditable = 'false';
		this.#box.setAttribute('role', 'checkbox');
		this.#box.setAttribute('aria-label', label);
		this.#box.addEventListener('pointerdown', (event) => event.preventDefault());
		this.#box.addEventListener('click', () => {
			const at = position();
			const tr = at === undefined ? null : tick(view.state, at);
			if (tr) view.dispatch(tr);
		});
		this.contentDOM = this.dom.appendChild(document.createElement('p'));
		this.#draw();
	}

	/** Takes over a newer version of the same to-do. */
	update(node: Node): boolean {
		if (node.type !== this.node.type) return false;
		this.node = node;
		this.#draw();
		return true;
	}

	/** The box is no text: what happens in it is no edit. */
	ignoreMutation(mutation: { target: globalThis.Node }): boolean {
		return !this.contentDOM.contains(mutation.target);
	}

	/** The box deals with its own events. */
	stopEvent(event: Event): boolean {
		return this.#box.contains(event.target as globalThis.Node);
	}

	#draw(): void {
		const checked = this.node.attrs['checked'] === true;
		this.#box.setAttribute('aria-checked', String(checked));
		this.dom.dataset['checked'] = String(checked);
	}
}
