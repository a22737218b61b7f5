/** Takes the place of the bridge with `VITE_FAKE=1`, and in tests. `kithFake` in the console makes things happen. */
import type { Phone } from '../bridge';
import { FakeDoor } from './door';
import { FakeBridge } from './fake';

export type * from '../bridge/contract';
export * from '../bridge/door';
export type { Phone } from '../bridge';

/** The stand-in; `?new` in the address begins outside of any circle. */
export function connect(): Phone {
	const fake = new FakeBridge();
	fake.enrolled = !location.search.includes('new');
	const door = new FakeDoor();
	Object.assign(globalThis, { kithFake: fake, kithDoor: door });
	return { bridge: fake, door };
}
