/** What the way in can wait for until after the first paint. */
import { limits } from '../words/graphemes';
import { lengthSaid } from '../words/length';

export { phoneStorage } from './storage.svelte';
export { forget } from './unsealed';

/** What is to be told of a name's length. */
export function nameLength(name: string): string {
	return lengthSaid(name, limits.name);
}
