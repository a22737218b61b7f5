/** Which parts come together, as one module a language: what the first screen says, what the rooms say, and the rest. */
export const TIERS = {
	first: ['first'],
	rooms: ['rooms', 'values', 'pin'],
	rare: [
		'phone',
		'people',
		'rare',
		'help',
		'plan',
		'self',
		'leave',
		'keep',
		'find',
		'belong',
		'report',
		'moving',
	],
} as const;

/**
 * Parts whose screens are not mounted yet: they are checked like all others, and no module has them. The build fails once
 * something says a sentence of theirs, so that they are taken out of here together with that.
 */
export const WAITING: readonly string[] = ['moving'];

export type Tier = keyof typeof TIERS;

/** The part that no module has: the build puts it into pages and files of its own. */
export const OUTSIDE = 'outside';
