/** The pictures by which readers of codes are compared: kinds of harm, each in rising strength, on codes of all sizes. */
import encode, { type ErrorCorrection } from 'qr';
import { modulesOf, type Modules } from '../../codes/make';
import { random, type Random } from '../random';
import type { Picture } from '../sight';
import { pictureOf, UNSPOILT, type Spoil } from './lens';
import { isInView, lightOf, type Scene } from './scene';

/** One picture of the set. */
export interface Sample {
	kind: string;
	/** Says which it is: kind, strength and code. */
	name: string;
	/** What is to be read. */
	text: string;
	/** Draws it; the same at each call. */
	draw(): Picture;
}

/** A code: its text's length, and by whom it was made; what is made here is capitals at the lowest correction. */
type Code = readonly [length: number, by: 'kith' | ErrorCorrection];

const CODES: readonly Code[] = [
	[20, 'high'],
	[60, 'kith'],
	[60, 'medium'],
	[150, 'quartile'],
	[250, 'high'],
	[350, 'kith'],
	[350, 'medium'],
	[600, 'low'],
	[900, 'kith'],
];
const LONG: readonly Code[] = [
	[900, 'kith'],
	[900, 'kith'],
	[900, 'low'],
	[900, 'medium'],
];

const SIDE = 640;
/** What a 900 signs' code fills of a camera's picture. */
const SIDE_LONG = 800;

interface Harm {
	scene?: Partial<Scene>;
	/** In places of the code, for what depends on their width. */
	blur?: number;
	moved?: number;
	spoil?: Partial<Spoil>;
	/** Pixels for a place, in the stead of a side. */
	unit?: number;
}
interface Kind {
	codes: readonly Code[];
	strengths: readonly number[];
	harm(strength: number, numbers: Random): Harm;
}

const sign = (numbers: Random): number => numbers.below(2) * 2 - 1;
const within = (numbers: Random, most: number): number => (numbers.below(2001) / 1000 - 1) * most;
/** So many degrees about an axis that lies anyhow. */
function tilted(degrees: number, numbers: Random): [number, number] {
	const way = numbers.below(360) * (Math.PI / 180);
	return [degrees * Math.cos(way), degrees * Math.sin(way)];
}

const KINDS: Record<string, Kind> = {
	straight: {
		codes: CODES,
		strengths: [0, 2, 4],
		harm: (strength, numbers) => ({ scene: { turn: within(numbers, strength) } }),
	},
	tilted: {
		codes: CODES,
		strengths: [10, 20, 30, 40, 50],
		harm: (strength, numbers) => ({
			scene: { tilt: tilted(strength, numbers), turn: within(numbers, 10), fill: 0.7 },
		}),
	},
	'tilted 900': {
		codes: LONG,
		strengths: [10, 10, 10, 20, 20, 20, 30, 30, 30],
		harm: (strength, numbers) => ({
			scene: { side: SIDE_LONG, tilt: tilted(strength, numbers), turn: within(numbers, 15), fill: 0.75 },
			blur: 0.15,
			spoil: { noise: 0.02, shade: 0.2 },
		}),
	},
	turned: {
		codes: CODES,
		strengths: [15, 30, 45, 100, 200],
		harm: (strength, numbers) => ({ scene: { turn: strength * sign(numbers), fill: 0.62 } }),
	},
	'out of focus': {
		codes: CODES,
		strengths: [0.25, 0.4, 0.5, 0.6, 0.7],
		harm: (blur, numbers) => ({ blur, scene: { turn: within(numbers, 8) }, spoil: { noise: 0.01 } }),
	},
	moved: {
		codes: CODES,
		strengths: [0.4, 0.7, 1, 1.3, 1.6],
		harm: (far, numbers) => ({
			moved: far,
			scene: { turn: within(numbers, 8) },
			spoil: { movedWay: numbers.below(180), noise: 0.01 },
		}),
	},
	noise: {
		codes: CODES,
		strengths: [0.05, 0.1, 0.15, 0.22, 0.3],
		harm: (noise, numbers) => ({ blur: 0.15, scene: { turn: within(numbers, 8) }, spoil: { noise } }),
	},
	moiré: {
		codes: CODES,
		strengths: [0.3, 0.5, 0.65, 0.8, 0.95],
		harm: (gap, numbers) => ({
			scene: {
				screen: { pitch: 0.9 + numbers.below(600) / 1000, gap },
				turn: within(numbers, 8),
				tilt: tilted(6, numbers),
			},
			spoil: { noise: 0.01 },
		}),
	},
	shade: {
		codes: CODES,
		strengths: [0.3, 0.5, 0.7, 0.8, 0.9],
		harm: (shade, numbers) => ({
			blur: 0.2,
			scene: { turn: within(numbers, 8) },
			spoil: { shade, vignette: shade / 2, noise: 0.01 },
		}),
	},
	glare: {
		codes: CODES,
		strengths: [0.2, 0.4, 0.6],
		harm: (glare, numbers) => ({
			blur: 0.2,
			scene: { turn: within(numbers, 8) },
			spoil: { glare, noise: 0.01 },
		}),
	},
	faint: {
		codes: CODES,
		strengths: [0.3, 0.2, 0.12, 0.08],
		harm: (contrast, numbers) => ({
			blur: 0.2,
			scene: { turn: within(numbers, 8), dark: 0.5 - contrast / 2, light: 0.5 + contrast / 2 },
			spoil: { noise: 0.008 },
		}),
	},
	inverted: {
		codes: CODES,
		strengths: [0, 10, 20, 30],
		harm: (strength, numbers) => ({
			blur: 0.2,
			scene: { inverted: true, tilt: tilted(strength, numbers), turn: within(numbers, 10), fill: 0.7 },
			spoil: { noise: 0.02 },
		}),
	},
	mirrored: {
		codes: CODES,
		strengths: [0, 10, 20, 30],
		harm: (strength, numbers) => ({
			blur: 0.2,
			scene: { mirrored: true, tilt: tilted(strength, numbers), turn: within(numbers, 10), fill: 0.7 },
			spoil: { noise: 0.02 },
		}),
	},
	blocks: {
		codes: CODES,
		strengths: [0.5, 1, 2, 4, 6],
		harm: (blocks, numbers) => ({
			blur: 0.2,
			scene: { turn: within(numbers, 8) },
			spoil: { blocks, noise: 0.01 },
		}),
	},
	'cut quiet zone': {
		codes: CODES,
		strengths: [2, 1, 0.5, 0],
		harm: (quiet, numbers) => ({
			blur: 0.2,
			scene: { quiet, turn: within(numbers, 8), clutter: numbers.below(2) === 0, around: 0.15, fill: 0.7 },
			spoil: { noise: 0.01 },
		}),
	},
	small: {
		codes: CODES,
		strengths: [3.5, 3, 2.6, 2.2, 1.9],
		harm: (unit, numbers) => ({
			unit,
			scene: { turn: within(numbers, 8), fill: 0.6 },
			spoil: { noise: 0.01 },
		}),
	},
	'far away': {
		codes: CODES.filter(([length]) => length < 200),
		strengths: [0.4, 0.3, 0.22, 0.16],
		harm: (fill, numbers) => ({
			scene: { fill, clutter: true, turn: within(numbers, 20), tilt: tilted(15, numbers) },
			spoil: { blur: 0.6, noise: 0.02 },
		}),
	},
	'all at once': {
		codes: CODES,
		strengths: [0.4, 0.7, 1, 1.3, 1.6],
		harm: (strength, numbers) => ({
			blur: 0.22 * strength,
			moved: 0.3 * strength,
			scene: {
				turn: within(numbers, 180),
				tilt: tilted(20 * strength, numbers),
				fill: 0.6,
				inverted: numbers.below(3) === 0,
				mirrored: numbers.below(3) === 0,
				clutter: numbers.below(2) === 0,
				screen:
					numbers.below(2) === 0 ? { pitch: 0.9 + numbers.below(600) / 1000, gap: 0.3 * strength } : null,
			},
			spoil: {
				shade: 0.4 * strength,
				noise: 0.03 * strength,
				blocks: strength,
				movedWay: numbers.below(180),
			},
		}),
	},
};

