/** What is written from right to left. */
const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name or text as a part of a sentence: its direction is its own, and turns nothing around it. What could end the
 * isolation, or overrides directions, is left out; what runs as the sentence does needs none.
 */
export function isolate(text: string): string {
	const plain = text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
	const page = globalThis.document?.documentElement.dir;
	return page === 'rtl' || TURNS.test(plain) ? `\u2068${plain}\u2069` : plain;
}
