/** The real engine does as its stand-in does: `src/testing/fake.test.ts` asks that one the same. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { suite } from '../src/testing/suite';
import { ask, must } from './browser';
import { Scene } from './scene';

let scene: Scene;
let page: Page;
let circle: string;

beforeAll(async () => {
	scene = await Scene.begin();
	({ page, circle } = await scene.enrolled());
	await must<'sync'>(page, { cmd: 'sync' });
});
afterAll(() => scene.end());

for (const { name, run } of suite()) {
	test(name, () => run({ ask: (command) => ask(page, command), circle }));
}
