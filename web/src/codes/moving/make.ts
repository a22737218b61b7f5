/** Makes the frames of a moving code. */
import { blockOf } from './blocks';
import { frameText, FRAMES, idOf, type MovingKind } from './frame';

/** Gives each frame's code as text, by a number that may go on beyond the last: then they begin again. */
export async function framesOf(kind: MovingKind, bytes: Uint8Array): Promise<(number: number) => string> {
	const id = await idOf(kind, bytes);
	const own = bytes.slice();
	return (number) => {
		const frame = { kind, id, length: own.length, number: number % FRAMES };
		return frameText({ ...frame, block: blockOf(own, frame.number) });
	};
}
