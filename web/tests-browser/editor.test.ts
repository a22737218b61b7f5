import { afterAll, beforeAll, expect, test } from 'vitest';
import { bullet, EditorScene, heading, paragraph, text, todo } from './editor-scene';

let scene: EditorScene;

beforeAll(async () => {
	scene = await EditorScene.begin();
});
afterAll(() => scene.end());

const LIST = [todo, text('Call Ana'), todo, text('Bring tea'), paragraph, text('We talked.')];

test('p04 what is typed over everything, in a note that begins with a to-do, is what the engine gets', async () => {
	await scene.open(...LIST);
	await scene.press('Control+a', 'Backspace');
	await scene.type('All came.');
	expect((await scene.agrees('typed')).join()).toContain('All came.');
	expect((await scene.held()).join()).not.toContain('Call Ana');
});

test.each([
	['Control+a', 'Delete'],
	['Control+a', 'Control+x'],
	['Control+a', 'x'],
	['Control+a', 'Enter'],
	['Control+a', 'Control+Backspace'],
	['Control+Home', 'Delete'],
	['Control+Home', 'Control+Delete'],
	['Control+Home', 'Backspace'],
	['Control+Home', 'Shift+ArrowDown', 'Backspace'],
	['Control+End', 'Control+Shift+Home', 'Delete'],
	['Control+End', 'Shift+Control+ArrowLeft', 'Shift+Control+ArrowLeft', 'Shift+Control+ArrowLeft', 'a'],
])('p01 after %s %s, and typing, the screen and the engine say the same', async (...keys) => {
	for (const start of [LIST, [heading, text('A'), ...LIST], [bullet, text('one'), bullet, text('two')]]) {
		await scene.open(...start);
		await scene.press(...keys);
		await scene.agrees(keys.join());
		await scene.type('ab');
		await scene.press('Backspace');
		const now = await scene.agrees(`${keys.join()}, typed`);
		expect(now.join()).toContain('a');
	}
});

test('Delete at the front of a note that begins with a to-do takes a letter', async () => {
	await scene.open(...LIST);
	await scene.press('Control+Home', 'Delete');
	expect((await scene.agrees('deleted'))[0]).toBe('todo:all Ana');
});

test('p04 a composition over a selection of many blocks is what the engine gets', async () => {
	await scene.open(...LIST);
	await scene.press('Control+a');
	await scene.compose('hola');
	const now = await scene.agrees('composed');
	expect(now.join()).toContain('hola');
	expect(now.join()).not.toContain('Bring tea');
});

test('an autocorrection replaces its word', async () => {
	await scene.open(paragraph, text('teh end'));
	await scene.page.evaluate(() => {
		const node = document.querySelector('#body p')?.firstChild as Text;
		const range = new StaticRange({ startContainer: node, startOffset: 0, endContainer: node, endOffset: 3 });
		const init = { inputType: 'insertReplacementText', data: 'the', bubbles: true, cancelable: true };
		const event = new InputEvent('beforeinput', { ...init, targetRanges: [range] });
		node.parentElement?.dispatchEvent(event);
	});
	expect(await scene.agrees('corrected')).toEqual(['paragraph:the end']);
});

test('p04 a paste of many lines comes whole, in as many commands as it takes', async () => {
	await scene.open();
	const lines = Array.from({ length: 1500 }, (_, at) => `line ${at}`);
	await scene.paste({ 'text/plain': lines.join('\n') });
	expect(await scene.agrees('pasted')).toEqual(lines.map((line) => `paragraph:${line}`));
	await scene.type(' and on');
	expect((await scene.agrees('typed')).at(-1)).toBe('paragraph:line 1499 and on');
});

test('p04 words that the engine never got are there when the page is opened again', async () => {
	await scene.open(paragraph, text('Before.'));
	await scene.press('Control+End');
	await scene.page.evaluate(() => globalThis.editorPage.freeze(true));
	await scene.type(' And after');
	await scene.page.waitForTimeout(1_000);
	await scene.page.evaluate(() => globalThis.editorPage.reopen());
	await expect.poll(() => scene.shown()).toEqual(['paragraph:Before. And after']);
	await scene.agrees('restored');
	await scene.page.evaluate(() => globalThis.editorPage.reopen());
	await scene.page.waitForTimeout(300);
	expect(await scene.agrees('opened once more')).toEqual(['paragraph:Before. And after']);
});

