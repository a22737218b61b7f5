/** Two readers of codes over the same pictures: what each reads, and how long it takes. */
import { decodeQR } from 'qr/decode.js';
import { LOOKS } from '../../codes/look';
import { readCode } from '../../codes/read';
import type { Picture } from '../sight';
import type { Sample } from './kinds';

export { samples } from './kinds';

/** What was read of one kind. */
export interface Tally {
	kind: string;
	pictures: number;
	ours: number;
	theirs: number;
	both: number;
	/** Texts that are not the code's. */
	oursWrong: number;
	theirsWrong: number;
	/** Of script time, over all pictures. */
	oursMs: number;
	theirsMs: number;
}

/** The clock in milliseconds, and whom to tell of a picture that one of them did not read. */
export interface Tell {
	now(): number;
	missed?(name: string, ours: boolean, theirs: boolean): void;
}

/** As many pictures of the same as there are ways to look at one, as a camera gives them. */
export function readByUs(picture: Picture): string | null {
	for (let attempt = 0; attempt < LOOKS; attempt++) {
		const text = readCode(picture, attempt);
		if (text !== null) return text;
	}
	return null;
}

/** npm's `qr`, as its page says it is used. */
export function readByThem(picture: Picture, patient: boolean): string | null {
	try {
		return decodeQR(picture, patient ? { effort: Infinity, timeLimit: Infinity } : {});
	} catch {
		return null;
	}
}

/** Reads each picture with both; `patient`: the other one takes all the time it wants. */
export function compare(chosen: readonly Sample[], tell: Tell, patient: boolean): Tally[] {
	const tallies = new Map<string, Tally>();
	const none = {
		pictures: 0,
		ours: 0,
		theirs: 0,
		both: 0,
		oursWrong: 0,
		theirsWrong: 0,
		oursMs: 0,
		theirsMs: 0,
	};
	for (const { kind, name, text, draw } of chosen) {
		const tally = tallies.get(kind) ?? { kind, ...none };
		tallies.set(kind, tally);
		const picture = draw();
		const start = tell.now();
		const read = readByUs(picture);
		const between = tell.now();
		const other = readByThem(picture, patient);
		const [ours, theirs] = [read === text, other === text];
		tally.pictures++;
		tally.oursMs += between - start;
		tally.theirsMs += tell.now() - between;
		tally.ours += Number(ours);
		tally.theirs += Number(theirs);
		tally.both += Number(ours && theirs);
		tally.oursWrong += Number(read !== null && !ours);
		tally.theirsWrong += Number(other !== null && !theirs);
		if (!ours || !theirs) tell.missed?.(name, ours, theirs);
	}
	return [...tallies.values()];
}
