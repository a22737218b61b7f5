import type { Safety } from '../bridge/contract';

/** Whether something is still on its way: an exchange with the server may begin at any moment. */
export function isOnItsWay(safety: Safety): boolean {
	return safety === 'phone' || safety === 'sending';
}

/** Throws where what was found is not what was wanted. */
export function same(found: unknown, wanted: unknown, of: string): void {
	const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
	if (a !== b) throw new Error(`${of}: ${a}, in the place of ${b}`);
}