test('p01 what can’t be read off the screen is not called saved, and its words are kept', async () => {
	await scene.open(paragraph, text('Before.'));
	await scene.press('Control+End');
	await scene.type(' x');
	await scene.agrees('typed');
	const said = await scene.page.evaluate(async () => {
		const walker = Document.prototype.createTreeWalker;
		const { childNodes } = Object.getOwnPropertyDescriptors(Node.prototype);
		Object.defineProperty(Node.prototype, 'childNodes', {
			configurable: true,
			get(this: Node): unknown {
				if (this instanceof HTMLElement && this.id === 'body') throw new Error('broken');
				return childNodes?.get?.call(this);
			},
		});
		document.execCommand('insertText', false, 'yz');
		await new Promise((resolve) => setTimeout(resolve, 1_200));
		const found = globalThis.editorPage.state();
		if (childNodes) Object.defineProperty(Node.prototype, 'childNodes', childNodes);
		Document.prototype.createTreeWalker = walker;
		return { ...found, draft: globalThis.editorPage.fake.drafts.get('note n0') };
	});
	expect(said.taken).toBe(false);
	expect(said.problem).not.toBeNull();
	expect(said.draft).toContain('xyz');
	expect(await scene.agrees('readable again')).toEqual(['paragraph:Before. xyz']);
});

test('p01 a page’s translation is nobody’s edit, and is put back', async () => {
	await scene.open(...LIST);
	for (const change of [false, true]) {
		await scene.page.evaluate((how) => globalThis.editorPage.translate(how), change);
		await scene.page.waitForTimeout(120);
		expect((await scene.agrees('translated')).join()).toContain('Call Ana');
		expect(await scene.page.evaluate(() => document.querySelector('#body font'))).toBeNull();
	}
	expect(await scene.page.locator('#body').getAttribute('translate')).toBe('no');
	await scene.press('Control+End');
	await scene.type(' on');
	expect((await scene.agrees('typed')).at(-1)).toBe('paragraph:We talked. on');
});

test('p01 a status reaches the screen after a translator took its text away', async () => {
	const said = await scene.page.evaluate(() => {
		const status = document.body.appendChild(document.createElement('span'));
		const { told } = globalThis.editorPage;
		told(status, 'All safe on the server');
		const outer = document.createElement('font');
		outer.appendChild(document.createElement('font')).textContent = 'Alles sicher';
		status.firstChild?.replaceWith(outer);
		told(status, '2 items wait on this phone');
		const now = status.textContent;
		status.remove();
		return now;
	});
	expect(said).toBe('2 items wait on this phone');
});

test('the placeholder goes with the first letter, typed or composed', async () => {
	for (const write of [() => scene.type('a'), () => scene.compose('a')]) {
		await scene.open();
		expect(await scene.page.locator('#body.empty').count()).toBe(1);
		await write();
		expect(await scene.page.locator('#body.empty').count()).toBe(0);
	}
});

test('p24 a to-do’s box is called by what is to be done, also after typing', async () => {
	await scene.open(...LIST);
	const names = (): Promise<(string | null)[]> =>
		scene.page.locator('#body [role=checkbox]').evaluateAll((all) => all.map((one) => one.ariaLabel));
	expect(await names()).toEqual(['Call Ana', 'Bring tea']);
	await scene.press('Control+Home', 'End');
	await scene.type(' today');
	await scene.agrees('typed');
	expect(await names()).toEqual(['Call Ana today', 'Bring tea']);
});

test('ticking a box takes the caret out of nothing', async () => {
	await scene.open(...LIST);
	await scene.page.getByLabel('Title').fill('Tues');
	await scene.page.locator('#body [role=checkbox]').first().click();
	expect((await scene.agrees('ticked'))[0]).toBe('todo+:Call Ana');
	await scene.type('day');
	expect(await scene.page.getByLabel('Title').inputValue()).toBe('Tuesday');
});

test('a numbered list goes on counting', async () => {
	await scene.open();
	await scene.type('1. one');
	await scene.press('Enter');
	await scene.type('two');
	await scene.press('Enter', 'Enter');
	await scene.type('after');
	expect(await scene.agrees('typed')).toEqual(['paragraph:1. one', 'paragraph:2. two', 'paragraph:after']);
});
