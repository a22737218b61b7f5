/** A note's editor in a real browser: what is typed there, and what the engine has of it. */
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Span } from '../src/bridge/contract';
import { Phone } from './browser';
import { startHost, type Host } from './host';

/** A to-do's, heading's or list item's marker, and plain text. */
export const todo: Span = { type: 'block', block: { kind: 'todo', level: 0, checked: false } };
export const heading: Span = { type: 'block', block: { kind: 'heading', level: 2, checked: false } };
export const bullet: Span = { type: 'block', block: { kind: 'bullet', level: 0, checked: false } };
export const paragraph: Span = { type: 'block', block: { kind: 'paragraph', level: 0, checked: false } };
export const text = (words: string, ...marks: ('strong' | 'em')[]): Span => ({
	type: 'text',
	text: words,
	marks,
});

/** Longest that a settled page may take to hand its words over. */
const PATIENCE_MS = 8_000;

/** One page with the editor. */
export class EditorScene {
	/** What the page threw. */
	readonly errors: string[] = [];

	private constructor(
		readonly host: Host,
		readonly phone: Phone,
		readonly page: Page,
		readonly cdp: CDPSession,
	) {
		page.on('pageerror', (error) => this.errors.push(String(error)));
	}

	static async begin(): Promise<EditorScene> {
		const [host, phone] = [await startHost(), new Phone()];
		const page = await phone.open(`${host.origin}/editor.html`);
		await page.waitForFunction(() => 'editorPage' in globalThis);
		return new EditorScene(host, phone, page, await page.context().newCDPSession(page));
	}

	/** Opens a note and puts the caret into it. */
	async open(...spans: Span[]): Promise<void> {
		this.errors.length = 0;
		await this.page.evaluate((body) => globalThis.editorPage.open(body), spans);
		await this.page.locator('#body').focus();
	}

	async press(...keys: string[]): Promise<void> {
		for (const key of keys) await this.page.keyboard.press(key);
	}

	async type(words: string): Promise<void> {
		await this.page.keyboard.type(words);
	}

	/** Composes as a phone's keyboard does: letter by letter, then takes the word. */
	async compose(word: string): Promise<void> {
		for (let end = 1; end <= word.length; end++) {
			const part = word.slice(0, end);
			await this.cdp.send('Input.imeSetComposition', {
				text: part,
				selectionStart: part.length,
				selectionEnd: part.length,
			});
		}
		await this.cdp.send('Input.insertText', { text: word });
		await this.page.waitForTimeout(60);
	}

	async paste(data: Record<string, string>): Promise<void> {
		await this.page.evaluate((clipboard) => globalThis.editorPage.paste(clipboard), data);
	}

	shown(): Promise<string[]> {
		return this.page.evaluate(() => globalThis.editorPage.shown());
	}

	held(): Promise<string[]> {
		return this.page.evaluate(() => globalThis.editorPage.held());
	}

	/** Waits until the page says that all is taken; then the engine must have what the screen says. */
	async agrees(said: string): Promise<string[]> {
		const end = Date.now() + PATIENCE_MS;
		for (;;) {
			const { taken, problem } = await this.page.evaluate(() => globalThis.editorPage.state());
			if (taken) break;
			if (Date.now() > end) {
				throw new Error(
					`${said}: never taken (${JSON.stringify(problem)}); ${(await this.shown()).join('|')}`,
				);
			}
			await this.page.waitForTimeout(15);
		}
		const [held, shown] = [await this.held(), await this.shown()];
		expect(held, `${said}: what the engine has, and what the screen says`).toEqual(shown);
		expect(this.errors, said).toEqual([]);
		return shown;
	}

	async end(): Promise<void> {
		await this.phone.end();
		await this.host.close();
	}
}
