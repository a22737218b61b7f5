/** Takes the place of the bridge with `VITE_FAKE=1`, and in tests. `kithFake` in the console makes things happen. */
import type { Bridge } from '../bridge/contract';
import { FakeBridge } from './fake';

export type * from '../bridge/contract';

/** The stand-in; `?new` in the address begins outside of any circle. */
export function connect(): Bridge {
	const fake = new FakeBridge();
	fake.enrolled = !location.search.includes('new');
	Object.assign(globalThis, { kithFake: fake });
	return fake;
}
