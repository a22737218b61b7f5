// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from './floor.mjs';
import { plot } from './plot.mjs';
import { Process } from './process.mjs';
import { report, table } from './report.mjs';
import { LINKS } from './scenes.mjs';

const LINK = LINKS.gprs ?? assert.fail();
const FLOOR = { up: 4_000, down: 9_000 };
const WANTED = { seed: 7, rounds: 3, only: ['a', 'b', 'c', 'd', 'e'], links: ['none', 'gprs'] };

/** @param {number} total @param {number} ms */
const one = (total, ms) => ({ up: total / 2, down: total / 2, total, ms, connections: 1, cuts: 0, week: { bytes: total / 4, ms: ms / 2 } });

/**
 * A subject whose three rounds took these bytes.
 * @param {string} name
 * @param {number[]} totals
 * @param {string[]} problems
 * @returns {import('./run.mjs').Outcome}
 */
function outcome(name, totals, problems = []) {
	const trials = totals.map((total) => one(total, total));
	const cuts = totals.map((total) => ({ part: 0.5, total: total + 2_000, wasted: 2_000, ms: total }));
	const scene = { none: { trials, cuts }, gprs: { trials, cuts }, far: { trials, cuts: [] } };
	/** @type {import('./run.mjs').Scenes} */
	const scenes = totals.length > 0 ? { a: scene, b: scene, c: scene } : {};
	return { name, title: name.toUpperCase(), scenes, problems };
}

const all = [outcome('kith', [30_000, 10_000, 20_000]), outcome('yjs', [], ['its past: it ended with 1'])];
const told = report(all, { a: FLOOR, b: FLOOR, c: FLOOR }, WANTED, { yjs: '13' });

test('the middle of all rounds counts, and what a cut wasted', () => {
	const numbers = told.subjects[0]?.scenes.a?.gprs;
	assert.deepEqual([numbers?.bytes, numbers?.s, numbers?.week?.bytes], [20_000, 20, 5_000]);
	assert.deepEqual(numbers?.wasted, { 0.5: 2_000 });
});

test('whoever failed is named, and the others are told', () => {
	const text = table(told, WANTED.links, WANTED.only);
	assert.match(text, /KITH +10\.0 +10\.0 +20\.0/);
	assert.match(text, /What failed\n +YJS: its past: it ended with 1/);
	assert.ok(['A, coming', 'B, a new', 'C, nothing', 'D, A cut', 'E, B cut'].every((heading) => text.includes(heading)));
	const picture = plot(told, WANTED.links);
	assert.ok(picture.startsWith('<svg') && picture.includes('KITH') && !picture.includes('NaN'));
});

test('the floor is a round trip and the slower of the two directions', () => {
	assert.equal(seconds(FLOOR, LINK).toFixed(2), (0.7 + (9_000 * 8) / 50_000).toFixed(2));
});

test('a process that says nothing, or ends, is named with its complaint, and is gone', async () => {
	const silent = new Process(process.execPath, ['-e', 'setInterval(() => {}, 1_000)']);
	await assert.rejects(silent.hear(() => undefined, 50), /setInterval.*no answer within/);
	await silent.end({});
	await assert.rejects(silent.hear(() => undefined, 50), /has ended/);
	const odd = new Process(process.execPath, ['-e', 'console.log("not JSON"); setInterval(() => {}, 1_000)']);
	await assert.rejects(odd.hear((line) => JSON.parse(line), 30_000), /it said not JSON/);
	await odd.end({});
	const broken = new Process(process.execPath, ['-e', 'throw new Error("no disk")']);
	await assert.rejects(broken.done(30_000), /no disk/);
});
