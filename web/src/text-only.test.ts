import { expect, test } from 'vitest';

/** Ways to make elements of a text; names, titles and messages are bound as text, whatever is in them. */
const FROM_HTML =
	/@html|innerHTML|outerHTML|insertAdjacentHTML|setHTML|createContextualFragment|document\.write/;

const sources: Record<string, string> = import.meta.glob('./**/*.{svelte,ts}', {
	query: '?raw',
	import: 'default',
	eager: true,
});

test('nothing on screen is drawn from HTML', () => {
	const shipped = Object.entries(sources).filter(([name]) => !name.endsWith('.test.ts'));
	expect(shipped.length).toBeGreaterThan(80);
	expect(shipped.filter(([, text]) => FROM_HTML.test(text)).map(([name]) => name)).toEqual([]);
});
