import { expect, test } from 'vitest';
import { compare, samples, type Tally } from '../testing/qr/compare';

/** Every so manieth picture of the set that `cargo xtask bench qr` reads as a whole. */
const EVERY = 24;
const EVERY_LONG = 4;

/** What was read of it when this was written; less is a step back. */
const READ: Record<string, number> = {
	straight: 2,
	tilted: 1,
	turned: 1,
	'out of focus': 1,
	moved: 2,
	noise: 2,
	moiré: 2,
	shade: 2,
	glare: 1,
	faint: 1,
	inverted: 2,
	mirrored: 1,
	blocks: 2,
	'cut quiet zone': 2,
	small: 2,
	'all at once': 2,
};

const tally = (kinds: (kind: string) => boolean, every: number): Tally[] =>
	compare(
		samples()
			.filter(({ kind }) => kinds(kind))
			.filter((_, at) => at % every === 0),
		{ now: () => 0 },
		false,
	);

test('p15 of each kind of harm every code that another reader reads is read, and more, and none wrongly', () => {
	const all = tally((kind) => kind !== 'tilted 900', EVERY);
	expect(all.map(({ kind }) => kind)).toEqual(Object.keys(READ));
	for (const { kind, ours, theirs, both, oursWrong } of all) {
		expect(ours, kind).toBeGreaterThanOrEqual(READ[kind] ?? Infinity);
		expect(both, `${kind}: all that the other one reads`).toBe(theirs);
		expect(oursWrong, kind).toBe(0);
	}
}, 120_000);

test('p15 a code of 900 signs is read tilted by 10, 20 and 30 degrees', () => {
	const [long] = tally((kind) => kind === 'tilted 900', EVERY_LONG);
	expect(long).toMatchObject({ pictures: 9, ours: 9, oursWrong: 0 });
}, 120_000);
