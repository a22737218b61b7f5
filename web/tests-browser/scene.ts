/** What the engine's tests begin with: a host, a server, a phone. */
import type { Page } from 'playwright-core';
import type { CircleId, Message, ThreadId } from '../src/bridge/contract';
import { heard, must, Phone } from './browser';
import { startHost, type Host } from './host';
import { Server } from './server';

/** A phone that may enrol. */
export class Scene {
	private constructor(
		readonly host: Host,
		readonly server: Server,
		readonly phone: Phone,
	) {}

	static async begin(): Promise<Scene> {
		const scene = new Scene(await startHost(), await Server.start(), new Phone());
		scene.online();
		return scene;
	}

	/** The server answers. */
	online(): void {
		this.host.answer = this.server.forward;
	}

	/** Every request breaks off. */
	offline(): void {
		this.host.answer = (_request, response) => void response.destroy();
	}

	/** Opens a tab and waits until the engine is ready. */
	async tab(origin = this.host.origin): Promise<Page> {
		const page = await this.phone.open(`${origin}/bridge.html`);
		await heard(page, (notice) => notice.notice === 'engine' && notice.state === 'ready');
		return page;
	}

	/** A tab of a phone that is in the circle and has a thread. */
	async enrolled(): Promise<{ page: Page; circle: CircleId; thread: ThreadId }> {
		const page = await this.tab();
		const { circle } = await must<'enrol'>(page, { cmd: 'enrol', link: this.server.link, name: 'Amina' });
		const { thread } = await must<'createThread'>(page, {
			cmd: 'createThread',
			circle,
			title: 'Between meetings',
		});
		return { page, circle, thread };
	}

	async end(): Promise<void> {
		await this.phone.end();
		await this.server.end();
		await this.host.close();
	}
}

/** The texts of a thread's messages, oldest first. */
export async function texts(page: Page, circle: CircleId, thread: ThreadId): Promise<string[]> {
	const { messages } = await must<'openThread'>(page, { cmd: 'openThread', circle, thread, limit: 500 });
	return messages.map(({ text }: Message) => text);
}
