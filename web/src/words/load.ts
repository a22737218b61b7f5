/** Brings the words of the page's language, and of no other; whatever shows them asks for them here, in one go with its code. */
import type { Tier } from '../../catalogue/tiers';
import {
	findWords,
	belongWords,
	helpWords,
	leaveWords,
	keepWords,
	movingWords,
	peopleWords,
	phoneWords,
	pinWords,
	planWords,
	rareWords,
	reportWords,
	roomWords,
	selfWords,
	valueWords,
	words,
} from '.';
import { language } from './locale';
import { number, plural } from './say';

/** What a compiled catalogue gives, once it is given how to choose a plural and write a number. */
type Made = Partial<Record<keyof typeof shells, object>>;
export interface Compiled {
	default: (choose: typeof plural, write: typeof number) => Made;
}

declare global {
	/** The page's head says for each language its direction and the addresses of its three catalogues. */
	var kithWords: Record<string, readonly [dir: string, first: string, rooms: string, rare: string]>;
}

const shells = {
	first: words,
	rooms: roomWords,
	values: valueWords,
	pin: pinWords,
	phone: phoneWords,
	people: peopleWords,
	rare: rareWords,
	help: helpWords,
	plan: planWords,
	self: selfWords,
	leave: leaveWords,
	keep: keepWords,
	find: findWords,
	belong: belongWords,
	report: reportWords,
	moving: movingWords,
};
const PLACES: Record<Tier, 1 | 2 | 3> = { first: 1, rooms: 2, rare: 3 };
const coming = new Map<Tier, Promise<void>>();

/** Where a language's words of one tier are. */
export function addressOf(of: string, tier: Tier): string {
	return globalThis.kithWords[of]?.[PLACES[tier]] ?? '';
}

/** Takes compiled words as those that the page says. */
export function take(compiled: Compiled): void {
	const made = compiled.default(plural, number);
	for (const part of Object.keys(made) as (keyof typeof shells)[]) Object.assign(shells[part], made[part]);
}

/** Brings the words of a tier; when that fails it is tried again by whoever asks next. */
export function bring(tier: Tier): Promise<void> {
	let came = coming.get(tier);
	if (!came)
		coming.set(
			tier,
			(came = (import(/* @vite-ignore */ addressOf(language, tier)) as Promise<Compiled>).then(take)),
		);
	came.catch(() => {
		coming.delete(tier);
		// The page's head hears of it, and mends what is missing.
		globalThis.dispatchEvent?.(new Event('vite:preloadError'));
	});
	return came;
}

/** Code of the rooms, with its words; from then on more is said of problems. */
export async function withRooms<T>(code: () => Promise<T>, more?: Promise<void>): Promise<T> {
	const [came, { tellCases }] = await Promise.all([code(), import('../state/cases'), bring('rooms'), more]);
	tellCases();
	return came;
}

/** Code for rare days, with its words. */
export function withRare<T>(code: () => Promise<T>): Promise<T> {
	return withRooms(code, bring('rare'));
}

/** For a piece of a screen: one that a cut took is not shown, and the page's head, which heard of it, begins the page anew. */
export function patiently<T>(coming: Promise<T>): Promise<T> {
	return coming.catch(() => new Promise<never>(() => {}));
}