/** The whole set, in its order: always the same. */
export function samples(): Sample[] {
	let seed = 0;
	return Object.entries(KINDS).flatMap(([kind, { codes, strengths, harm }]) =>
		strengths.flatMap((strength, step) =>
			codes.map((code, at): Sample => {
				const [number, [length, by]] = [++seed, code];
				const text = textOf(length, by, at, number);
				const draw = (): Picture => {
					const numbers = random(number);
					return drawn(modulesBy(text, by), harm(strength, numbers), numbers);
				};
				return { kind, name: `${kind} ${strength} (${step}), ${length} signs, ${by}`, text, draw };
			}),
		),
	);
}

const CAPITALS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SMALL = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';

/** What Kith shows is capitals; of the others every second one is a link. */
function textOf(length: number, by: Code[1], at: number, seed: number): string {
	const numbers = random(seed * 7919);
	const link = by !== 'kith' && length < 400 && at % 2 === 0;
	const head = link ? (length < 30 ? 'https://k.org/#' : 'https://kith.example.org/join#e=') : '';
	const signs = link ? SMALL : CAPITALS;
	return head + Array.from({ length: length - head.length }, () => numbers.pick([...signs])).join('');
}

function modulesBy(text: string, by: Code[1]): Modules {
	const [border, modules] =
		by === 'kith' ? [4, modulesOf(text) ?? []] : [1, encode(text, 'raw', { ecc: by, border: 1 })];
	return modules.slice(border, -border).map((row) => row.slice(border, -border));
}

function drawn(modules: Modules, harm: Harm, numbers: Random): Picture {
	const usual = { side: SIDE, fill: 0.78, turn: 0, tilt: [0, 0] as const, quiet: 4, screen: null };
	const looks = { inverted: false, mirrored: false, dark: 0.1, light: 0.9, around: 0.45, clutter: false };
	const scene: Scene = { ...usual, ...looks, modules, ...harm.scene };
	if (harm.unit) scene.side = Math.round((modules.length * harm.unit) / scene.fill);
	while (!isInView(scene)) scene.fill *= 0.97;
	const unit = (scene.side * scene.fill) / modules.length;
	const spoil = { ...UNSPOILT, ...harm.spoil };
	if (harm.blur) spoil.blur = harm.blur * unit;
	if (harm.moved) spoil.moved = harm.moved * unit;
	return pictureOf(lightOf(scene, numbers), spoil, numbers);
}
