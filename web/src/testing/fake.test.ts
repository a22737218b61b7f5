/** The stand-in does as the real engine does: `tests-browser/contract.test.ts` asks that one the same. */
import { test } from 'vitest';
import { FakeBridge } from './fake';
import { CIRCLE } from './sample';
import { suite } from './suite';

const fake = new FakeBridge();
fake.lead();

for (const { name, run } of suite()) {
	test(name, () => run({ ask: (command) => fake.ask(command), circle: CIRCLE }));
}
