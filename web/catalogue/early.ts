/** What a chunk says must come with it: nothing on the first screen says what comes after it, and so on. */
import { TIERS, type Tier } from './tiers';
import type { Use } from './uses';

/** What is asked of a chunk. */
interface Chunk {
	type: string;
	fileName: string;
	name?: string | undefined;
	isEntry?: boolean;
	imports?: string[];
	moduleIds?: string[];
}

/** The chunks for days of their own, with whose code the words of rare days are fetched (`withRare`). */
const RARE = ['more', 'self', 'life'];

const tierOf = (path: string): Tier | undefined =>
	(Object.keys(TIERS) as Tier[]).find((tier) =>
		(TIERS[tier] as readonly string[]).includes(path.replace(/\..*/, '')),
	);

/** Faults: sentences that may not be there yet when their chunk runs. */
export function tooEarly(
	bundle: Record<string, Chunk>,
	usesIn: (module: string) => readonly Use[],
): string[] {
	const first = new Set<string>();
	const reach = (name: string): void => {
		if (first.has(name)) return;
		first.add(name);
		for (const below of bundle[name]?.imports ?? []) reach(below);
	};
	for (const chunk of Object.values(bundle)) if (chunk.isEntry) reach(chunk.fileName);
	return Object.values(bundle).flatMap((chunk) => {
		if (chunk.type !== 'chunk' || RARE.includes(chunk.name ?? '')) return [];
		const may: Tier[] = first.has(chunk.fileName) ? ['first'] : ['first', 'rooms'];
		return (chunk.moduleIds ?? []).flatMap(usesIn).flatMap(({ path, file }) => {
			const tier = tierOf(path);
			return tier === undefined || may.includes(tier)
				? []
				: [`${file}: ${path} comes with the words "${tier}", and ${chunk.fileName} before them`];
		});
	});
}
