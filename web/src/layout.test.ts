import { expect, test } from 'vitest';

/** Properties and values that say left, right, top or bottom; each has a name that turns with the language's direction. */
const PHYSICAL = [
	/(?<![\w-])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b/,
	/(?<![\w-])border-(?:top|bottom)-(?:left|right)-radius\b/,
	/(?<![\w-])(?:left|right|top|bottom)\s*:/,
	/(?<![\w-])(?:min-|max-)?(?:width|height)\s*:/,
	/(?<![\w-])(?:text-align|float|clear|caption-side|resize)\s*:\s*(?:left|right|top|bottom|horizontal|vertical)\b/,
	/(?<![\w-])translateX\(/,
];

const sources: Record<string, string> = import.meta.glob(['./**/*.{svelte,css}', '../public/*.html'], {
	query: '?raw',
	import: 'default',
	eager: true,
});

/** A file's style rules, without its comments and without what is asked of the screen, which has no direction. */
function stylesOf(name: string, text: string): string {
	const styles = name.endsWith('.css')
		? [text]
		: Array.from(
				text.matchAll(/<style[^>]*>([^]*?)<\/style>|\sstyle="([^"]*)"/g),
				([, block, line]) => block ?? line,
			);
	return styles
		.join('\n')
		.replace(/\/\*[^]*?\*\//g, '')
		.replace(/@(?:media|container)[^{]*/g, '');
}

function physical(name: string, text: string): string[] {
	return stylesOf(name, text)
		.split(/[\n;{}]/)
		.filter((line) => PHYSICAL.some((one) => one.test(line)))
		.map((line) => `${name}: ${line.trim()}`);
}

test('every layout turns with the direction of the language', () => {
	expect(Object.keys(sources).length).toBeGreaterThan(70);
	expect(Object.entries(sources).flatMap(([name, text]) => physical(name, text))).toEqual([]);
});

test('a side of the screen in a style is found, wherever it is written', () => {
	const bad = [
		'a { margin-left: 1rem }',
		'a { padding: 0; border-top-left-radius: 4px }',
		'a { left: 0 }',
		'a{position:fixed;bottom:0}',
		'a { text-align: right }',
		'a { max-width: 3rem }',
		'a { transform: translateX(4px) }',
	];
	for (const css of bad) {
		expect(physical('a.css', css), css).toHaveLength(1);
		expect(physical('A.svelte', `<p>left: it</p>\n<style>\n${css}\n</style>`), css).toHaveLength(1);
	}
	expect(physical('A.svelte', '<p style="float: left">x</p>')).toHaveLength(1);
	expect(
		physical('a.css', '@media (min-width: 60rem) { a { margin-inline: 0; text-align: start } }'),
	).toEqual([]);
});
