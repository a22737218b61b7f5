/** The note's editor over a stand-in for the engine, for tests to act on and to look at. */
import type { KithProblem, Note, Span } from '../../src/bridge';
import type { Command } from '../../src/editor/body';
import { tick, toggleBlock, toggleMark } from '../../src/editor/commands';
import '../../src/editor/editor.css';
import { mountEditor, type Editor } from '../../src/editor/mount';
import { readText } from '../../src/editor/text';
import { FakeBridge } from '../../src/testing/fake';
import { told } from '../../src/ui/told';

const DOCUMENT = 'n0';

/** What tests call. */
export interface EditorPage {
	/** Opens a note with this body. */
	open: (spans: Span[]) => Promise<void>;
	/** Opens it anew, as after its page died without a word; `engine` too loses nothing that it took. */
	reopen: () => Promise<void>;
	leave: () => Promise<void>;
	/** What the engine holds, block by block. */
	held: () => string[];
	/** What the screen says, block by block. */
	shown: () => string[];
	state: () => { taken: boolean; problem: KithProblem | null };
	/** The engine answers nothing more. */
	freeze: (on: boolean) => void;
	run: (name: 'bullet' | 'todo' | 'strong' | 'tick') => void;
	/** Returns once it is in the note. */
	paste: (data: Record<string, string>) => Promise<void>;
	/** Somebody else writes `text` at a place, in the place of `remove` tokens. */
	elsewhere: (at: number, remove: number, text: string) => void;
	/** What a page's translator does to a text: wraps it, and writes other words. */
	translate: (change: boolean) => void;
	/** Has an element say a text, as the status does. */
	told: (element: Element, text: string) => void;
	fake: FakeBridge;
}

declare global {
	var editorPage: EditorPage;
}

/** A stand-in that can hang. */
class HangingBridge extends FakeBridge {
	frozen = false;
	override ask: FakeBridge['ask'] = async (command) => {
		if (this.frozen && command.cmd !== 'writeDraft') await new Promise(() => {});
		return FakeBridge.prototype.ask.call(this, command) as never;
	};
}

const place = document.querySelector<HTMLElement>('#body') as HTMLElement;
let fake = new HangingBridge();
let editor: Editor | null = null;
let state: { taken: boolean; problem: KithProblem | null } = { taken: true, problem: null };
const COMMANDS: Record<Parameters<EditorPage['run']>[0], Command> = {
	bullet: toggleBlock('bullet'),
	todo: toggleBlock('todo'),
	strong: toggleMark('strong'),
	tick: tick(),
};

async function mount(): Promise<void> {
	const reply = await fake.ask<'openNote'>({ cmd: 'openNote', document: DOCUMENT });
	if (!reply.ok) throw new Error('not open');
	const fresh = place.cloneNode(false) as HTMLElement;
	document.querySelector('#body')?.replaceWith(fresh);
	state = { taken: true, problem: null };
	const made = mountEditor({
		place: fresh,
		bridge: fake,
		note: reply.value,
		tickLabel: 'Done',
		onLook: () => {},
		onBody: (now) => (state = now),
	});
	fake.listen((notice) => {
		if (notice.notice === 'noteBody') made.receive(notice.version, notice.ops);
	});
	editor = made;
}

function held(): string[] {
	return written(fake.bodies.get(DOCUMENT)?.spans ?? []);
}

/** Blocks as text: their kind, their words, bold ones in stars. */
function written(spans: Span[]): string[] {
	const blocks: string[] = [];
	for (const span of spans) {
		if (span.type === 'block') {
			const { kind, level, checked } = span.block;
			blocks.push(`${kind}${level || ''}${checked ? '+' : ''}:`);
		} else {
			if (blocks.length === 0) blocks.push('paragraph:');
			const star = span.marks.includes('strong') ? '*' : '';
			const slash = span.marks.includes('em') ? '/' : '';
			blocks.push(`${blocks.pop() ?? ''}${star}${slash}${span.text}${slash}${star}`);
		}
	}
	return blocks.length === 0 ? ['paragraph:'] : blocks;
}

/** Read off the page by other means than the editor's own. */
function shown(): string[] {
	return [...(document.querySelector('#body')?.children ?? [])].map((block) => {
		const todo = block.classList.contains('todo');
		const tag = block.tagName;
		const kind = todo
			? `todo${block.getAttribute('data-checked') === 'true' ? '+' : ''}`
			: block.classList.contains('bullet')
				? 'bullet'
				: tag.startsWith('H')
					? `heading${tag[1]}`
					: 'paragraph';
		let text = '';
		const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			const star = node.parentElement?.closest('#body strong') ? '*' : '';
			const slash = node.parentElement?.closest('#body em') ? '/' : '';
			text += `${star}${slash}${node.nodeValue ?? ''}${slash}${star}`;
		}
		return `${kind}:${text}`;
	});
}

globalThis.editorPage = {
	async open(spans) {
		await editor?.destroy();
		fake = new HangingBridge();
		globalThis.editorPage.fake = fake;
		const reply = await fake.ask<'openNote'>({ cmd: 'openNote', document: DOCUMENT });
		if (!reply.ok) throw new Error('not open');
		(fake.bodies.get(DOCUMENT) as Note).spans = spans;
		await mount();
	},
	async reopen() {
		fake.frozen = false;
		await mount();
	},
	leave: async () => editor?.destroy(),
	held,
	shown,
	state: () => state,
	freeze: (on) => void (fake.frozen = on),
	run: (name) => editor?.run(COMMANDS[name]),
	async paste(data) {
		const clipboard = new DataTransfer();
		for (const [type, text] of Object.entries(data)) clipboard.setData(type, text);
		const init = { clipboardData: clipboard, bubbles: true, cancelable: true };
		document.querySelector('#body')?.dispatchEvent(new ClipboardEvent('paste', init));
		await editor?.settled();
	},
	elsewhere: (at, remove, text) =>
		fake.writeElsewhere(DOCUMENT, (tokens) => {
			const from = Math.min(at, tokens.length);
			tokens.splice(from, remove, ...readText(text).slice(1));
			return tokens;
		}),
	translate(change) {
		const walker = document.createTreeWalker(document.querySelector('#body') as Node, NodeFilter.SHOW_TEXT);
		const texts: Text[] = [];
		for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
		for (const text of texts) {
			const outer = document.createElement('font');
			const inner = outer.appendChild(document.createElement('font'));
			inner.textContent = change ? `Übersetzt ${text.data.length}` : text.data;
			text.replaceWith(outer);
		}
	},
	told: (element, text) => told(text)(element),
	fake,
};
