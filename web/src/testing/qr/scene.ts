/** A code before a camera, by the camera's geometry: turned and tilted in space, on a wall or on another phone's screen. */
import type { Modules } from '../../codes/make';
import type { Random } from '../random';

/** What is seen, and from where. */
export interface Scene {
	/** The code without a quiet zone. */
	modules: Modules;
	/** The picture's sides, pixels. */
	side: number;
	/** The part of the picture's side that the code would take straight on, its quiet zone not counted. */
	fill: number;
	/** Turned in the picture, degrees. */
	turn: number;
	/** Tilted about its upright and its level axis, degrees. */
	tilt: readonly [number, number];
	/** Places of quiet zone around it. */
	quiet: number;
	/** Dark and light exchanged. */
	inverted: boolean;
	/** Seen in a mirror. */
	mirrored: boolean;
	/** Brightness of dark and light places and of what is around, 0 to 1. */
	dark: number;
	light: number;
	around: number;
	/** Boards and shelves behind the code in the place of an even wall. */
	clutter: boolean;
	/** The grid of a screen that is photographed: pixels of the picture for one of the screen; how dark its gaps are, 0 to 1. */
	screen: { pitch: number; gap: number } | null;
}

/** Brightness of each pixel, 0 to 1, row by row: of grey alone, or of red, green and blue. */
export interface Light {
	side: number;
	planes: readonly Float32Array[];
}

type Vector = readonly [number, number, number];

/** The camera's focal length in sides of its picture: it sees 53 degrees. */
const FOCUS = 1;
/** Looks into each pixel, in each direction. */
const GRAINS = 2;
/** So far apart are the red, green and blue stripes of a screen's pixel. */
const STRIPE = 1 / 3;
const BOARDS = 14;
/** A part of the picture that a code keeps clear of the edge. */
const ROOM = 0.04;

/** What the lens sees of a scene, sharp and without noise. */
export function lightOf(scene: Scene, numbers: Random): Light {
	const { side, screen } = scene;
	const onto = planeOf(scene, numbers);
	const boards = Array.from({ length: BOARDS }, () => numbers.below(1000) / 1000);
	const dots = screen ? (side * scene.fill) / screen.pitch : 0;
	// That each pixel looks at a point is what makes moiré; elsewhere each takes in its whole square.
	const grains = screen ? 1 : GRAINS;
	const planes = (screen ? [-STRIPE, 0, STRIPE] : [0]).map((stripe) => {
		const plane = new Float32Array(side * side);
		for (let y = 0, pixel = 0; y < side; y++) {
			for (let x = 0; x < side; x++, pixel++) {
				let sum = 0;
				for (let grain = 0; grain < grains * grains; grain++) {
					const right = x + ((grain % grains) + 0.5) / grains;
					const { u, v } = onto(right, y + (Math.floor(grain / grains) + 0.5) / grains);
					const bright = brightAt(scene, u, v);
					if (bright < 0) sum += scene.clutter ? (boards[boardAt(x, y, side)] ?? 0) : scene.around;
					else if (!screen) sum += bright;
					else sum += bright * (1 - screen.gap * (0.65 * gapAt(u * dots + stripe) + 0.35 * gapAt(v * dots)));
				}
				plane[pixel] = sum / (grains * grains);
			}
		}
		return plane;
	});
	return { side, planes };
}

/** 0 in the middle of a screen's pixel, 1 between two. */
const gapAt = (at: number): number => 0.5 - 0.5 * Math.cos(2 * Math.PI * at);
const boardAt = (x: number, y: number, side: number): number =>
	(Math.floor((x * 9) / side) * 3 + Math.floor((y * 7 + x) / side) * 5) % BOARDS;

/** The brightness of a point of the code or of its quiet zone; -1 beside them. */
function brightAt(scene: Scene, u: number, v: number): number {
	const { modules, quiet } = scene;
	const size = modules.length;
	const column = Math.floor((scene.mirrored ? 0.5 - u : u + 0.5) * size);
	const row = Math.floor((v + 0.5) * size);
	if (column < -quiet || row < -quiet || column >= size + quiet || row >= size + quiet) return -1;
	return (modules[row]?.[column] ?? false) === scene.inverted ? scene.light : scene.dark;
}

/** Whether the whole code is in the picture, with a little room on each side. */
export function isInView(scene: Scene): boolean {
	const [across, down] = axesOf(scene);
	return [-0.5, 0.5].every((u) =>
		[-0.5, 0.5].every((v) => {
			const [x, y, z] = [0, 1, 2].map((at) => (across[at] ?? 0) * u + (down[at] ?? 0) * v) as [
				number,
				number,
				number,
			];
			const far = z + FOCUS / scene.fill;
			return Math.max(Math.abs(x), Math.abs(y)) * FOCUS < (0.5 - ROOM) * far;
		}),
	);
}

/** Where the code's level and upright axes point, as the camera sees them. */
function axesOf(scene: Scene): [Vector, Vector] {
	const [a, b] = circle(scene.turn);
	const [c, d] = circle(scene.tilt[0]);
	const [e, f] = circle(scene.tilt[1]);
	return [
		[a * c, b * e + a * d * f, b * f - a * d * e],
		[-b * c, a * e - b * d * f, a * f + b * d * e],
	];
}

/** From points of the picture to the code's plane, where the code reaches from -0.5 to 0.5. */
function planeOf(scene: Scene, numbers: Random): (x: number, y: number) => { u: number; v: number } {
	// Held by hand, the code is a little beside the middle.
	const off = (): number => ((numbers.below(1000) / 1000 - 0.5) * ROOM) / scene.fill;
	const [across, down] = axesOf(scene);
	const middle: Vector = [off(), off(), FOCUS / scene.fill];
	// A ray meets the plane where these three, weighed, are the ray: solved by Cramer's rule.
	const [ux, uy, u0] = times(down, middle);
	const [vx, vy, v0] = times(middle, across);
	const [wx, wy, w0] = times(across, down);
	const { side } = scene;
	return (x, y) => {
		const px = (x / side - 0.5) / FOCUS;
		const py = (y / side - 0.5) / FOCUS;
		const depth = wx * px + wy * py + w0;
		return { u: (ux * px + uy * py + u0) / depth, v: (vx * px + vy * py + v0) / depth };
	};
}

const circle = (degrees: number): [number, number] => [
	Math.cos((degrees * Math.PI) / 180),
	Math.sin((degrees * Math.PI) / 180),
];
const times = ([a, b, c]: Vector, [d, e, f]: Vector): Vector => [b * f - c * e, c * d - a * f, a * e - b * d];
