import { expect, test } from 'vitest';

/** Properties and values that say left, right, top or bottom; each has a name that turns with the language's direction. */
const PHYSICAL = [
	/(?<![\w-])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b/,
	/(?<![\w-])border-(?:top|bottom)-(?:left|right)-radius\b/,
	/(?<![\w-])(?:left|right|top|bottom)\s*:/,
	/(?<![\w-])(?:min-|max-)?(?:width|height)\s*:/,
	/(?<![\w-])(?:text-align|float|clear|caption-side|resize)\s*:\s*(?:left|right|top|bottom|horizontal|vertical)\b/,
	/(?<![\w-])translateX\(/,
	/(?<![\w-])translate\s*:\s*-?(?!0(?:\s|$))[.\d]/,
	/(?<![\w-])box-shadow\s*:\s*(?:inset\s+)?-?(?!0\s)[.\d]+\w*\s/,
	/(?<![\w-])(?:transform-origin|background-position|object-position|perspective-origin)\s*:.*\b(?:left|right)\b/,
	/(?<![\w-])(?:linear|conic)-gradient\([^)]*\bto\s+(?:left|right)\b/,
	/(?<![\w-])direction\s*:/,
];
/** Several values in one, of which two that stand left and right differ; read with what is in parentheses left out. */
const SHORTHANDS = [
	/(?<![\w-])(?:margin|padding|inset)\s*:\s*(\S+)\s+(\S+)\s+(\S+)\s+(?!\2\s*$)\S+\s*$/,
	/(?<![\w-])border-radius\s*:\s*(\S+)\s+(?!\1\s*$)\S+/,
];
/** What the app itself says has the page's direction; `auto` would take it from a name that the sentence begins with. */
const SAID_AUTO = /\bdir="auto"[^>]*>\s*\{(?:@html\s+)?(?:\w*[wW]ords|common|told|what)\b/;

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
		.filter((line) => {
			const bare = line.replace(/\((?:[^()]|\([^()]*\))*\)/g, '');
			return PHYSICAL.some((one) => one.test(line)) || SHORTHANDS.some((one) => one.test(bare));
		})
		.map((line) => `${name}: ${line.trim()}`);
}

test('every layout turns with the direction of the language', () => {
	expect(Object.keys(sources).length).toBeGreaterThan(70);
	expect(Object.entries(sources).flatMap(([name, text]) => physical(name, text))).toEqual([]);
});

test('a sentence of the app has the direction of its language, whatever name it begins with', () => {
	const said = Object.entries(sources).flatMap(([name, text]) => (SAID_AUTO.test(text) ? [name] : []));
	expect(said).toEqual([]);
	expect(SAID_AUTO.test('<p class="soft" dir="auto">\n\t{words.people.did({ name })}</p>')).toBe(true);
	expect(SAID_AUTO.test('<p dir="auto">{line.text}</p>')).toBe(false);
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
		'a { translate: 0.5rem 0 }',
		'a { box-shadow: inset 4px 0 var(--pine) }',
		'a { transform-origin: top left }',
		'a { background: linear-gradient(to right, #000, #fff) }',
		'a { padding: 0 1rem 0 2rem }',
		'a { border-radius: 4px 0 0 4px }',
		'a { direction: rtl }',
	];
	for (const css of bad) {
		expect(physical('a.css', css), css).toHaveLength(1);
		expect(physical('A.svelte', `<p>left: it</p>\n<style>\n${css}\n</style>`), css).toHaveLength(1);
	}
	expect(physical('A.svelte', '<p style="float: left">x</p>')).toHaveLength(1);
	expect(
		physical('a.css', '@media (min-width: 60rem) { a { margin-inline: 0; text-align: start } }'),
	).toEqual([]);
	const good =
		'a { translate: 0 1px; box-shadow: 0 1px 2px #000; padding: 1px 2px 3px 2px; border-radius: 50% }';
	expect(physical('a.css', good)).toEqual([]);
});
