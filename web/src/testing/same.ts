/** Throws where what was found is not what was wanted. */
export function same(found: unknown, wanted: unknown, of: string): void {
	const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
	if (a !== b) throw new Error(`${of}: ${a}, in the place of ${b}`);
}
