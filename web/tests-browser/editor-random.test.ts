/** Seeds of random acts on the real editor; after each, the screen and the engine must say the same. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { random, type Random } from '../src/testing/random';
import { bullet, EditorScene, heading, paragraph, text, todo } from './editor-scene';

const SEEDS = Number(process.env['KITH_SEEDS'] ?? 12);
const FIRST = Number(process.env['KITH_FIRST_SEED'] ?? 0);
const ACTS = 40;

let scene: EditorScene;

beforeAll(async () => {
	scene = await EditorScene.begin();
});
afterAll(() => scene.end());

const STARTS = [
	[],
	[text('A lead without a marker.'), todo, text('then a to-do')],
	[todo, text('Call Ana'), todo, text('Bring tea'), paragraph, text('We talked.')],
	[heading, text('How we came'), bullet, text('one '), text('bold', 'strong'), text(' two')],
	[paragraph, text('שלום לכולם'), paragraph, text('family 👩‍👧 and é'), todo],
];
const WORDS = ['tea ', 'Ana', ' came', '. ', '😀', 'né', ' ', '- ', '# ', '1. ', 'שלום'];
const MOVES = [
	...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Control+Home', 'Control+End'],
	...['Control+ArrowLeft', 'Control+ArrowRight'],
];
const SELECTS = [
	...['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown', 'Shift+Home', 'Shift+End'],
	...['Control+Shift+ArrowLeft', 'Control+Shift+Home', 'Control+Shift+End', 'Control+a'],
];
const DELETES = [
	...['Backspace', 'Delete', 'Control+Backspace', 'Control+Delete', 'Control+x', 'Enter', 'Shift+Enter'],
];

/** One act; says what it was. */
async function act(dice: Random): Promise<string> {
	const press = async (keys: readonly string[], most: number): Promise<string> => {
		const key = dice.pick(keys);
		const times = 1 + dice.below(most);
		for (let time = 0; time < times; time++) await scene.press(key);
		return `${key} x${times}`;
	};
	const choice = dice.below(16);
	if (choice < 3) {
		const words = dice.pick(WORDS);
		await scene.page.keyboard.type(words);
		return `type ${words}`;
	}
	if (choice < 5) return press(MOVES, 3);
	if (choice < 8) return `${await press(SELECTS, 2)}; ${await press(DELETES, 1)}`;
	if (choice < 10) return press(DELETES, 3);
	if (choice === 10) {
		if (dice.below(2)) await press(SELECTS, 2);
		const word = dice.pick(['hola', 'ana', 'x']);
		await scene.compose(word);
		return `compose ${word}`;
	}
	if (choice === 11) {
		const html = dice.pick(['<ul><li>one<li>two</ul>', '<p>a <b>bold</b></p><h2>b</h2>', '<i>in line</i>']);
		await scene.paste({ 'text/html': html, 'text/plain': 'plain' });
		return `paste ${html}`;
	}
	if (choice === 12) return press(['Control+z', 'Control+y'], 3);
	if (choice === 13) {
		const [at, remove, words] = [dice.below(40), dice.below(4), dice.pick(['THEY', ' wrote', ''])];
		await scene.page.evaluate((edit) => globalThis.editorPage.elsewhere(edit.at, edit.remove, edit.words), {
			at,
			remove,
			words,
		});
		return `elsewhere ${at} -${remove} +${words}`;
	}
	if (choice === 14) {
		const change = dice.below(2) === 0;
		await scene.page.evaluate((how) => globalThis.editorPage.translate(how), change);
		return `translate ${change}`;
	}
	const command = dice.pick(['bullet', 'todo', 'strong', 'tick'] as const);
	await scene.page.evaluate((name) => globalThis.editorPage.run(name), command);
	return command;
}

test.each(Array.from({ length: SEEDS }, (_, nth) => [FIRST + nth]))(
	'p01 whatever is done, the engine gets what the screen says (seed %i)',
	async (seed) => {
		const dice = random(seed);
		await scene.open(...dice.pick(STARTS));
		const done: string[] = [];
		for (let step = 0; step < ACTS; step++) {
			done.push(await act(dice));
			await scene.agrees(done.join(' | '));
		}
		await scene.press('Control+End');
		await scene.type('zuletzt');
		expect((await scene.agrees(done.join(' | '))).join()).toContain('zuletzt');
	},
);
